// The releases of a title in the order this viewer wants them: what the list shows, and what is tried next when one of
// them does not play. Asks discovery; prepares nothing.

import type { Candidate, DiscoveryNote, Ranking, SearchOptions, SearchWish } from '../../backend/discovery/index.js';
import { rankCandidates, wishWithFacts } from '../../backend/discovery/index.js';
import type { EpisodeFacts } from '../../backend/naming/index.js';
import { runInTurns } from '../../backend/platform/index.js';
import type { AddonDeps } from '../addon-deps.js';
import { takeReadiness, type Readiness } from './readiness.js';

export type TitleListsDeps = Pick<AddonDeps, 'discovery' | 'jobs' | 'preferences' | 'torrents'>;

/** One title's list. */
export interface TitleList {
  /** What was wished, with what is known of it: what a candidate without a known file is prepared for. */
  readonly wish: SearchWish;
  /** Of the first episode of a season: the one it comes after; null elsewhere, and where that is not known. */
  readonly follows: NonNullable<EpisodeFacts['follows']> | null;
  /** The best first. */
  readonly candidates: readonly Candidate[];
  /** Why others are not among them. */
  readonly leftOut: Ranking['leftOut'];
  readonly notes: readonly DiscoveryNote[];
  readonly isReady: Readiness;
}

export class TitleLists {
  constructor(private readonly deps: TitleListsDeps) {}

  /** @throws the signal's reason */
  async find(wish: SearchWish, options: SearchOptions): Promise<TitleList> {
    const { candidates, title, notes } = await this.deps.discovery.find(wish, options);
    const isReady = takeReadiness(this.deps);
    const ranking = rankCandidates(candidates, {
      preferences: this.deps.preferences(),
      title,
      isReady: (candidate) => isCandidateReady(candidate, isReady),
    });
    const ranked = await runInTurns(ranking, options);
    this.deps.discovery.follow(ranked.candidates);
    return { wish: wishWithFacts(wish, title), follows: title?.episode?.follows ?? null, ...ranked, notes, isReady };
  }
}

/** Whether pressing it plays at once. */
export function isCandidateReady({ contentId, file }: Candidate, isReady: Readiness): boolean {
  return contentId !== null && file !== null && isReady(contentId, file);
}
