// Time as a parameter: whoever waits or measures takes a Clock, so that tests can turn it by hand.

/** Wall clock and timers. Timers alone do not keep the process alive. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when that comes first. */
  sleep(ms: number, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Calls `run` every `ms` until cancelled. */
  every(ms: number, run: () => void): Timer;
  /** Calls `run` once after `ms` unless cancelled. */
  after(ms: number, run: () => void): Timer;
}

/** A pending call. */
export interface Timer {
  /** Idempotent. */
  cancel(): void;
}

/** The clock of the machine. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  sleep: (ms: number, options: { readonly signal?: AbortSignal } = {}) => sleep(ms, options.signal),
  every: (ms: number, run: () => void) => {
    const timer = setInterval(run, ms).unref();
    return { cancel: () => clearInterval(timer) };
  },
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms).unref();
    return { cancel: () => clearTimeout(timer) };
  },
});

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms).unref();
    signal?.addEventListener('abort', stop, { once: true });
  });
}
