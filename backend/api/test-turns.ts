// Tests of accounts elsewhere, as the admin starts them by hand: one per account at a time, few at once, each within its
// time, and none for a caller who has gone. Knows nothing of what is tested.

import type { Response } from 'express';
import { BusyError, TimeoutError } from '../content/index.js';
import type { Clock } from '../platform/index.js';

export interface TestTurnsOptions {
  readonly clock: Clock;
  /** For people, in the middle of a sentence: `indexer`. */
  readonly what: string;
}

/** Below the 25 s within which every request is answered. */
const TIMEOUT_MS = 20_000;
const MAX_TESTS = 16;

/** Holds at most 16 tests; when full, another one is refused. */
export class TestTurns {
  readonly #underTest = new Set<string>();

  constructor(private readonly options: TestTurnsOptions) {}

  /**
   * What `test` finds, or null when the caller of `res` went away meanwhile.
   * @throws {BusyError} while the same `key` is tested, or too many are; {TimeoutError} after 20 s
   */
  async run<Findings>(
    key: string,
    res: Response,
    test: (signal: AbortSignal) => Promise<Findings>,
  ): Promise<Findings | null> {
    const { what } = this.options;
    if (this.#underTest.has(key)) throw new BusyError(`This ${what} is being tested already.`);
    if (this.#underTest.size >= MAX_TESTS) throw new BusyError('Too many tests are running already.');
    this.#underTest.add(key);
    try {
      return await this.#inTime(res, test);
    } finally {
      this.#underTest.delete(key);
    }
  }

  async #inTime<Findings>(res: Response, test: (signal: AbortSignal) => Promise<Findings>): Promise<Findings | null> {
    const { clock, what } = this.options;
    const ending = new AbortController();
    const timer = clock.after(TIMEOUT_MS, () => ending.abort(new TimeoutError(`The ${what} did not answer in time.`)));
    const gone = (): void => ending.abort();
    res.once('close', gone);
    try {
      return await test(ending.signal);
    } catch (error) {
      if (res.destroyed || res.closed) return null;
      throw error;
    } finally {
      timer.cancel();
      res.off('close', gone);
    }
  }
}
