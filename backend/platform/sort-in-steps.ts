// Sorting of many things that lets others have a turn: small runs are sorted at once, then merged two by two. Pure.

import type { Steps } from './steps.js';

/** So many are sorted, or merged, in one step. */
const RUN_LENGTH = 16;

/** A sorted copy; what is equal stays in its order. n log n comparisons, some dozens of them in a step. */
export function* sortInSteps<T>(things: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < things.length; start += RUN_LENGTH) {
    runs.push(things.slice(start, start + RUN_LENGTH).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const longer: T[][] = [];
    for (let at = 0; at < runs.length; at += 2)
      longer.push(yield* mergeRuns(runs[at] ?? [], runs[at + 1] ?? [], compare));
    runs = longer;
  }
  return runs[0] ?? [];
}

function* mergeRuns<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  const merged: T[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const [a, b] = [left[l], right[r]];
    const isLeft = r >= right.length || (l < left.length && compare(a as T, b as T) <= 0);
    merged.push((isLeft ? a : b) as T);
    if (isLeft) l += 1;
    else r += 1;
    if (merged.length % RUN_LENGTH === 0) yield;
  }
  return merged;
}
