// From everything that was found to the list a viewer sees: what they do not want is left out, the rest is ordered. Pure.

import type { Preferences } from '../../../manifest/index.js';
import { mapInSteps, type Steps } from '../../platform/index.js';
import type { Candidate } from '../candidate.js';
import { appraise, type Appraisal, type RankedTitle } from './appraisal.js';
import { createFilter, type LeftOutReason } from './filter-candidates.js';
import { orderAppraisals } from './order-candidates.js';

export interface RankOptions {
  readonly preferences: Preferences;
  /** Null where it is not known: then running time is not used, and names tell what is an episode. */
  readonly title: RankedTitle | null;
  /** Whether it plays at once; asked once per candidate. */
  readonly isReady: (candidate: Candidate) => boolean;
}

export interface Ranking {
  /** Best first. */
  readonly candidates: readonly Candidate[];
  /** How many are missing for which reason, the most frequent first; with `candidates` they add up to what was given. */
  readonly leftOut: ReadonlyMap<LeftOutReason, number>;
}

/**
 * The list. First what the preferences leave out goes, each candidate for one reason. The rest is ordered by, in turn:
 *
 * 1. what plays at once (unless the viewer does not want that);
 * 2. what may play; then torrents without a single seeder; then what is known to be dead;
 * 3. resolution, from large to small;
 * 4. torrents or Usenet, whichever the viewer wants first;
 * 5. language, in the viewer's order; then several languages; then what tells none (taken as English); then others;
 * 6. HDR first or last, as the viewer wants;
 * 7. how many of the preferred words the name holds;
 * 8. health: known to be complete (Usenet counts as that until known otherwise), unknown, known to be incomplete;
 * 9. how it was made: remux, Blu-ray, web, HDTV, DVD, unknown, screener, cam;
 * 10. seeders, roughly: 100 and more (and all that is no torrent), 20–99, 5–19, 1–4, none or not counted;
 * 11. size, the larger first;
 * 12. name, then source: only so that the order is always the same.
 *
 * Last, no more than `maxPerResolution` of a resolution and `maxStreams` in all are kept, the best ones. A candidate is a few steps.
 */
export function* rankCandidates(candidates: readonly Candidate[], options: RankOptions): Steps<Ranking> {
  const { preferences, title, isReady } = options;
  const reasonFor = createFilter(preferences);
  const leftOut = new Map<LeftOutReason, number>();
  const leaveOut = (reason: LeftOutReason): void => void leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);

  const looked = yield* mapInSteps(candidates, (candidate) => {
    const appraisal = appraise(candidate, title, isReady(candidate));
    return { appraisal, reason: reasonFor(appraisal) };
  });
  for (const { reason } of looked) if (reason !== null) leaveOut(reason);
  const wanted = looked.filter(({ reason }) => reason === null).map(({ appraisal }) => appraisal);
  const kept = keepBest(yield* orderAppraisals(wanted, preferences), preferences, leaveOut);
  const counts = [...leftOut].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return { candidates: kept.map(({ candidate }) => candidate), leftOut: new Map(counts) };
}

function keepBest(
  ordered: readonly Appraisal[],
  { maxPerResolution, maxStreams }: Preferences,
  leaveOut: (reason: LeftOutReason) => void,
): Appraisal[] {
  const perResolution = new Map<string, number>();
  const kept: Appraisal[] = [];
  for (const appraisal of ordered) {
    const same = perResolution.get(appraisal.resolution) ?? 0;
    if (maxPerResolution > 0 && same >= maxPerResolution) leaveOut('perResolution');
    else if (kept.length >= maxStreams) leaveOut('tooMany');
    else {
      perResolution.set(appraisal.resolution, same + 1);
      kept.push(appraisal);
    }
  }
  return kept;
}
