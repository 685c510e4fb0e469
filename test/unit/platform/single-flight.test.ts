import { describe, expect, it } from '@jest/globals';
import { SingleFlight } from '../../../backend/platform/single-flight.js';

describe('SingleFlight', () => {
  it('callers of one key - share one run', async () => {
    const flights = new SingleFlight<number>();
    const { signal } = new AbortController();
    let runs = 0;
    const work = async (): Promise<number> => ++runs;
    expect(await Promise.all([flights.run('a', work, signal), flights.run('a', work, signal)])).toEqual([1, 1]);
    expect(await flights.run('a', work, signal)).toBe(2);
  });

  it('one who leaves - ends nothing for the others', async () => {
    const flights = new SingleFlight<string>();
    const leaving = new AbortController();
    let finish = (_: string): void => undefined;
    const work = (signal: AbortSignal): Promise<string> =>
      new Promise((resolve, reject) => {
        finish = resolve;
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    const left = flights.run('a', work, leaving.signal);
    const stayed = flights.run('a', work, new AbortController().signal);
    const reason = new Error('gone');
    leaving.abort(reason);
    await expect(left).rejects.toBe(reason);
    finish('done');
    await expect(stayed).resolves.toBe('done');
  });

  it('the last one who leaves - ends the work', async () => {
    const flights = new SingleFlight<never>();
    const leaving = new AbortController();
    let ended: unknown = null;
    const work = (signal: AbortSignal): Promise<never> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          ended = signal.reason;
          reject(signal.reason as Error);
        });
      });
    const left = flights.run('a', work, leaving.signal);
    const reason = new Error('gone');
    leaving.abort(reason);
    await expect(left).rejects.toBe(reason);
    expect(ended).toBe(reason);
  });

  it('a failure - is told to all and not kept', async () => {
    const flights = new SingleFlight<number>();
    const { signal } = new AbortController();
    const failure = new Error('no');
    const fail = (): Promise<number> => Promise.reject(failure);
    const both = [flights.run('a', fail, signal), flights.run('a', fail, signal)];
    for (const one of both) await expect(one).rejects.toBe(failure);
    await expect(flights.run('a', async () => 3, signal)).resolves.toBe(3);
  });
});
