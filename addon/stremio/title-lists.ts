// The releases of a title in the order this viewer wants them: what the list shows, and what is tried next when one of
// them does not play. Asks discovery; prepares nothing.

import type {
  Candidate,
  DiscoveryNote,
  KnownRelease,
  Ranking,
  SearchOptions,
  SearchWish,
} from '../../backend/discovery/index.js';
import type { ReleaseFile } from '../../backend/content/index.js';
import { formatSourceIdentity, rankCandidates, wishWithFacts } from '../../backend/discovery/index.js';
import type { EpisodeFacts } from '../../backend/naming/index.js';
import { runInTurns } from '../../backend/platform/index.js';
import type { AddonDeps } from '../addon-deps.js';
import { findOwnListedFile } from '../subtitles/listed-episode.js';
import { takeReadiness, type Readiness } from './readiness.js';

export type TitleListsDeps = Pick<AddonDeps, 'discovery' | 'jobs' | 'preferences' | 'torrents'> & {
  readonly access: Pick<AddonDeps['access'], 'sourceId'>;
  readonly listedSources: Pick<AddonDeps['listedSources'], 'listedFor'>;
};

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
    const { candidates, title, notes } = await this.deps.discovery.find(wish, {
      ...options,
      listedFile: this.#listedFile(wish),
    });
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

  /** What was listed is looked up once, and only where it is asked for. */
  #listedFile({ titleId, episode }: SearchWish): (release: KnownRelease) => ReleaseFile | null {
    if (episode === undefined) return () => null;
    const { access, listedSources } = this.deps;
    let listed: ReturnType<typeof listedSources.listedFor> | null = null;
    return (release) => {
      listed ??= listedSources.listedFor(titleId, episode);
      return findOwnListedFile(release, episode, {
        sourceId: access.sourceId(formatSourceIdentity(release.source)),
        listed,
      });
    };
  }
}

/** Whether pressing it plays at once. */
export function isCandidateReady({ contentId, file }: Candidate, isReady: Readiness): boolean {
  return contentId !== null && file !== null && isReady(contentId, file);
}
