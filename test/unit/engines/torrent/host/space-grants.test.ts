import { describe, expect, it } from '@jest/globals';
import { SpaceGrants } from '../../../../../backend/engines/torrent/host/space-grants.js';
import { DiskCache } from '../../../../../backend/storage/index.js';
import { ManualClock } from '../../../../support/manual-clock.js';

function grantsIn(maxBytes: number) {
  const clock = new ManualClock();
  const cache = new DiskCache({ maxBytes });
  const granted: number[] = [];
  const refusals: Error[] = [];
  const grants = new SpaceGrants({
    cache,
    clock,
    grant: (bytes) => granted.push(bytes),
    refused: (error) => refusals.push(error),
  });
  return { clock, cache, granted, refusals, grants };
}

describe('space grants', () => {
  it('space grants - reserve what is asked for, and count it once when it is filled', async () => {
    const { cache, granted, grants } = grantsIn(100);
    await grants.need(60);
    expect([granted, cache.usedBytes]).toEqual([[60], 60]);
    grants.filled(40);
    expect(cache.usedBytes).toBe(60);
    grants.lost();
    expect(cache.usedBytes).toBe(40);
  });

  it('space grants - take back what the worker returns', async () => {
    const { cache, grants } = grantsIn(100);
    await grants.need(60);
    grants.returned(25);
    expect(cache.usedBytes).toBe(35);
    grants.lost();
    expect(cache.usedBytes).toBe(0);
  });

  it('space grants - a worker that died while it waited for room takes none', async () => {
    const { cache, granted, refusals, grants } = grantsIn(100);
    await grants.need(100);
    const waiting = grants.need(50);
    grants.lost();
    await waiting;
    expect([granted, cache.usedBytes]).toEqual([[100], 0]);
    const next = grants.need(50);
    await next;
    expect([granted, cache.usedBytes, refusals]).toEqual([[100, 50], 50, []]);
  });

  it('space grants - what can have no room is said, and may be asked for again later', async () => {
    const { clock, granted, refusals, grants } = grantsIn(100);
    await grants.need(101);
    expect(refusals).toMatchObject([{ code: 'STORAGE_FULL' }]);
    expect(granted).toEqual([]);
    await clock.advance(10_000);
    expect(granted).toEqual([0]);
  });

  it('space grants - closed, wait for nothing', async () => {
    const { clock, cache, granted, refusals, grants } = grantsIn(100);
    await grants.need(100);
    const waiting = grants.need(1);
    grants.close();
    await waiting;
    await clock.advance(10_000);
    expect([granted, cache.usedBytes, refusals]).toEqual([[100], 100, []]);
  });
});
