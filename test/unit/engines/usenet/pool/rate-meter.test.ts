import { describe, expect, it } from '@jest/globals';
import { RateMeter } from '../../../../../backend/engines/usenet/pool/rate-meter.js';

describe('rate meter', () => {
  it('the rate - is that of the last five seconds', () => {
    const meter = new RateMeter();
    for (let second = 100; second < 110; second += 1) meter.add(1000, second * 1000 + 500);
    expect(meter.bytesPerSecond(109_900)).toBe(1000);
    expect(meter.bytesPerSecond(112_000)).toBe(400);
    expect(meter.bytesPerSecond(200_000)).toBe(0);
  });
});
