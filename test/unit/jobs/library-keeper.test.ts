import { describe, expect, it } from '@jest/globals';
import type { ContentId } from '../../../backend/content/index.js';
import { Deferred } from '../../../backend/jobs/deferred.js';
import { LibraryKeeper } from '../../../backend/jobs/index.js';
import type { LibraryKeeperOptions } from '../../../backend/jobs/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { NotedLog } from '../../support/noted-log.js';

const HOUR_MS = 3600e3;

/** Items by id, each with when it was used last. */
function lab(usedAt: readonly number[], more: Partial<LibraryKeeperOptions> = {}) {
  const clock = new ManualClock(1_000_000);
  const items = new Map(usedAt.map((ago, id) => [id, clock.now() - ago]));
  const removed: number[] = [];
  const isOld = (id: number, before: number): boolean => (items.get(id) ?? Infinity) < before;
  const log = new NotedLog();
  const keeper = new LibraryKeeper({
    ttlMs: HOUR_MS,
    unusedSince: (before, { limit }) =>
      [...items.keys()]
        .filter((id) => isOld(id, before))
        .sort((a, b) => (items.get(a) ?? 0) - (items.get(b) ?? 0))
        .slice(0, limit)
        .map((id) => ({ id, contentId: String(id) as ContentId, name: `Film ${id}` })),
    isUnused: isOld,
    isInUse: () => false,
    remove: async (id) => {
      removed.push(id);
      items.delete(id);
    },
    clock,
    log,
    ...more,
  });
  return { clock, items, keeper, log, removed };
}

describe('library keeper', () => {
  it('keeper - what nobody used for so long goes, at the start and later; the rest stays', async () => {
    const { clock, items, keeper, removed } = lab([HOUR_MS + 1, HOUR_MS - 1, 0]);
    keeper.start();
    await clock.advance(0);
    expect(removed).toEqual([0]);
    await clock.advance(HOUR_MS / 4);
    expect(removed).toEqual([0, 1]);
    await clock.advance(2 * HOUR_MS);
    expect([removed, items.size]).toEqual([[0, 1, 2], 0]);
    await keeper.close();
    expect(clock.pending).toBe(0);
  });

  it('keeper - for ever means that nothing ever goes', async () => {
    const { clock, keeper, removed } = lab([HOUR_MS * 1_000], { ttlMs: 0 });
    keeper.start();
    expect(clock.pending).toBe(0);
    await clock.advance(HOUR_MS);
    expect(removed).toEqual([]);
    await keeper.close();
  });

  it('keeper - what is being read or prepared stays until it is not', async () => {
    const inUse = new Set(['0']);
    const { clock, keeper, removed } = lab([HOUR_MS * 3, HOUR_MS * 2], {
      isInUse: (contentId) => inUse.has(contentId),
    });
    keeper.start();
    await clock.advance(0);
    expect(removed).toEqual([1]);
    inUse.clear();
    await clock.advance(HOUR_MS);
    expect(removed).toEqual([1, 0]);
    await keeper.close();
  });

  it('keeper - one after another; what is used while others go stays', async () => {
    const gate = new Deferred<void>();
    const begun: number[] = [];
    const { clock, items, keeper } = lab([HOUR_MS * 3, HOUR_MS * 2], {
      remove: (id) => {
        begun.push(id);
        items.delete(id);
        return gate.promise;
      },
    });
    keeper.start();
    await clock.advance(HOUR_MS / 2);
    expect(begun).toEqual([0]);
    items.set(1, clock.now());
    gate.resolve();
    await clock.advance(HOUR_MS / 2);
    expect(begun).toEqual([0]);
    await keeper.close();
  });

  it('keeper - at most a hundred in one look', async () => {
    const { clock, keeper, removed } = lab(Array.from({ length: 150 }, () => HOUR_MS * 2));
    keeper.start();
    await clock.advance(0);
    expect(removed).toHaveLength(100);
    await clock.advance(HOUR_MS / 2);
    expect(removed).toHaveLength(150);
    await keeper.close();
  });

  it('keeper - trouble with one, or with the looking, ends nothing', async () => {
    let isBroken = true;
    const { clock, keeper, log, removed, items } = lab([HOUR_MS * 3, HOUR_MS * 2], {
      remove: (id) => {
        if (id === 0 && isBroken) return Promise.reject(new Error('no'));
        removed.push(id);
        items.delete(id);
        return Promise.resolve();
      },
    });
    keeper.start();
    await clock.advance(0);
    expect([removed, log.lines.some(({ level }) => level === 'warn')]).toEqual([[1], true]);
    isBroken = false;
    await clock.advance(HOUR_MS);
    expect(removed).toEqual([1, 0]);
    await keeper.close();
  });

  it('keeper - closing waits for the one on its way out and begins no other', async () => {
    const gate = new Deferred<void>();
    const begun: number[] = [];
    const { clock, keeper } = lab([HOUR_MS * 3, HOUR_MS * 2], {
      remove: (id) => {
        begun.push(id);
        return gate.promise;
      },
    });
    keeper.start();
    await clock.advance(0);
    let isClosed = false;
    const closing = keeper.close().then(() => (isClosed = true));
    await clock.advance(0);
    expect(isClosed).toBe(false);
    gate.resolve();
    await closing;
    expect(begun).toEqual([0]);
  });
});
