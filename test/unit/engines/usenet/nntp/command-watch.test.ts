import { describe, expect, it } from '@jest/globals';
import { CommandWatch } from '../../../../../backend/engines/usenet/nntp/command-watch.js';
import { ManualClock } from '../../../../support/manual-clock.js';

function watched(): { watch: CommandWatch; clock: ManualClock; lateAt: () => number | null } {
  const clock = new ManualClock(0);
  let late: number | null = null;
  const onLate = (): void => {
    late ??= clock.now();
  };
  const timeouts = { firstByteMs: 1000, stallMs: 500, totalMs: 5000 };
  return { watch: new CommandWatch({ clock, timeouts, onLate }), clock, lateAt: () => late };
}

describe('command watch', () => {
  it('no first byte - is late on time', async () => {
    const { watch, clock, lateAt } = watched();
    watch.begin(false);
    await clock.advance(999);
    expect([lateAt(), watch.quietMs]).toEqual([null, 999]);
    await clock.advance(1);
    expect(lateAt()).toBe(1000);
  });

  it.each([
    ['as fast as they must', 400, 5000],
    ['too slowly', 300, 1700],
    ['one by one', 1, 501],
  ])('bytes that trickle %s - are late in time', async (_, bytesPer100Ms, lateAtMs) => {
    const { watch, clock, lateAt } = watched();
    watch.begin(false);
    for (let at = 0; at < 6000; at += 100) {
      watch.bytesCame(bytesPer100Ms);
      await clock.advance(100);
    }
    expect(Math.round(lateAt() ?? 0)).toBe(lateAtMs);
  });

  it('bytes that trickle after many - are late soon after', async () => {
    const { watch, clock, lateAt } = watched();
    watch.begin(false);
    for (let at = 0; at < 3000; at += 100) {
      watch.bytesCame(at < 1000 ? 100_000 : 1);
      await clock.advance(100);
    }
    expect(lateAt()).toBeGreaterThan(1300);
    expect(lateAt()).toBeLessThan(1500);
  });

  it('bytes that stop - are late soon after', async () => {
    const { watch, clock, lateAt } = watched();
    watch.begin(false);
    await clock.advance(900);
    watch.bytesCame(1);
    await clock.advance(2000);
    expect(lateAt()).toBe(1400);
  });

  it('what nobody wants - is given less time, and nobody waiting is never late', async () => {
    const { watch, clock, lateAt } = watched();
    watch.begin(false);
    watch.rest();
    await clock.advance(10_000);
    expect([lateAt(), watch.quietMs, clock.pending]).toEqual([null, 0, 0]);
    watch.begin(true);
    watch.stop();
    expect(clock.pending).toBe(0);
  });
});
