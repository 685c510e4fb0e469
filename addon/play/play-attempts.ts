// Which attempt belongs to which play address, and what it came to: one tap's many requests share one, a seek stays on what
// was chosen, and what failed a moment ago is not tried again at once. Bounded: 1000 addresses, the least recently asked
// for are forgotten (and begin anew).

import { LRUCache } from 'lru-cache';
import { GoneError, type ContentId, type Job } from '../../backend/content/index.js';
import type { Clock, Logger, Timer } from '../../backend/platform/index.js';
import type { AddonJobs } from '../addon-deps.js';
import type { Alternatives } from './alternatives.js';
import { isPassing, type ClipReason } from './failure-reason.js';
import { PlayAttempt, type PlayAttemptOptions } from './play-attempt.js';
import type { PlayTarget } from './play-target.js';

export interface PlayAttemptsOptions {
  readonly jobs: Pick<AddonJobs, 'get' | 'open' | 'prepare' | 'untilStreamable'>;
  /** Null: what was pressed plays, or nothing does. */
  readonly alternatives: Pick<Alternatives, 'next'> | null;
  readonly outlookOf: PlayAttemptOptions['outlookOf'];
  /** Somebody took it out of the library. */
  readonly isRemoved: (contentId: ContentId) => boolean;
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
  /** It could only play what had been chosen before. */
  readonly isStay: boolean;
}

const MAX_ADDRESSES = 1000;
/** Who began longer ago is not watching that any more: another release may take its place. */
const STAYS_FOR_MS = 4 * 3600e3;

export class PlayAttempts {
  readonly #attempts = new LRUCache<string, Kept>({
    max: MAX_ADDRESSES,
    dispose: ({ attempt, limit }) => {
      limit.cancel();
      attempt.close();
    },
  });

  /** Epoch ms. */
  #forgottenAtMs = -1;

  constructor(private readonly o: PlayAttemptsOptions) {}

  /**
   * The attempt that runs for this address, or a new one. Where bytes were sent it is for the same release alone: those of
   * another one are no continuation. @throws {GoneError} when that was removed since
   */
  join(address: string, target: PlayTarget, knownFailure: ClipReason | null): PlayAttempt {
    const kept = this.#attempts.get(address);
    if (kept !== undefined && kept.attempt.end === null) return kept.attempt;
    const chosen = kept === undefined ? null : this.#chosenIn(kept);
    const { jobs, alternatives, outlookOf, clock, log, limitMs } = this.o;
    const others = chosen === null ? alternatives : null;
    const attempt = new PlayAttempt({
      first: chosen ?? target,
      knownFailure: chosen === null ? knownFailure : null,
      next: (tried, options) => others?.next(target, tried, options) ?? Promise.resolve(null),
      ...{ jobs, outlookOf, clock, log },
    });
    const limit = clock.after(limitMs, () => this.#giveUp(address, attempt));
    const startedAtMs = chosen === null || kept === undefined ? clock.now() : kept.startedAtMs;
    this.#attempts.set(address, { target, attempt, limit, startedAtMs, isStay: chosen !== null });
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

  /** Why nothing played here lately, where asking again could only end the same way; what was chosen may give way then. */
  failureOf(address: string): ClipReason | null {
    const kept = this.#attempts.peek(address);
    const end = kept?.attempt.end;
    if (kept === undefined || kept.isStay || end?.kind !== 'failed' || end.error !== null || isPassing(end.reason))
      return null;
    const isKept = kept.startedAtMs > this.#forgottenAtMs;
    return isKept && this.o.clock.now() < kept.startedAtMs + this.o.failureKeptMs ? end.reason : null;
  }

  /** What failed so far may go well from now on. */
  forgetFailures(): void {
    this.#forgottenAtMs = this.o.clock.now();
  }

  #chosenIn({ attempt: { end }, startedAtMs }: Kept): PlayTarget | null {
    if (end?.kind !== 'streamable' || this.o.clock.now() >= startedAtMs + STAYS_FOR_MS) return null;
    const { contentId } = end.job;
    if (contentId !== null && this.o.isRemoved(contentId)) throw new GoneError('This was removed from the library.');
    return end.target;
  }

  /** Nobody waits for it any more; the preparations go on by themselves. */
  #giveUp(address: string, attempt: PlayAttempt): void {
    if (attempt.end === null && this.#attempts.peek(address)?.attempt === attempt) this.#attempts.delete(address);
  }
}
