// Which waiting article goes next: ranks share by odds, so that a reader comes first and nobody starves; within a rank owners take
// turns, and each owner's nearest article is taken. Pure.

import type { ArticleDemand, ArticleRank } from '../article.js';

/** Turns that each rank gets when all of them wait. */
const WEIGHTS: Readonly<Record<ArticleRank, number>> = { play: 64, ahead: 16, prepare: 8, background: 1 };
const RANKS: readonly ArticleRank[] = ['play', 'ahead', 'prepare', 'background'];

/** A waiting article with its urgency as read now. */
export interface Candidate<T> {
  readonly item: T;
  readonly owner: object;
  readonly rank: ArticleRank;
  readonly distance: number;
}

export function candidateOf<T>(item: T, demand: ArticleDemand): Candidate<T> {
  const { rank, distance } = demand.urgency();
  return { item, owner: demand.owner, rank, distance };
}

/**
 * Weighted fair queueing over ranks: each turn of a rank takes 1/weight of a time of its own, and the turn that would end first is
 * next. A rank that was silent is owed one turn for that, not more.
 */
export class DispatchOrder {
  /** When the last turn of a rank ended. */
  readonly #ends: Record<ArticleRank, number> = { play: 0, ahead: 0, prepare: 0, background: 0 };
  readonly #served = new WeakMap<object, number>();
  #now = 0;
  #turn = 0;

  /** Takes the next candidate out of the list. Proportional to its length. */
  take<T>(candidates: Candidate<T>[]): Candidate<T> | null {
    const rank = this.#nextRank(candidates);
    if (rank === null) return null;
    let best = -1;
    candidates.forEach((candidate, position) => {
      const rival = candidates[best];
      if (candidate.rank === rank && (rival === undefined || this.#isBefore(candidate, rival))) best = position;
    });
    const [chosen] = candidates.splice(best, 1);
    return chosen ?? null;
  }

  /** Charges a rank and an owner for a turn that was used. */
  used({ rank, owner }: Pick<Candidate<unknown>, 'rank' | 'owner'>): void {
    const begin = this.#beginOf(rank);
    this.#now = Math.max(this.#now, begin);
    this.#ends[rank] = begin + 1 / WEIGHTS[rank];
    this.#turn += 1;
    this.#served.set(owner, this.#turn);
  }

  #nextRank(candidates: readonly Candidate<unknown>[]): ArticleRank | null {
    const present = new Set(candidates.map(({ rank }) => rank));
    let next: ArticleRank | null = null;
    let nextEnd = Infinity;
    for (const rank of RANKS) {
      const end = this.#beginOf(rank) + 1 / WEIGHTS[rank];
      if (present.has(rank) && end < nextEnd) [next, nextEnd] = [rank, end];
    }
    return next;
  }

  #beginOf(rank: ArticleRank): number {
    return Math.max(this.#ends[rank], this.#now - 1 / WEIGHTS[rank]);
  }

  #isBefore(one: Candidate<unknown>, other: Candidate<unknown>): boolean {
    if (one.owner === other.owner) return one.distance < other.distance;
    return (this.#served.get(one.owner) ?? 0) < (this.#served.get(other.owner) ?? 0);
  }
}
