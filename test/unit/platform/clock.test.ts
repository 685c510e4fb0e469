// The clock of the machine, and the one that tests turn.

import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../backend/platform/index.js';
import { ManualClock } from '../../support/manual-clock.js';

describe('system clock', () => {
  it('now - is the time of day', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  });

  it('timers - run, repeat, and stop when cancelled', async () => {
    const seen: string[] = [];
    const holdOpen = setInterval(() => undefined, 1000);
    const cancelled = systemClock.after(1, () => seen.push('cancelled'));
    cancelled.cancel();
    await new Promise<void>((resolve) => {
      const repeated = systemClock.every(1, () => {
        if (seen.push('every') < 3) return;
        repeated.cancel();
        systemClock.after(1, resolve);
      });
    });
    clearInterval(holdOpen);
    expect(seen).toEqual(['every', 'every', 'every']);
  });

  it('sleep - ends with the signal’s reason', async () => {
    const controller = new AbortController();
    const reason = new Error('wake up');
    const clock = systemClock;
    const sleeping = clock.sleep(60_000, { signal: controller.signal });
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(clock.sleep(1, { signal: controller.signal })).rejects.toBe(reason);
  });
});

describe('manual clock', () => {
  it('advance - runs everything in the order of its time, and what that sets off', async () => {
    const clock = new ManualClock();
    const start = clock.now();
    const seen: [string, number][] = [];
    const note = (what: string) => (): void => void seen.push([what, clock.now() - start]);
    const repeated = clock.every(10, note('every'));
    clock.after(15, note('after'));
    clock.after(5, () => void clock.sleep(7).then(note('slept')));
    await clock.advance(25);
    repeated.cancel();
    await clock.advance(100);
    expect(seen).toEqual([
      ['every', 10],
      ['slept', 12],
      ['after', 15],
      ['every', 20],
    ]);
    expect(clock.pending).toBe(0);
    expect(clock.now() - start).toBe(125);
  });
});
