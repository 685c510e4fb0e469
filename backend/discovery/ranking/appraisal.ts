// What filters and order look at, read once per candidate. Knows no preference.

import type { ReleaseName, TitleFacts } from '../../naming/index.js';
import type { Candidate } from '../candidate.js';
import { resolutionClassOf, spokenLanguagesOf, type ResolutionClass, type SpokenLanguages } from './classes.js';
import { plainWords } from './plain-words.js';
import { kindOf, type ReleaseKind } from './release-kind.js';

/** What ranking needs to know of a title. */
export type RankedTitle = Pick<TitleFacts, 'kind' | 'runtimeMinutes'>;

export interface Appraisal {
  readonly candidate: Candidate;
  /** It plays at once. */
  readonly isReady: boolean;
  /** It was tried or counted in vain, and is not here all the same. */
  readonly isDead: boolean;
  readonly kind: ReleaseKind;
  /** An episode of a series, not a film. */
  readonly isEpisode: boolean;
  readonly resolution: ResolutionClass;
  readonly languages: SpokenLanguages;
  /** Of the film or the one episode; null where it cannot be told. */
  readonly sizeBytes: number | null;
  /** Bits per second; null where size or running time cannot be told. */
  readonly bitrate: number | null;
  /** The release's name as plain words. */
  readonly words: string;
}

/** Looks a candidate over. Where the title is not known, the release's name tells whether it is an episode. */
export function appraise(candidate: Candidate, title: RankedTitle | null, isReady: boolean): Appraisal {
  const { facts, source, health } = candidate;
  const sizeBytes = playedBytes(candidate);
  return {
    candidate,
    isReady,
    isDead: health.state === 'dead' && !isReady,
    kind: kindOf(source),
    isEpisode: title === null ? namesEpisodes(facts) : title.kind === 'series',
    resolution: resolutionClassOf(facts),
    languages: spokenLanguagesOf(facts),
    sizeBytes,
    bitrate: bitrateOf(sizeBytes, title?.runtimeMinutes ?? null),
    words: plainWords(candidate.releaseName),
  };
}

/**
 * The size of what would be played: its file, else the release. Of a pack whose files are not known, one episode's share
 * where its name says how many there are, else null.
 */
function playedBytes({ file, sizeBytes, isPack, facts }: Candidate): number | null {
  if (file !== null) return file.sizeBytes;
  if (!isPack || sizeBytes === null) return sizeBytes;
  const episodes = new Set(facts.episodes).size;
  return episodes > 1 && facts.seasons.length <= 1 ? Math.round(sizeBytes / episodes) : null;
}

function bitrateOf(sizeBytes: number | null, runtimeMinutes: number | null): number | null {
  if (sizeBytes === null || runtimeMinutes === null || runtimeMinutes <= 0) return null;
  return (sizeBytes * 8) / (runtimeMinutes * 60);
}

function namesEpisodes({ seasons, episodes }: ReleaseName): boolean {
  return seasons.length > 0 || episodes.length > 0;
}
