import { describe, expect, it } from '@jest/globals';
import { AdaptiveCeiling } from '../../../../../backend/engines/usenet/pool/ceiling.js';

describe('adaptive ceiling', () => {
  it('a refusal - lowers it to what stands, and it recovers one by one', () => {
    const ceiling = new AdaptiveCeiling(10);
    expect(ceiling.limit(0)).toBe(10);
    ceiling.refused(4, 0);
    ceiling.refused(4, 0);
    expect([0, 29_999, 30_000, 90_000, 1e9].map((now) => ceiling.limit(now))).toEqual([4, 4, 5, 7, 10]);
  });

  it('it - is never less than one, and a refusal never raises it', () => {
    const ceiling = new AdaptiveCeiling(3);
    ceiling.refused(0, 0);
    expect(ceiling.limit(0)).toBe(1);
    ceiling.refused(3, 0);
    expect(ceiling.limit(0)).toBe(1);
  });
});
