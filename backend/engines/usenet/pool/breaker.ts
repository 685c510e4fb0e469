// When a provider that fails is asked again: a short series of retries first, then off for longer and longer, with a single probe
// at the end of each pause. Pure: told the time, dials nothing.

import type { UpstreamError } from '../../../content/index.js';

/**
 * `closed`: nothing is wrong; `retrying`: it failed, one more try is worth waiting for; `open`: nobody waits for it;
 * `probe`: its pause is over, one try decides.
 */
export type BreakerState = 'closed' | 'retrying' | 'open' | 'probe';

/** The first failures in a row are answered with these pauses; a server that restarts is back before they are over. */
const RETRY_MS = [250, 1000];
const PAUSE_MS = 5000;
const MAX_PAUSE_MS = 5 * 60_000;
/** A wrong password stays wrong until somebody changes it, and asking often gets accounts locked. */
const AUTH_PAUSE_MS = 60_000;
const MAX_AUTH_PAUSE_MS = 30 * 60_000;

export class Breaker {
  #failures = 0;
  #retryAt = 0;
  #fault: UpstreamError | null = null;

  /** Why it is not closed. */
  get fault(): UpstreamError | null {
    return this.#fault;
  }

  /** When the next try is allowed, epoch ms. */
  get retryAt(): number {
    return this.#retryAt;
  }

  state(now: number): BreakerState {
    if (this.#failures === 0) return 'closed';
    if (this.#failures <= RETRY_MS.length) return 'retrying';
    return now < this.#retryAt ? 'open' : 'probe';
  }

  succeeded(): void {
    this.#failures = 0;
    this.#retryAt = 0;
    this.#fault = null;
  }

  /**
   * Returns whether this failure opened it. A timeout opens at once: it has cost enough already. During a pause only news counts:
   * what fails then was begun before.
   */
  failed(fault: UpstreamError, now: number, isTimeout = false): boolean {
    const isAuth = fault.code === 'PROVIDER_AUTH';
    const isNews = isAuth !== (this.#fault?.code === 'PROVIDER_AUTH');
    if (!isNews && now < this.#retryAt) return false;
    const wasOpen = this.#failures > RETRY_MS.length;
    if (isNews) this.#failures = 0;
    if (isAuth || isTimeout) this.#failures = Math.max(this.#failures, RETRY_MS.length);
    this.#failures += 1;
    this.#fault = fault;
    this.#retryAt = now + this.#pauseMs(isAuth);
    return !wasOpen && this.#failures > RETRY_MS.length;
  }

  #pauseMs(isAuth: boolean): number {
    const retryMs = RETRY_MS[this.#failures - 1];
    if (retryMs !== undefined) return retryMs;
    const doublings = Math.min(this.#failures - RETRY_MS.length - 1, 16);
    return isAuth
      ? Math.min(AUTH_PAUSE_MS * 2 ** doublings, MAX_AUTH_PAUSE_MS)
      : Math.min(PAUSE_MS * 2 ** doublings, MAX_PAUSE_MS);
  }
}
