// One article on its way for several who want it: as urgent as the most urgent of them, ended when the last has left.

import type { ArticleDemand, ArticleRank, ArticleUrgency, FetchOptions } from '../article.js';
import type { ArticleHold, HeldArticle } from './article-memory.js';

interface Waiter {
  readonly demand: ArticleDemand;
  readonly resolve: (held: HeldArticle) => void;
  readonly reject: (reason: unknown) => void;
}

const RANKS: readonly ArticleRank[] = ['play', 'ahead', 'prepare', 'background'];
const NOBODY: ArticleDemand = { owner: {}, urgency: () => ({ rank: 'background', distance: Number.MAX_SAFE_INTEGER }) };

/** Bounded by its callers: each waiter is one pending `join`. */
export class SharedFetch {
  readonly #waiters = new Set<Waiter>();
  readonly #controller = new AbortController();

  /** `ended` is called when the work is done, and when nobody wants it any more. */
  constructor(private readonly ended: () => void) {}

  /** Begins; `work` gives a hold of its own, which is shared out to all who wait. After the first `join`. */
  start(work: (options: FetchOptions) => Promise<ArticleHold>): void {
    const demand = mergedDemand(() => this.#mostUrgent());
    work({ demand, signal: this.#controller.signal }).then(
      (hold) => {
        this.ended();
        for (const waiter of this.#take()) waiter.resolve(hold.share());
        hold.release();
      },
      (error: unknown) => {
        this.ended();
        for (const waiter of this.#take()) waiter.reject(error);
      },
    );
  }

  /** Waits for it. Rejects with the caller's own reason when its signal comes first. */
  join({ demand, signal }: FetchOptions): Promise<HeldArticle> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiters.delete(waiter);
        reject(signal.reason as Error);
        if (this.#waiters.size === 0) this.abort(signal.reason);
      };
      const done = (): void => signal.removeEventListener('abort', leave);
      const waiter: Waiter = {
        demand,
        resolve: (held) => (done(), resolve(held)),
        reject: (reason) => (done(), reject(reason)),
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiters.add(waiter);
    });
  }

  /** Ends the work; who still waits is told `reason`. */
  abort(reason: unknown): void {
    this.ended();
    this.#controller.abort(reason);
    for (const waiter of this.#take()) waiter.reject(reason);
  }

  #take(): Waiter[] {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    return waiters;
  }

  #mostUrgent(): ArticleDemand {
    let best = NOBODY;
    for (const { demand } of this.#waiters) {
      if (this.#waiters.size === 1) return demand;
      if (best === NOBODY || isMoreUrgent(demand.urgency(), best.urgency())) best = demand;
    }
    return best;
  }
}

function mergedDemand(mostUrgent: () => ArticleDemand): ArticleDemand {
  return {
    get owner() {
      return mostUrgent().owner;
    },
    urgency: () => mostUrgent().urgency(),
  };
}

function isMoreUrgent(one: ArticleUrgency, other: ArticleUrgency): boolean {
  const byRank = RANKS.indexOf(one.rank) - RANKS.indexOf(other.rank);
  return byRank < 0 || (byRank === 0 && one.distance < other.distance);
}
