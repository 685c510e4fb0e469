// How a list would look with these preferences, shown on an example: ranked and written as the real ones are. Pure.

import { rankCandidates, type Candidate, type Ranking } from '../../backend/discovery/index.js';
import { runAtOnce } from '../../backend/platform/index.js';
import type { Preferences } from '../../manifest/index.js';
import { formatLeftOutReason } from '../stremio/list-note.js';
import { createStreamObject, type StreamObject } from '../stremio/stream-object.js';
import { exampleOf, type Example, type ExampleKind } from './example-releases.js';

/** A list as Stremio shows it, and what is missing from it. */
export interface ListPreview {
  /** Best first. */
  readonly streams: readonly Pick<StreamObject, 'name' | 'description'>[];
  /** `reason` is for people. */
  readonly leftOut: readonly { readonly release: string; readonly reason: string }[];
}

/** With the streams' lines it has every release of the example once. */
export function previewList(preferences: Preferences, kind: ExampleKind): ListPreview {
  const example = exampleOf(kind);
  const { candidates } = rank(example.candidates, preferences, example);
  const listed = new Set(candidates);
  return {
    streams: candidates.map((candidate) => lineOf(candidate, preferences, example)),
    leftOut: example.candidates
      .filter((candidate) => !listed.has(candidate))
      .map((candidate) => ({ release: candidate.releaseName, reason: reasonFor(candidate, preferences, example) })),
  };
}

function rank(candidates: readonly Candidate[], preferences: Preferences, { title, isReady }: Example): Ranking {
  return runAtOnce(rankCandidates(candidates, { preferences, title, isReady }));
}

/** What is listed when it is alone had to make room for others. */
function reasonFor(candidate: Candidate, preferences: Preferences, example: Example): string {
  const [reason] = rank([candidate], preferences, example).leftOut.keys();
  return reason === undefined ? 'enough better ones are listed' : formatLeftOutReason(reason);
}

function lineOf(
  candidate: Candidate,
  { namesForAioStreams }: Preferences,
  { isReady }: Example,
): ListPreview['streams'][number] {
  const { name, description } = createStreamObject(candidate, {
    url: '',
    isReady: isReady(candidate),
    subtitles: [],
    videoHash: null,
    hasAioStreamsName: namesForAioStreams,
  });
  return { name, description };
}
