import { describe, expect, it } from '@jest/globals';
import { runAtOnce, sortInSteps } from '../../../backend/platform/index.js';

const numbers = Array.from({ length: 2_000 }, (_, at) => (at * 7919) % 2_003);

describe('sort in steps', () => {
  it.each([0, 1, 2, 16, 17, 33, 500, 2_000])('%d things - come as a sort at once leaves them', (count) => {
    const some = numbers.slice(0, count);
    const before = [...some];
    expect(runAtOnce(sortInSteps(some, (a, b) => a - b))).toEqual([...some].sort((a, b) => a - b));
    expect(some).toEqual(before);
  });

  it('equal things - stay in their order', () => {
    const things = numbers.map((number, at) => ({ rank: number % 5, at }));
    const sorted = runAtOnce(sortInSteps(things, (a, b) => a.rank - b.rank));
    expect(sorted).toEqual([...things].sort((a, b) => a.rank - b.rank || a.at - b.at));
  });

  it('no step - makes many comparisons', () => {
    let compared = 0;
    const steps = sortInSteps(numbers, (a, b) => {
      compared += 1;
      return a - b;
    });
    for (let before = 0; steps.next().done !== true; before = compared) expect(compared - before).toBeLessThan(100);
    expect(compared).toBeLessThan(numbers.length * 16);
  });
});
