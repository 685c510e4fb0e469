import { describe, expect, it } from '@jest/globals';
import { SignInAttempts } from '../../../backend/access/index.js';
import { ManualClock } from '../../support/manual-clock.js';

describe('sign-in attempts', () => {
  it('failures - shut out the client that made them, until the window is over', async () => {
    const clock = new ManualClock();
    const attempts = new SignInAttempts(clock);
    for (let count = 0; count < 10; count += 1) attempts.noteFailure('10.0.0.1');
    expect([attempts.waitSeconds('10.0.0.1'), attempts.waitSeconds('10.0.0.2')]).toEqual([300, 0]);
    await clock.advance(300_000);
    expect(attempts.waitSeconds('10.0.0.1')).toBe(0);
  });
});
