import { describe, expect, it } from '@jest/globals';
import type { FetchOptions } from '../../../../../backend/engines/usenet/article.js';
import type { ArticleHold } from '../../../../../backend/engines/usenet/store/article-memory.js';
import { SharedFetch } from '../../../../../backend/engines/usenet/store/shared-fetch.js';
import { articleOf, CountedSlots, demandOf } from '../../../../support/article-lab.js';

/** A hold whose holders are counted. */
class CountedHold {
  holders = 0;
  readonly #article = articleOf(new CountedSlots(), 'one');

  take(): ArticleHold {
    this.holders += 1;
    let isHeld = true;
    const release = (): void => {
      if (isHeld) this.holders -= 1;
      isHeld = false;
    };
    const { bytes, part } = this.#article;
    return { bytes, part, article: this.#article, release, share: () => this.take() };
  }
}

function lab() {
  const state = { ended: 0, options: null as FetchOptions | null };
  let resolve = (_: ArticleHold): void => undefined;
  let reject = (_: Error): void => undefined;
  const fetch = new SharedFetch(() => (state.ended += 1));
  const join = (demand = demandOf(), signal = new AbortController().signal) => fetch.join({ demand, signal });
  const start = (): void =>
    fetch.start((options) => {
      state.options = options;
      return new Promise((onDone, onFailure) => ([resolve, reject] = [onDone, onFailure]));
    });
  return { state, fetch, join, start, resolve: (hold: ArticleHold) => resolve(hold), reject: (e: Error) => reject(e) };
}

describe('a shared fetch', () => {
  it('all who wait - get a hold of their own, and none is left over', async () => {
    const { state, join, start, resolve } = lab();
    const waiting = [join(), join()];
    start();
    const hold = new CountedHold();
    resolve(hold.take());
    const held = await Promise.all(waiting);
    expect([hold.holders, state.ended]).toEqual([2, 1]);
    for (const one of held) one.release();
    expect(hold.holders).toBe(0);
  });

  it('a failure - is told to all', async () => {
    const { join, start, reject } = lab();
    const waiting = [join(), join()];
    start();
    const failure = new Error('no');
    reject(failure);
    for (const one of waiting) await expect(one).rejects.toBe(failure);
  });

  it('it is as urgent - as the most urgent of those who wait', async () => {
    const { state, join, start } = lab();
    const hasty = new AbortController();
    const slow = join(demandOf('background', 1));
    start();
    expect(state.options!.demand.urgency()).toEqual({ rank: 'background', distance: 1 });
    const player = demandOf('play', 5);
    const playing = join(player, hasty.signal);
    void join(demandOf('play', 7));
    expect(state.options!.demand.urgency()).toEqual({ rank: 'play', distance: 5 });
    expect(state.options!.demand.owner).toBe(player.owner);
    hasty.abort(new Error('left'));
    await expect(playing).rejects.toThrow('left');
    expect(state.options!.demand.urgency()).toEqual({ rank: 'play', distance: 7 });
    slow.catch(() => undefined);
  });

  it('one who leaves - ends nothing; the last one does', async () => {
    const { state, join, start } = lab();
    const [one, other] = [new AbortController(), new AbortController()];
    const [first, second] = [join(demandOf(), one.signal), join(demandOf(), other.signal)];
    start();
    one.abort(new Error('one'));
    await expect(first).rejects.toThrow('one');
    expect([state.ended, state.options!.signal.aborted]).toEqual([0, false]);
    other.abort(new Error('other'));
    await expect(second).rejects.toThrow('other');
    expect([state.ended, state.options!.signal.aborted]).toEqual([1, true]);
  });

  it('an article that comes when all have left - is let go', async () => {
    const { join, start, resolve } = lab();
    const leaving = new AbortController();
    const left = join(demandOf(), leaving.signal);
    start();
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    const hold = new CountedHold();
    resolve(hold.take());
    await new Promise((next) => setImmediate(next));
    expect(hold.holders).toBe(0);
  });

  it('ended from outside - tells all who wait why', async () => {
    const { fetch, state, join, start } = lab();
    const waiting = [join(), join()];
    start();
    fetch.abort(new Error('closed'));
    for (const one of waiting) await expect(one).rejects.toThrow('closed');
    expect(state.options!.signal.aborted).toBe(true);
  });
});
