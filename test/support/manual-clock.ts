// Time that passes only when a test says so.

import { setImmediate } from 'node:timers';
import type { Clock, Timer } from '../../backend/platform/index.js';

interface Alarm {
  at: number;
  readonly everyMs: number | null;
  readonly run: () => void;
}

/** A clock that stands still until `advance`. Its epoch begins at an ordinary day, so that differences look real. */
export class ManualClock implements Clock {
  #now: number;
  readonly #alarms = new Set<Alarm>();
  #sleeping = 0;

  constructor(startMs: number = Date.UTC(2030, 0, 1)) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const stop = (): void => {
        this.#sleeping -= 1;
        timer.cancel();
        reject(signal?.reason);
      };
      const timer = this.after(ms, () => {
        this.#sleeping -= 1;
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      this.#sleeping += 1;
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  every(ms: number, run: () => void): Timer {
    return this.#set({ at: this.#now + Math.max(1, ms), everyMs: Math.max(1, ms), run });
  }

  after(ms: number, run: () => void): Timer {
    return this.#set({ at: this.#now + Math.max(0, ms), everyMs: null, run });
  }

  /** Sleeps under way. */
  get sleeping(): number {
    return this.#sleeping;
  }

  /** Timers and sleeps still to come. */
  get pending(): number {
    return this.#alarms.size;
  }

  /** Lets `ms` pass: each alarm runs at its own time, and what it sets off settles before the next one. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.at);
      if (next.everyMs === null) this.#alarms.delete(next);
      else next.at += next.everyMs;
      next.run();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  #set(alarm: Alarm): Timer {
    this.#alarms.add(alarm);
    return { cancel: () => void this.#alarms.delete(alarm) };
  }

  #next(end: number): Alarm | undefined {
    return [...this.#alarms].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
  }
}

/** Promises that are ready run; so does what was put off to the next turn of the loop. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
