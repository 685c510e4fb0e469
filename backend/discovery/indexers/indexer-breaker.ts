// When an indexer that fails is asked again: off for longer and longer, with a single probe at the end of each pause. A limit is
// no failure, only a pause. Pure: told the time, asks nothing. (The breaker of news servers is another one: it retries within a
// second, because a film waits for it; here other indexers answer meanwhile.)

import type { HeadstartError } from '../../content/index.js';

/** One or two failures are the weather. */
const FAILURES_TO_OPEN = 3;
const PAUSE_MS = 30_000;
const MAX_PAUSE_MS = 15 * 60_000;
/** A wrong key stays wrong until somebody changes it, and asking with it gets addresses blocked. */
const AUTH_PAUSE_MS = 5 * 60_000;
const MAX_AUTH_PAUSE_MS = 60 * 60_000;

export class IndexerBreaker {
  #failures = 0;
  #closedUntil = 0;
  #fault: HeadstartError | null = null;
  #isProbing = false;

  /** When it may be asked again, epoch ms; null while it may be asked. */
  retryAt(now: number): number | null {
    return now < this.#closedUntil ? this.#closedUntil : null;
  }

  /** Why it may not be asked now; null when it may. After a pause one who asks is let through, the others wait for how it fares. */
  enter(now: number): HeadstartError | null {
    if (this.#fault === null) return null;
    if (now < this.#closedUntil || this.#isProbing) return this.#fault;
    this.#isProbing = this.#failures >= FAILURES_TO_OPEN;
    return null;
  }

  /** A limit outlasts what was asked before it. */
  succeeded(now: number): void {
    this.#failures = 0;
    this.#isProbing = false;
    if (this.#fault?.code === 'INDEXER_LIMIT' && now < this.#closedUntil) return;
    this.#closedUntil = 0;
    this.#fault = null;
  }

  /** It was let through, and nothing is known of how it is: whoever asked has gone, or asked for too little. */
  abandoned(): void {
    this.#isProbing = false;
  }

  failed(fault: HeadstartError, now: number): void {
    this.#isProbing = false;
    const isAuth = fault.code === 'INDEXER_AUTH';
    this.#failures = Math.max(this.#failures + 1, isAuth ? FAILURES_TO_OPEN : 0);
    if (this.#failures < FAILURES_TO_OPEN) return;
    const doublings = Math.min(this.#failures - FAILURES_TO_OPEN, 16);
    const pauseMs = isAuth
      ? Math.min(AUTH_PAUSE_MS * 2 ** doublings, MAX_AUTH_PAUSE_MS)
      : Math.min(PAUSE_MS * 2 ** doublings, MAX_PAUSE_MS);
    this.#close(fault, now + pauseMs);
  }

  /** It asked to be left alone for `ms`. */
  limited(fault: HeadstartError, ms: number, now: number): void {
    this.#isProbing = false;
    this.#close(fault, now + ms);
  }

  #close(fault: HeadstartError, until: number): void {
    this.#fault = fault;
    this.#closedUntil = Math.max(this.#closedUntil, until);
  }
}
