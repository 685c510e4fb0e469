// Time that passes faster than it does: what waits half a minute for a silent server waits a moment here, while sockets are
// as quick as ever. For tests of many parts, where no test can turn the time by hand.

import { systemClock, type Clock, type Timer } from '../../backend/platform/index.js';

/** A clock that runs `factor` times as fast as the machine's. */
export class HurriedClock implements Clock {
  readonly #startedAt = systemClock.now();

  constructor(private readonly factor: number) {}

  now(): number {
    return Math.floor(this.#startedAt + (systemClock.now() - this.#startedAt) * this.factor);
  }

  sleep(ms: number, options?: { readonly signal?: AbortSignal }): Promise<void> {
    return systemClock.sleep(Math.ceil(ms / this.factor), options);
  }

  every(ms: number, run: () => void): Timer {
    return systemClock.every(Math.ceil(ms / this.factor), run);
  }

  after(ms: number, run: () => void): Timer {
    return systemClock.after(Math.ceil(ms / this.factor), run);
  }
}
