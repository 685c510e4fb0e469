// How many have a torrent, as its trackers count them: asked for in the background once a list was made, there for the next
// one. Bounds: 10 minutes, 5000 torrents, the least recently wanted are forgotten; 1000 wait, more are not counted this time.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { InfoHash } from '../../content/index.js';
import { mapAtMost, type Clock, type Logger } from '../../platform/index.js';
import { planScrapes, trackerKey, type ScrapePlan, type SwarmWish } from './plan-scrapes.js';

/** What trackers say; the engine's own form fits. */
export interface CountedSwarm {
  readonly seeders: number;
  readonly leechers: number;
}

export interface SwarmCountsOptions {
  /** What one tracker says of at most `maxTorrents`; what it says nothing of is left out. Rejects where it says nothing. */
  readonly scrape: (
    tracker: string,
    infoHashes: readonly InfoHash[],
    options: { readonly signal: AbortSignal },
  ) => Promise<ReadonlyMap<InfoHash, CountedSwarm>>;
  readonly maxTorrents: number;
  /** False for a tracker never to be used. */
  readonly allowsTracker: (tracker: string) => boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What one of the trackers that were asked said; null where it said nothing. */
interface Answer {
  readonly tracker: string;
  readonly count: CountedSwarm | null;
}

const KEPT_MS = 10 * 60e3;
const MAX_TORRENTS = 5000;
const MAX_WAITING = 1000;
/** Of one round. */
const MAX_REQUESTS = 24;
const MAX_AT_ONCE = 4;
/** So long a tracker that did not answer is left alone; the first to rest are asked again when so many do. */
const REST_MS = 10 * 60e3;
const MAX_RESTING = 500;

export class SwarmCounts {
  /** Null for what nobody could tell: it is not asked for again so soon either. */
  readonly #counts = new LRUCache<InfoHash, { readonly count: CountedSwarm | null; readonly atMs: number }>({
    max: MAX_TORRENTS,
  });
  readonly #waiting = new Map<InfoHash, SwarmWish>();
  readonly #resting = new LRUCache<string, number>({ max: MAX_RESTING });
  readonly #life = new AbortController();
  #rounds: Promise<void> | null = null;

  constructor(private readonly o: SwarmCountsOptions) {}

  /** Of the last 10 minutes; null where nobody counted. */
  countOf(infoHash: InfoHash): CountedSwarm | null {
    return this.#latest(infoHash)?.count ?? null;
  }

  /** Counts those that were not counted lately, in the background. */
  want(wishes: readonly SwarmWish[]): void {
    if (this.#life.signal.aborted) return;
    for (const wish of wishes) {
      const isDue = this.#latest(wish.infoHash) === null && !this.#waiting.has(wish.infoHash);
      if (isDue && this.#waiting.size < MAX_WAITING) this.#waiting.set(wish.infoHash, wish);
    }
    // The list that is being made goes first.
    this.#rounds ??= nextTurn()
      .then(() => this.#countAll())
      .finally(() => (this.#rounds = null));
  }

  /** Ends what is under way. Idempotent. */
  async close(): Promise<void> {
    this.#life.abort();
    this.#waiting.clear();
    await this.#rounds;
  }

  #latest(infoHash: InfoHash): { readonly count: CountedSwarm | null } | null {
    const kept = this.#counts.get(infoHash);
    return kept !== undefined && this.o.clock.now() < kept.atMs + KEPT_MS ? kept : null;
  }

  async #countAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const wishes = this.#usable([...this.#waiting.values()]);
      const { maxTorrents } = this.o;
      const plans = planScrapes(wishes, { maxTorrents, maxRequests: MAX_REQUESTS });
      const answers = new Map<InfoHash, Answer[]>(wishes.map(({ infoHash }) => [infoHash, []]));
      await mapAtMost(MAX_AT_ONCE, plans, (plan) => this.#ask(plan, answers));
      if (this.#life.signal.aborted) return;
      for (const wish of wishes) this.#keep(wish, answers.get(wish.infoHash) ?? []);
    }
  }

  /** With the trackers that may be asked now, each looked at once: many torrents name the same ones. */
  #usable(wishes: readonly SwarmWish[]): SwarmWish[] {
    const seen = new Map<string, readonly string[]>();
    const keyOf = (tracker: string): readonly string[] => {
      const isUsable = this.o.allowsTracker(tracker) && !this.#rests(tracker);
      return isUsable ? [trackerKey(tracker)] : [];
    };
    const usable = (trackers: readonly string[]): string[] =>
      trackers.flatMap((tracker) => {
        const key = seen.get(tracker) ?? keyOf(tracker);
        seen.set(tracker, key);
        return key;
      });
    return wishes.map(({ infoHash, own, wider }) => ({ infoHash, own: usable(own), wider: usable(wider) }));
  }

  #rests(tracker: string): boolean {
    return this.o.clock.now() < (this.#resting.get(trackerKey(tracker)) ?? 0);
  }

  /** Never rejects. */
  async #ask({ tracker, infoHashes }: ScrapePlan, answers: ReadonlyMap<InfoHash, Answer[]>): Promise<void> {
    const { scrape, clock, log } = this.o;
    const { signal } = this.#life;
    const counts = await scrape(tracker, infoHashes, { signal }).catch((err: unknown) => {
      if (signal.aborted) return null;
      this.#resting.set(tracker, clock.now() + REST_MS);
      log.debug({ err, host: new URL(tracker).hostname }, 'A tracker does not tell how many there are');
      return null;
    });
    for (const infoHash of infoHashes) answers.get(infoHash)?.push({ tracker, count: counts?.get(infoHash) ?? null });
  }

  #keep({ infoHash, own }: SwarmWish, answers: readonly Answer[]): void {
    this.#counts.set(infoHash, { count: combine(answers, own), atMs: this.o.clock.now() });
    this.#waiting.delete(infoHash);
  }
}

/**
 * Each tracker knows a part of the swarm: the largest part counts. That nobody seeds is believed only when all who were asked
 * said so, one of the torrent's own trackers among them.
 */
function combine(answers: readonly Answer[], own: readonly string[]): CountedSwarm | null {
  const counts = answers.flatMap(({ count }) => count ?? []);
  const seeders = Math.max(0, ...counts.map((count) => count.seeders));
  const leechers = Math.max(0, ...counts.map((count) => count.leechers));
  const isCertain = counts.length === answers.length && answers.some(({ tracker }) => own.includes(tracker));
  return seeders > 0 || isCertain ? { seeders, leechers } : null;
}
