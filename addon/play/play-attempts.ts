// Which attempt belongs to which play address, and what it came to: one tap's many requests share one, a seek stays on what
// was chosen, and what failed a moment ago is not tried again at once. Bounded: 1000 addresses, the least recently asked
// for are forgotten (and begin anew).

import { LRUCache } from 'lru-cache';
import type { Job } from '../../backend/content/index.js';
import type { Clock, Logger, Timer } from '../../backend/platform/index.js';
import type { AddonJobs } from '../addon-deps.js';
import type { Alternatives } from './alternatives.js';
import { isPassing, type ClipReason } from './failure-reason.js';
import { PlayAttempt } from './play-attempt.js';
import type { PlayTarget } from './play-target.js';

export interface PlayAttemptsOptions {
  readonly jobs: Pick<AddonJobs, 'get' | 'prepare' | 'untilStreamable'>;
  /** Null: what was pressed plays, or nothing does. */
  readonly alternatives: Pick<Alternatives, 'next'> | null;
  readonly clock: Clock;
  readonly log: Logger;
  /** An attempt nobody can be waiting for any more is given up after this. */
  readonly limitMs: number;
  /** How long a failure is an answer. */
  readonly failureKeptMs: number;
}

interface Kept {
  /** What was pressed. */
  readonly target: PlayTarget;
  readonly attempt: PlayAttempt;
  readonly limit: Timer;
  readonly startedAtMs: number;
}

const MAX_ADDRESSES = 1000;

export class PlayAttempts {
  readonly #attempts = new LRUCache<string, Kept>({
    max: MAX_ADDRESSES,
    dispose: ({ attempt, limit }) => {
      limit.cancel();
      attempt.close();
    },
  });

  constructor(private readonly o: PlayAttemptsOptions) {}

  /** The attempt that runs for this address, or a new one, beginning with what was chosen the last time. */
  join(address: string, target: PlayTarget, knownFailure: ClipReason | null): PlayAttempt {
    const kept = this.#attempts.get(address);
    if (kept !== undefined && kept.attempt.end === null) return kept.attempt;
    const chosen = kept?.attempt.end?.kind === 'streamable' ? kept.attempt.end.target : null;
    const { jobs, alternatives, clock, log, limitMs } = this.o;
    const attempt = new PlayAttempt({
      first: chosen ?? target,
      knownFailure: chosen === null ? knownFailure : null,
      next: (tried, options) => alternatives?.next(target, tried, options) ?? Promise.resolve(null),
      jobs,
      clock,
      log,
    });
    const limit = clock.after(limitMs, () => this.#giveUp(address, attempt));
    this.#attempts.set(address, { target, attempt, limit, startedAtMs: clock.now() });
    return attempt;
  }

  /** What this address stood for when it was played last; null where it was not, or that is forgotten. */
  targetOf(address: string): PlayTarget | null {
    return this.#attempts.peek(address)?.target ?? null;
  }

  /** The preparation that became streamable for this address, whatever was pressed; null when none did, or it is forgotten. */
  chosenFor(address: string): Job | null {
    const end = this.#attempts.peek(address)?.attempt.end;
    return end?.kind === 'streamable' ? this.o.jobs.get(end.job.id) : null;
  }

  /** Why nothing played here lately, where asking again could only end the same way. */
  failureOf(address: string): ClipReason | null {
    const kept = this.#attempts.peek(address);
    const end = kept?.attempt.end;
    if (kept === undefined || end?.kind !== 'failed' || end.error !== null || isPassing(end.reason)) return null;
    return this.o.clock.now() < kept.startedAtMs + this.o.failureKeptMs ? end.reason : null;
  }

  /** Nobody waits for it any more; the preparations go on by themselves. */
  #giveUp(address: string, attempt: PlayAttempt): void {
    if (attempt.end === null && this.#attempts.peek(address)?.attempt === attempt) this.#attempts.delete(address);
  }
}
