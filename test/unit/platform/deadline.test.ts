// Two ends in one signal.

import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { Deadline } from '../../../backend/platform/deadline.js';

describe('deadline', () => {
  it('time - aborts with a timeout that says what was waited for', async () => {
    const deadline = new Deadline(5, 'The server did not answer.');
    const holdOpen = setInterval(() => undefined, 1000);
    await once(deadline.signal, 'abort');
    clearInterval(holdOpen);
    expect(deadline.signal.reason).toMatchObject({ code: 'TIMEOUT', message: 'The server did not answer.' });
  });

  it('the caller’s signal - aborts with its own reason, also when it did before', () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const deadline = new Deadline(60_000, 'late', controller.signal);
    controller.abort(reason);
    expect(deadline.signal.reason).toBe(reason);
    expect(new Deadline(60_000, 'late', controller.signal).signal.reason).toBe(reason);
    deadline.release();
  });

  it('released - hears neither', () => {
    const controller = new AbortController();
    const deadline = new Deadline(60_000, 'late', controller.signal);
    deadline.release();
    controller.abort();
    expect(deadline.signal.aborted).toBe(false);
  });

  it('race - gives the answer, its error, or the reason, whichever comes first', async () => {
    const controller = new AbortController();
    const deadline = new Deadline(60_000, 'late', controller.signal);
    const reason = new Error('enough');
    await expect(deadline.race(Promise.resolve(1))).resolves.toBe(1);
    await expect(deadline.race(Promise.reject(new Error('no')))).rejects.toThrow('no');
    const hanging = deadline.race(new Promise(() => undefined));
    controller.abort(reason);
    await expect(hanging).rejects.toBe(reason);
    await expect(deadline.race(Promise.resolve(1))).rejects.toBe(reason);
    deadline.release();
  });
});
