// A caller's signal and a limit in time, as one signal. Leaves no listener or timer behind.

import { TimeoutError } from '../content/index.js';

/** One signal for two ends: the caller's, or the time's. Call `release` on every way out. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #follow = (): void => this.#controller.abort(this.#outer?.reason);

  /** Aborts with the reason of `outer`, or with a `TimeoutError` of this `message` after `ms`. */
  constructor(ms: number, message: string, outer?: AbortSignal) {
    this.#outer = outer;
    this.#timer = setTimeout(() => this.#controller.abort(new TimeoutError(message)), ms).unref();
    if (outer?.aborted === true) this.#follow();
    else outer?.addEventListener('abort', this.#follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the limit in time; the caller's signal still counts. */
  lift(): void {
    clearTimeout(this.#timer);
  }

  /** Ends both. Idempotent. */
  release(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#follow);
  }

  /** `promise`, or the rejection with the signal's reason when that comes first. */
  async race<Value>(promise: Promise<Value>): Promise<Value> {
    this.signal.throwIfAborted();
    let stop = (): void => undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
      stop = () => reject(this.signal.reason);
      this.signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([promise, aborted]);
    } finally {
      this.signal.removeEventListener('abort', stop);
    }
  }
}
