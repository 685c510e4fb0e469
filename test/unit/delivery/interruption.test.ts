import { describe, expect, it } from '@jest/globals';

import { Interruption } from '../../../backend/delivery/interruption.js';

describe('interruption', () => {
  it('interruption - a wait settles as what it waits for', async () => {
    const interruption = new Interruption();
    await expect(interruption.wait(Promise.resolve(5))).resolves.toBe(5);
    await expect(interruption.wait(Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect([interruption.ending, interruption.signal.aborted]).toEqual([null, false]);
  });

  it('interruption - an ending wakes the wait, aborts the signal, and comes once', async () => {
    const interruption = new Interruption();
    const waiting = interruption.wait(new Promise(() => undefined));
    const reason = new Error('stalled');
    interruption.end({ kind: 'stalled', error: reason });
    interruption.end({ kind: 'client-gone' });
    await expect(waiting).rejects.toBe(reason);
    expect([interruption.ending?.kind, interruption.signal.reason]).toEqual(['stalled', reason]);
  });

  it('interruption - after the end every wait fails at once', async () => {
    const interruption = new Interruption();
    interruption.end({ kind: 'client-gone' });
    await expect(interruption.wait(new Promise(() => undefined))).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('interruption - what fails after the end is no unhandled rejection', async () => {
    const interruption = new Interruption();
    let fail: (error: Error) => void = () => undefined;
    const waiting = interruption.wait(new Promise((_resolve, reject) => (fail = reject)));
    interruption.end({ kind: 'ended-by-hand' });
    fail(new Error('late'));
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
