// The line that says why a list is short or empty, and where to mend it. Pure; never a video.

import type { DiscoveryNote, LeftOutReason, Ranking } from '../../backend/discovery/index.js';

export interface ListNoteOptions {
  readonly notes: readonly DiscoveryNote[];
  readonly leftOut: Ranking['leftOut'];
  /** Streams that are listed. */
  readonly count: number;
}

/** Names of indexers in one line; more are a number. */
const MAX_NAMES = 3;
/** What somebody has to do something about, however long the list is. */
const WANTS_HELP = /^(?:INDEXER_AUTH|INDEXER_INVALID)$/;

const REASONS: Readonly<Record<LeftOutReason, string>> = {
  dead: 'does not play',
  resolution: 'resolution',
  tooLarge: 'too large',
  bitrate: 'bitrate too high',
  quality: 'quality',
  codec: 'codec',
  hdr: 'HDR',
  dolbyVision: 'Dolby Vision',
  language: 'language',
  word: 'words in the name',
  perResolution: 'enough of this resolution',
  tooMany: 'the list is long enough',
};

/** Why a release is not listed, in a few words. */
export function formatLeftOutReason(reason: LeftOutReason): string {
  return REASONS[reason];
}

/** Lines for people, or null where nothing needs to be said. */
export function formatListNote({ notes, leftOut, count }: ListNoteOptions): string | null {
  const failed = notes.flatMap((note) => (note.kind === 'indexer-failed' ? [note] : []));
  if (count > 0) {
    const broken = failed.filter(({ code }) => WANTS_HELP.test(code));
    return broken.length === 0 ? null : `${namesOf(broken)}: ${broken[0]?.message ?? ''}\nOpen this to mend it.`;
  }
  const lines = [
    ...notes.flatMap((note) => textOf(note.kind) ?? []),
    waitingLine(notes),
    ...failed.slice(0, MAX_NAMES).map(({ indexer, message }) => `${indexer}: ${message}`),
    leftOutLine(leftOut),
  ].filter((line) => line !== null);
  return lines.length === 0 ? 'Nothing was found for this title.' : lines.join('\n');
}

function textOf(kind: DiscoveryNote['kind']): string | null {
  switch (kind) {
    case 'no-indexers':
      return 'Nothing here for this title yet.\nOpen films and what is in your library play; open this to add an indexer.';
    case 'title-waiting':
      return 'This title is still being looked up. Open it again in a moment.';
    case 'title-unknown':
      return 'Nobody knows this title, so it cannot be searched for.';
    case 'title-unreachable':
      return 'The title could not be looked up: the metadata address does not answer.';
    case 'indexer-waiting':
    case 'indexer-failed':
    case 'others':
      return null;
  }
}

function waitingLine(notes: readonly DiscoveryNote[]): string | null {
  const waiting = notes.flatMap((note) => (note.kind === 'indexer-waiting' ? [note] : []));
  return waiting.length === 0 ? null : `Still searching: ${namesOf(waiting)}. Open this title again in a moment.`;
}

function leftOutLine(leftOut: Ranking['leftOut']): string | null {
  const reasons = [...leftOut];
  if (reasons.length === 0) return null;
  const total = reasons.reduce((sum, [, count]) => sum + count, 0);
  return `${total} left out by your preferences: ${reasons.map(([reason, count]) => `${formatLeftOutReason(reason)} (${count})`).join(', ')}`;
}

function namesOf(notes: readonly { readonly indexer: string }[]): string {
  const names = notes.slice(0, MAX_NAMES).map(({ indexer }) => indexer);
  const more = notes.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
