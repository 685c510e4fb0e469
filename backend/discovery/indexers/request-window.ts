// How many requests may begin in any one minute. Pure: told the time, waits for nothing.

const MINUTE_MS = 60_000;

/**
 * Remembers when the last `perMinute` requests began, at most so many times; no minute sees more, wherever it begins. (A bucket
 * that refills would let nearly twice as many through in the minute after a pause.)
 */
export class RequestWindow {
  readonly #begun: number[] = [];

  constructor(private readonly perMinute: number) {}

  /** How long the next request has to wait, ms. */
  waitMs(now: number): number {
    return Math.max(0, this.#nextAt(now) - now);
  }

  /** Counts the next request; gives when it may begin, epoch ms, never before `now`. */
  take(now: number): number {
    const at = this.#nextAt(now);
    this.#begun.push(at);
    if (this.#begun.length > this.perMinute) this.#begun.shift();
    return at;
  }

  #nextAt(now: number): number {
    const oldest = this.#begun.length < this.perMinute ? undefined : this.#begun[0];
    return oldest === undefined ? now : Math.max(now, oldest + MINUTE_MS);
  }
}
