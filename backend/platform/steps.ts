// Long computations in small steps: the computation itself stays pure, and whoever runs it decides whether others get a turn
// in between.

import { setImmediate } from 'node:timers/promises';

/** A computation that pauses after every small piece of work (some hundredths of a millisecond), and returns its result. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Some milliseconds of work. */
const STEPS_PER_TURN = 200;

/** To the end without a pause: for few things. */
export function runAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Whoever else has something to do gets to it every 200 steps; fewer are done without a pause. @throws the signal's reason */
export async function runInTurns<T>(steps: Steps<T>, { signal }: { readonly signal: AbortSignal }): Promise<T> {
  for (let count = 1; ; count += 1) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (count % STEPS_PER_TURN !== 0) continue;
    await setImmediate();
    signal.throwIfAborted();
  }
}

/** One step each. */
export function* mapInSteps<T, R>(things: readonly T[], map: (thing: T, index: number) => R): Steps<R[]> {
  const mapped: R[] = [];
  for (const [index, thing] of things.entries()) {
    mapped.push(map(thing, index));
    yield;
  }
  return mapped;
}
