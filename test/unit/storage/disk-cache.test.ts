import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StorageFullError } from '../../../backend/content/index.js';
import type { Evictable, EvictionRank } from '../../../backend/storage/disk-cache.js';
import { DiskCache } from '../../../backend/storage/disk-cache.js';

const open = (): AbortSignal => new AbortController().signal;

/** Files of a pretended engine: what is here, and in which order it went. */
class Shelf {
  readonly gone: string[] = [];
  private readonly kept = new Map<string, { bytes: number; rank: EvictionRank; usedAt: number; isInUse: boolean }>();

  constructor(private readonly cache: DiskCache) {
    cache.addTenant({ evictable: () => this.evictable() });
  }

  put(name: string, bytes: number, rank: EvictionRank, usedAt: number, isInUse = false): void {
    this.kept.set(name, { bytes, rank, usedAt, isInUse });
    this.cache.count(bytes);
  }

  let(name: string): void {
    this.kept.get(name)!.isInUse = false;
    this.cache.reconsider();
  }

  private evictable(): Evictable[] {
    return [...this.kept]
      .filter(([, file]) => !file.isInUse)
      .map(([name, { bytes, rank, usedAt }]) => ({
        rank,
        usedAt,
        evict: async () => {
          if (!this.kept.delete(name)) return 0;
          this.gone.push(name);
          return bytes;
        },
      }));
  }
}

/** Runs everything that is ready. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('disk cache', () => {
  it('disk cache - lets go what is idle, then what is behind, then what is ahead, the longest unused first', async () => {
    const cache = new DiskCache({ maxBytes: 60 });
    const shelf = new Shelf(cache);
    shelf.put('ahead', 10, 'ahead', 1);
    shelf.put('behind, new', 10, 'behind', 9);
    shelf.put('behind, old', 10, 'behind', 2);
    shelf.put('idle, new', 10, 'idle', 8);
    shelf.put('idle, old', 10, 'idle', 3);
    for (let count = 0; count < 6; count++) await cache.reserve(10, { signal: open() });
    expect(shelf.gone).toEqual(['idle, old', 'idle, new', 'behind, old', 'behind, new', 'ahead']);
    expect(cache.usedBytes).toBe(60);
  });

  it('disk cache - evicts no more than it needs', async () => {
    const cache = new DiskCache({ maxBytes: 40 });
    const shelf = new Shelf(cache);
    for (let age = 0; age < 4; age++) shelf.put(`file ${age}`, 10, 'idle', age);
    await cache.reserve(15, { signal: open() });
    expect(shelf.gone).toEqual(['file 0', 'file 1']);
  });

  it('disk cache - serves those who wait in the order of asking, a small one never before a large one', async () => {
    const cache = new DiskCache({ maxBytes: 10 });
    const order: string[] = [];
    await cache.reserve(10, { signal: open() });
    const large = cache.reserve(8, { signal: open() }).then(() => order.push('large'));
    const small = cache.reserve(1, { signal: open() }).then(() => order.push('small'));
    cache.release(5);
    await settled();
    expect(order).toEqual([]);
    cache.release(5);
    await Promise.all([large, small]);
    expect(order).toEqual(['large', 'small']);
  });

  it('disk cache - forgets who stopped waiting, serves the next, and lets go of the signal', async () => {
    const cache = new DiskCache({ maxBytes: 10 });
    await cache.reserve(6, { signal: open() });
    const controller = new AbortController();
    const reason = new Error('not any more');
    const first = cache.reserve(10, { signal: controller.signal });
    const second = cache.reserve(4, { signal: open() });
    controller.abort(reason);
    await expect(first).rejects.toBe(reason);
    await second;
    expect(cache.usedBytes).toBe(10);
    await expect(cache.reserve(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    controller.abort();
    expect(cache.usedBytes).toBe(10);
  });

  it('disk cache - waits for what is in use until it is let go', async () => {
    const cache = new DiskCache({ maxBytes: 10 });
    const shelf = new Shelf(cache);
    shelf.put('film', 10, 'behind', 1, true);
    let isGranted = false;
    const granted = cache.reserve(5, { signal: open() }).then(() => (isGranted = true));
    await settled();
    expect(isGranted).toBe(false);
    shelf.let('film');
    await granted;
    expect(shelf.gone).toEqual(['film']);
  });

  it('disk cache - hears of what was let go while it was evicting something else in vain', async () => {
    const cache = new DiskCache({ maxBytes: 10 });
    const shelf = new Shelf(cache);
    shelf.put('film', 10, 'behind', 1, true);
    let finish: ((freed: number) => void) | null = null;
    const evict = (): Promise<number> =>
      finish === null ? new Promise((resolve) => (finish = resolve)) : Promise.resolve(0);
    cache.addTenant({ evictable: () => [{ rank: 'idle', usedAt: 0, evict }] });
    const granted = cache.reserve(5, { signal: open() });
    shelf.let('film');
    finish!(0);
    await granted;
    expect(shelf.gone).toEqual(['film']);
  });

  it('disk cache - goes on with others when something cannot be removed', async () => {
    const cache = new DiskCache({ maxBytes: 10 });
    cache.addTenant({
      evictable: () => [{ rank: 'idle', usedAt: 0, evict: () => Promise.reject(new Error('read-only')) }],
    });
    const shelf = new Shelf(cache);
    shelf.put('film', 10, 'idle', 1);
    await cache.reserve(5, { signal: open() });
    expect(shelf.gone).toEqual(['film']);
  });

  it('disk cache - refuses what can never fit, and the one too many who would wait, when full', async () => {
    const cache = new DiskCache({ maxBytes: 10, maxWaiting: 2 });
    await expect(cache.reserve(11, { signal: open() })).rejects.toThrow(StorageFullError);
    await cache.reserve(10, { signal: open() });
    const waiting = [cache.reserve(1, { signal: open() }), cache.reserve(1, { signal: open() })];
    await expect(cache.reserve(1, { signal: open() })).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    cache.release(10);
    await Promise.all(waiting);
  });

  it('disk cache - makes room at once where more is found on disk than the limit allows', async () => {
    const cache = new DiskCache({ maxBytes: 25 });
    const shelf = new Shelf(cache);
    for (let age = 0; age < 5; age++) shelf.put(`file ${age}`, 10, 'idle', age);
    await settled();
    expect(shelf.gone).toEqual(['file 0', 'file 1', 'file 2']);
    expect(cache.usedBytes).toBe(20);
  });

  it('disk cache - never promises more than its limit, whatever comes and goes', async () => {
    const steps = fc.array(
      fc.record({ bytes: fc.integer({ min: 1, max: 40 }), isKept: fc.boolean(), isAborted: fc.boolean() }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const cache = new DiskCache({ maxBytes: 100 });
        const shelf = new Shelf(cache);
        const controllers = list.map(() => new AbortController());
        const reservations = list.map(({ bytes, isKept }, index) =>
          cache.reserve(bytes, { signal: controllers[index]!.signal }).then(
            () => {
              expect(cache.usedBytes).toBeLessThanOrEqual(100);
              cache.release(bytes);
              if (isKept && cache.usedBytes + bytes <= 100) shelf.put(String(index), bytes, 'idle', index);
            },
            () => undefined,
          ),
        );
        list.forEach(({ isAborted }, index) => isAborted && controllers[index]!.abort());
        await Promise.all(reservations);
        expect(cache.usedBytes).toBeLessThanOrEqual(100);
      }),
      { numRuns: 60 },
    );
  });
});
