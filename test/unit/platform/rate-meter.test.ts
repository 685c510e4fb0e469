import { describe, expect, it } from '@jest/globals';

import { RateMeter } from '../../../backend/platform/rate-meter.js';

describe('rate meter', () => {
  it('rate meter - shows a steady rate', () => {
    const meter = new RateMeter(0);
    for (let now = 0; now < 60_000; now += 100) meter.add(1000, now);
    const rate = meter.bytesPerSecond(60_000);
    expect(rate).toBeGreaterThan(9_000);
    expect(rate).toBeLessThan(11_000);
  });

  it('rate meter - a burst at the start is not taken for a rate', () => {
    const meter = new RateMeter(0);
    meter.add(1_000_000, 1);
    expect(meter.bytesPerSecond(2)).toBe(1_000_000);
  });

  it('rate meter - falls to zero in a pause, and counts again after it', () => {
    const meter = new RateMeter(0);
    meter.add(1_000_000, 1);
    expect(meter.bytesPerSecond(20_000)).toBe(0);
    meter.add(1000, 600_000);
    expect(meter.bytesPerSecond(600_000)).toBeLessThanOrEqual(1000);
    expect(meter.bytesPerSecond(600_000)).toBeGreaterThan(0);
  });
});
