// How often a client may guess. Counts failures only: who knows the key is never punished.

import { LRUCache } from 'lru-cache';
import type { Clock } from '../platform/index.js';

interface Failures {
  readonly count: number;
  /** Epoch ms after which they are forgotten. */
  readonly untilMs: number;
}

/** Ten guesses in five minutes: plenty for fingers, nothing for a machine against 256 bits. */
const MAX_FAILURES = 10;
const WINDOW_MS = 5 * 60_000;
/** Clients remembered; the one seen longest ago is forgotten first. */
const MAX_CLIENTS = 10_000;

/** Bounded: what is forgotten when full was seen longest ago. */
export class SignInAttempts {
  readonly #failures = new LRUCache<string, Failures>({ max: MAX_CLIENTS });

  constructor(private readonly clock: Clock) {}

  /** Seconds until this client may try again; 0 when it may now. */
  waitSeconds(client: string): number {
    const failures = this.#current(client);
    if (failures === null || failures.count < MAX_FAILURES) return 0;
    return Math.max(1, Math.ceil((failures.untilMs - this.clock.now()) / 1000));
  }

  /** Notes a wrong key. */
  noteFailure(client: string): void {
    const failures = this.#current(client) ?? { count: 0, untilMs: this.clock.now() + WINDOW_MS };
    this.#failures.set(client, { ...failures, count: failures.count + 1 });
  }

  #current(client: string): Failures | null {
    const failures = this.#failures.get(client);
    return failures === undefined || failures.untilMs <= this.clock.now() ? null : failures;
  }
}
