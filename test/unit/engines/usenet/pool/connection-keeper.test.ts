import { describe, expect, it } from '@jest/globals';
import { chooseKeeping } from '../../../../../backend/engines/usenet/pool/connection-keeper.js';
import type { Keeping, KeepingQuestion } from '../../../../../backend/engines/usenet/pool/connection-keeper.js';

const now = 1e9;

function keeping(idleMs: number[], options: Partial<KeepingQuestion<number>> = {}): Keeping<number> {
  const idle = idleMs.map((ms, connection) => ({ connection, idleSince: now - ms, unusedSince: now - ms }));
  return chooseKeeping({ idle, total: idle.length, limit: 10, usedAt: now, now, ...options });
}

describe('keeping connections', () => {
  it('idle ones - are closed after a minute, but for two', () => {
    expect(keeping([90_000, 70_000, 65_000, 61_000])).toMatchObject({ close: [1, 0], ask: [3, 2] });
    expect(keeping([10_000, 20_000, 30_000])).toMatchObject({ close: [], ask: [] });
  });

  it('busy ones - are warm enough', () => {
    expect(keeping([61_000, 61_000], { total: 4 }).close).toEqual([0, 1]);
  });

  it('a provider that nobody used for an hour - keeps none', () => {
    expect(keeping([61_000], { usedAt: now - 3_600_000 }).close).toEqual([0]);
  });

  it('more than are allowed now - go at once', () => {
    expect(keeping([1, 2, 3, 4], { limit: 3 }).close).toEqual([3]);
  });

  it('none left - one is dialled while the provider is in use', () => {
    expect(keeping([]).dial).toBe(1);
    expect(keeping([], { usedAt: null }).dial).toBe(0);
  });
});
