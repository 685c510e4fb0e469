// Time that passes faster than it does: what waits half a minute for a silent server waits a moment here, while sockets are
// as quick as ever. For tests of many parts, where no test can turn the time by hand.

import type { Clock, Timer } from '../../backend/platform/index.js';
import { ManualClock } from './manual-clock.js';

/** What passes at most from one turn of the loop to the next: while the machine does something else, time stands still here. */
const MOST_MS = 5;

/**
 * A clock that runs `factor` times as fast as the machine's, as long as somebody waits for it and this process gets to run:
 * who waits for a socket and a deadline at once never meets the deadline because neither was looked at.
 */
export class HurriedClock implements Clock {
  readonly #turned = new ManualClock();
  #isTurning = false;
  #turnedAt = 0;

  constructor(private readonly factor: number) {}

  now(): number {
    return this.#turned.now();
  }

  sleep(ms: number, options?: { readonly signal?: AbortSignal }): Promise<void> {
    this.#goOn();
    return this.#turned.sleep(ms, options);
  }

  every(ms: number, run: () => void): Timer {
    this.#goOn();
    return this.#turned.every(ms, run);
  }

  after(ms: number, run: () => void): Timer {
    this.#goOn();
    return this.#turned.after(ms, run);
  }

  #goOn(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    this.#turnedAt = performance.now();
    this.#later();
  }

  #later(): void {
    setTimeout(() => void this.#turn(), 1).unref();
  }

  async #turn(): Promise<void> {
    const now = performance.now();
    const passedMs = Math.min(now - this.#turnedAt, MOST_MS);
    this.#turnedAt = now;
    await this.#turned.advance(Math.round(passedMs * this.factor));
    if (this.#turned.pending > 0) this.#later();
    else this.#isTurning = false;
  }
}
