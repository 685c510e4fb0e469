// Prepares the next episode while one is watched: Stremio asks for its list when an episode starts, and plays on with the
// stream of the same binge group. It asks before the episode's first bytes are there, or after: either order counts. Only
// what nothing else needs is spent on it. Several may watch one series: each episode counts by itself. Bounded: 100 episodes
// remembered, and the last lists of 20 titles; one preparation per list.

import { LRUCache } from 'lru-cache';
import type { EpisodeWish } from '../../backend/content/index.js';
import type { Candidate, SearchWish } from '../../backend/discovery/index.js';
import type { Clock, Logger } from '../../backend/platform/index.js';
import type { AddonJobs } from '../addon-deps.js';
import { targetOf } from './alternatives.js';
import type { PlayTarget } from './play-target.js';

export interface NextEpisodesOptions {
  readonly jobs: Pick<AddonJobs, 'prepare'>;
  readonly isEnabled: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The list of a film or an episode, as it was shown. */
export interface ListedTitle {
  readonly wish: SearchWish;
  /** Of the first episode of a season: the one it comes after; null elsewhere, and where that is not known. */
  readonly follows: EpisodeNumbers | null;
  readonly candidates: readonly { readonly candidate: Candidate; readonly bingeGroup: string }[];
}

type EpisodeNumbers = Pick<EpisodeWish, 'season' | 'episode'>;

interface Watched {
  readonly titleId: string;
  readonly episode: EpisodeNumbers;
  readonly bingeGroup: string;
  readonly atMs: number;
}

const MAX_WATCHED = 100;
const MAX_LISTS = 20;
/** A player gives up on what has not begun by then. */
const LISTED_FOR_MS = 2 * 60e3;
/** Somebody who began longer ago is not watching that episode any more. */
const WATCHED_FOR_MS = 4 * 3600e3;

export class NextEpisodes {
  readonly #watched = new LRUCache<string, Watched>({ max: MAX_WATCHED });
  /** The last list of a title, until it led to a preparation. */
  readonly #listed = new LRUCache<string, { readonly title: ListedTitle; readonly atMs: number }>({ max: MAX_LISTS });

  constructor(private readonly o: NextEpisodesOptions) {}

  /** Bytes of this go out to a player. Cheap: called for every request. */
  noteStarted({ wish, bingeGroup }: PlayTarget): void {
    if (wish?.episode === undefined || bingeGroup === null) return;
    const { titleId, episode } = wish;
    const now = this.o.clock.now();
    this.#watched.set(`${titleId}:${episode.season}:${episode.episode}`, { titleId, episode, bingeGroup, atMs: now });
    const listed = this.#listed.get(titleId);
    if (listed !== undefined && now < listed.atMs + LISTED_FOR_MS) this.#prepareNext(listed.title);
  }

  /** A list was made: where it is the one after what is watched, its stream of the same group is prepared behind it. */
  noteListed(title: ListedTitle): void {
    if (!this.o.isEnabled || title.wish.episode === undefined) return;
    this.#listed.set(title.wish.titleId, { title, atMs: this.o.clock.now() });
    this.#prepareNext(title);
  }

  #prepareNext({ wish, follows, candidates }: ListedTitle): void {
    if (wish.episode === undefined) return;
    const watched = this.#watchedBefore(wish.titleId, wish.episode, follows);
    if (watched === undefined) return;
    this.#listed.delete(wish.titleId);
    const next = candidates.find(({ bingeGroup }) => bingeGroup === watched.bingeGroup);
    if (next === undefined || next.candidate.health.state === 'dead') return;
    const { request } = targetOf(next.candidate, wish, next.bingeGroup);
    this.o.jobs.prepare({ ...request, priority: 'background' }).then(
      ({ id }) => this.o.log.debug({ jobId: id }, 'The next episode is prepared'),
      (error: unknown) => this.o.log.debug({ err: error }, 'The next episode could not be prepared'),
    );
  }

  /** The one that was begun last, where several watch what comes before it. */
  #watchedBefore(titleId: string, wished: EpisodeNumbers, follows: EpisodeNumbers | null): Watched | undefined {
    const beganAfterMs = this.o.clock.now() - WATCHED_FOR_MS;
    return [...this.#watched.values()].find((watched) => {
      return watched.titleId === titleId && watched.atMs > beganAfterMs && isNext(watched.episode, wished, follows);
    });
  }
}

/** The first of the next season comes after the last of this one; where nobody knows which that is, it may be any. */
function isNext(watched: EpisodeNumbers, wished: EpisodeNumbers, follows: EpisodeNumbers | null): boolean {
  if (wished.season === watched.season && wished.episode === watched.episode + 1) return true;
  if (follows !== null) return follows.season === watched.season && follows.episode === watched.episode;
  return wished.season === watched.season + 1 && wished.episode === 1;
}
