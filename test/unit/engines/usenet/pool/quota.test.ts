import { describe, expect, it } from '@jest/globals';
import { QuotaMeter } from '../../../../../backend/engines/usenet/pool/quota.js';

describe('quota', () => {
  it('none - is never spent', () => {
    const quota = new QuotaMeter(undefined, 1000);
    quota.add(1e15, 0);
    expect(quota.isSpent(0)).toBe(false);
  });

  it('bytes - are spent until the next period, or for good without one', () => {
    const [monthly, block] = [new QuotaMeter(100, 1000), new QuotaMeter(100, undefined)];
    for (const quota of [monthly, block]) quota.add(99, 5500);
    expect([monthly.isSpent(5500), block.isSpent(5500)]).toEqual([false, false]);
    for (const quota of [monthly, block]) quota.add(1, 5999);
    expect([monthly.isSpent(5999), block.isSpent(5999)]).toEqual([true, true]);
    expect([monthly.isSpent(6000), block.isSpent(1e12)]).toEqual([false, true]);
  });
});
