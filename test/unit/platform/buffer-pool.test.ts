import { describe, expect, it } from '@jest/globals';
import { BufferPool } from '../../../backend/platform/index.js';
import { ManualClock } from '../../support/manual-clock.js';

const mebibyte = 1024 * 1024;

describe('buffer pool', () => {
  const open = ({ maxFree = 4, sizeBytes = 100 } = {}) => {
    const clock = new ManualClock();
    return { clock, pool: new BufferPool({ clock, sizeBytes, maxFree, idleMs: 1000 }) };
  };

  it('buffer pool - hands out again what came back, and never one buffer twice', () => {
    const { pool } = open();
    const first = pool.take(60);
    expect(first).toHaveLength(100);
    pool.give(first);
    expect(pool.take(100)).toBe(first);
    expect(pool.take(100)).not.toBe(first);
  });

  it('buffer pool - a slice of a buffer is a copy, as of any other array', () => {
    const { pool } = open();
    const buffer = pool.take(60).fill(1);
    const kept = buffer.subarray(0, 10).slice();
    buffer.fill(2);
    expect([...kept]).toEqual(Array.from({ length: 10 }, () => 1));
    expect([...pool.take(500).fill(3).slice(0, 2)]).toEqual([3, 3]);
  });

  it('buffer pool - keeps no more than its bound when full', () => {
    const { pool } = open({ maxFree: 2 });
    for (const buffer of [pool.take(1), pool.take(1), pool.take(1)]) pool.give(buffer);
    expect(pool.freeBytes).toBe(200);
  });

  it('buffer pool - takes a view for the whole, and what comes back twice or from elsewhere for nothing', () => {
    const { pool } = open();
    const buffer = pool.take(10);
    pool.give(buffer.subarray(0, 10));
    pool.give(buffer);
    pool.give(new Uint8Array(100));
    expect(pool.freeBytes).toBe(100);
    expect(pool.take(100)).toHaveLength(100);
  });

  it('buffer pool - larger ones are made as asked, and not kept', () => {
    const { pool } = open();
    const large = pool.take(101);
    expect(large).toHaveLength(101);
    pool.give(large);
    expect(pool.freeBytes).toBe(0);
  });

  it('buffer pool - gives up what was not needed for a while, all of it at rest, and leaves no timer', async () => {
    const { clock, pool } = open();
    const taken = [pool.take(1), pool.take(1), pool.take(1)];
    for (const buffer of taken) pool.give(buffer);
    await clock.advance(1000);
    pool.give(pool.take(1));
    await clock.advance(1000);
    expect(pool.freeBytes).toBe(100);
    await clock.advance(1000);
    expect(pool.freeBytes).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('buffer pool - closed it keeps nothing, and leaves no timer', () => {
    const { clock, pool } = open();
    const taken = [pool.take(1), pool.take(1)];
    pool.give(taken[0]!);
    pool.close();
    pool.give(taken[1]!);
    expect([pool.freeBytes, clock.pending]).toEqual([0, 0]);
  });

  it('buffer pool - what it lets go of is empty for whoever still has it: nobody sees bytes of others', async () => {
    const { clock, pool } = open({ sizeBytes: mebibyte });
    const [kept, large] = [pool.take(1).fill(1), pool.take(2 * mebibyte).fill(2)];
    const view = kept.subarray(0, 1000);
    pool.give(large);
    expect(large).toHaveLength(0);
    pool.give(kept);
    expect(view).toHaveLength(1000);
    await clock.advance(2000);
    expect([kept.length, view.length]).toEqual([0, 0]);
  });

  it('buffer pool - the memory of large ones is the system’s again as soon as it lets go of them, uncollected', () => {
    const { pool } = open({ sizeBytes: mebibyte, maxFree: 0 });
    const before = process.memoryUsage.rss();
    const taken = Array.from({ length: 100 }, () => pool.take(mebibyte).fill(1));
    const during = process.memoryUsage.rss();
    for (const buffer of taken) pool.give(buffer);
    expect(during - before).toBeGreaterThan(80 * mebibyte);
    expect(process.memoryUsage.rss() - before).toBeLessThan(40 * mebibyte);
  });
});
