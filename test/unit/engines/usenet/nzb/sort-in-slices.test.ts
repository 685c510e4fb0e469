import { describe, expect, it } from '@jest/globals';
import { sortInSlices } from '../../../../../backend/engines/usenet/nzb/sort-in-slices.js';

/** The result, and how often it gave way. */
function sorted(texts: readonly string[]): { result: string[]; yields: number } {
  const steps = sortInSlices(texts);
  for (let yields = 0; ; yields += 1) {
    const step = steps.next();
    if (step.done === true) return { result: step.value, yields };
  }
}

describe('sort in slices', () => {
  it.each([0, 1, 8_191, 8_192, 8_193, 50_000])('sort in slices - %d texts come as sort() has them', (count) => {
    const texts = Array.from({ length: count }, (_, place) => `${(place * 7_919) % 10_007}.${place % 3}@x`);
    expect(sorted(texts).result).toEqual([...texts].sort());
  });

  it('sort in slices - gives way again and again', () => {
    const texts = Array.from({ length: 50_000 }, (_, place) => `${place}`);
    expect(sorted(texts).yields).toBeGreaterThan(15);
  });
});
