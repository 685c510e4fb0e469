import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  fairWindowBytes,
  FIRST_WINDOW_BYTES,
  windowBytes,
} from '../../../../../backend/engines/torrent/demand/window.js';

const mebibyte = 1024 * 1024;

describe('window', () => {
  it('window - starts small, doubles with every window that was taken, and stops at its limit', () => {
    let taken = 0;
    const sizes: number[] = [];
    for (let step = 0; step < 10; step++) {
      const size = windowBytes(taken, 32 * mebibyte);
      sizes.push(size);
      taken += size;
    }
    const quarter = FIRST_WINDOW_BYTES;
    expect(sizes.slice(0, 4)).toEqual([quarter, quarter, 2 * quarter, 4 * quarter]);
    expect(sizes.at(-1)).toBe(32 * mebibyte);
  });

  it('window - of a probe that is dropped after 64 KB asks for no more than the first window', () => {
    expect(windowBytes(64_000, 32 * mebibyte)).toBe(FIRST_WINDOW_BYTES);
  });

  it('fair windows - of all readers together leave half the cache, unless that is less than a first window each', () => {
    const options = fc.record({
      readAheadBytes: fc.integer({ min: FIRST_WINDOW_BYTES, max: 64 * mebibyte }),
      cacheMaxBytes: fc.integer({ min: 64 * mebibyte, max: 1024 * mebibyte }),
      readers: fc.integer({ min: 0, max: 200 }),
    });
    fc.assert(
      fc.property(options, (o) => {
        const window = fairWindowBytes(o);
        expect(window).toBeLessThanOrEqual(o.readAheadBytes);
        expect(window).toBeGreaterThanOrEqual(FIRST_WINDOW_BYTES);
        if (window > FIRST_WINDOW_BYTES) expect(window * o.readers).toBeLessThanOrEqual(o.cacheMaxBytes / 2);
      }),
    );
  });
});
