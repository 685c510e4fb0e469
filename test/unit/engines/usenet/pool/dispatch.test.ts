import { describe, expect, it } from '@jest/globals';
import type { ArticleRank } from '../../../../../backend/engines/usenet/article.js';
import { DispatchOrder, candidateOf } from '../../../../../backend/engines/usenet/pool/dispatch.js';
import type { Candidate } from '../../../../../backend/engines/usenet/pool/dispatch.js';

const reader = {};

function waiting(rank: ArticleRank, distance = 0, owner: object = reader): Candidate<string> {
  return candidateOf(`${rank} ${distance}`, { owner, urgency: () => ({ rank, distance }) });
}

/** What goes, in order, while `refill` keeps something of each waiting. */
function turns(order: DispatchOrder, count: number, refill: () => Candidate<string>[]): Candidate<string>[] {
  return Array.from({ length: count }, () => {
    const next = order.take(refill());
    if (next === null) throw new Error('nothing waits');
    order.used(next);
    return next;
  });
}

describe('dispatch order', () => {
  it('ranks - go in their order when each asks once', () => {
    const candidates = [waiting('background'), waiting('prepare'), waiting('ahead'), waiting('play')];
    const order = new DispatchOrder();
    const taken = turns(order, 4, () => candidates).map(({ rank }) => rank);
    expect(taken).toEqual(['play', 'ahead', 'prepare', 'background']);
    expect(order.take(candidates)).toBeNull();
  });

  it('ranks - share by odds, so that nothing starves', () => {
    const all = (): Candidate<string>[] => [
      waiting('background'),
      waiting('prepare'),
      waiting('ahead'),
      waiting('play'),
    ];
    const taken = turns(new DispatchOrder(), 890, all).map(({ rank }) => rank);
    const share = (rank: ArticleRank): number => taken.filter((each) => each === rank).length;
    expect(share('play')).toBeGreaterThan(600);
    expect(share('ahead')).toBeGreaterThan(100);
    expect(share('background')).toBeGreaterThanOrEqual(9);
  });

  it('a rank that was silent - gets no turns for its silence', () => {
    const order = new DispatchOrder();
    turns(order, 500, () => [waiting('ahead')]);
    const taken = turns(order, 20, () => [waiting('background'), waiting('ahead')]).map(({ rank }) => rank);
    expect(taken.filter((rank) => rank === 'background').length).toBeLessThanOrEqual(2);
  });

  it('a rank that waits while nobody has room - keeps its place', () => {
    const order = new DispatchOrder();
    const all = (): Candidate<string>[] => [waiting('background'), waiting('play')];
    const taken = Array.from({ length: 200 }, () => {
      order.take([]);
      return turns(order, 1, all)[0]?.rank;
    });
    expect(taken.filter((rank) => rank === 'background').length).toBeGreaterThanOrEqual(3);
  });

  it('owners - take turns; the nearest of each goes first', () => {
    const [one, other] = [{}, {}];
    const candidates = [
      waiting('ahead', 3, one),
      waiting('ahead', 1, one),
      waiting('ahead', 2, one),
      waiting('ahead', 9, other),
      waiting('ahead', 8, other),
    ];
    const taken = turns(new DispatchOrder(), 5, () => candidates);
    expect(taken.map(({ distance }) => distance)).toEqual([1, 8, 2, 9, 3]);
  });
});
