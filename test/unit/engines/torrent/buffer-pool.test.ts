import { describe, expect, it } from '@jest/globals';
import { BufferPool } from '../../../../backend/engines/torrent/buffer-pool.js';

describe('buffer pool', () => {
  it('buffer pool - hands out again what came back, and never one buffer twice', () => {
    const pool = new BufferPool(64, 256);
    const first = pool.take(64);
    pool.give(first);
    const again = pool.take(64);
    const other = pool.take(64);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(other).toHaveLength(64);
  });

  it('buffer pool - keeps no more than its bound when full', () => {
    const pool = new BufferPool(64, 128);
    const buffers = [pool.take(64), pool.take(64), pool.take(64)];
    for (const buffer of buffers) pool.give(buffer);
    const taken = [pool.take(64), pool.take(64), pool.take(64)];
    expect(taken.filter((buffer) => buffers.includes(buffer))).toHaveLength(2);
  });

  it('buffer pool - gives buffers of other sizes, and keeps none of them', () => {
    const pool = new BufferPool(64, 1024);
    const last = pool.take(10);
    expect(last).toHaveLength(10);
    pool.give(last);
    expect(pool.take(10)).not.toBe(last);
    expect(pool.take(64)).toHaveLength(64);
  });
});
