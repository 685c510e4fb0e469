// One attempt to play something: what was pressed first, then the next best, until one is streamable. It goes on between the
// requests of one play, as long as somebody waits. Knows neither addresses nor answers.

import { GoneError, type Job } from '../../backend/content/index.js';
import type { Clock, Logger } from '../../backend/platform/index.js';
import type { AddonJobs } from '../addon-deps.js';
import { isPassing, type ClipReason } from './failure-reason.js';
import type { PlayTarget } from './play-target.js';
import { endOf, failureOf, type JobEnd } from './job-end.js';
import type { Outlook } from './swarm-outlook.js';

/** Why another one is tried. */
type Because = Outlook | 'downloading' | 'failed';

type Failure = JobEnd & { readonly kind: 'failed' };

export type AttemptEnd = { readonly kind: 'streamable'; readonly job: Job; readonly target: PlayTarget } | Failure;

export interface PlayAttemptOptions {
  readonly first: PlayTarget;
  /** Why `first` is known not to play; null where it shall be tried. */
  readonly knownFailure: ClipReason | null;
  /** The best that is not among those tried (by identity); null when there is none. */
  readonly next: (tried: ReadonlySet<string>, options: { readonly signal: AbortSignal }) => Promise<PlayTarget | null>;
  readonly jobs: Pick<AddonJobs, 'get' | 'open' | 'prepare' | 'untilStreamable'>;
  /** How likely it is that a preparation gets anything soon. */
  readonly outlookOf: (job: Job) => Outlook;
  readonly clock: Clock;
  readonly log: Logger;
}

/** After so long without a first byte the next best is prepared beside it; it goes on itself, and may still be first. */
const PATIENCE_MS: Readonly<Record<Outlook | 'downloading', number>> = {
  deserted: 1_500,
  alone: 3_000,
  hopeful: 6_000,
  downloading: 12_000,
};
const LOOK_MS = 500;
/** Besides those whose patience is over and that nobody is met of: they cost nothing. */
const MAX_AT_ONCE = 3;
const MAX_TRIED = 8;

/** Bounded: three preparations at once (and what nobody is met of), eight in all. Ends with `close`, at the latest. */
export class PlayAttempt {
  readonly #o: PlayAttemptOptions;
  readonly #ending = new AbortController();
  readonly #tried = new Set<string>();
  readonly #ended: Promise<AttemptEnd>;
  #finish: (end: AttemptEnd) => void = () => undefined;
  #end: AttemptEnd | null = null;
  /** Why what was pressed does not play, whatever failed before it. */
  #firstFailure: Failure | null = null;
  #firstJob: Job | null = null;
  #active = 0;
  /** Of the active ones, those that take no place. */
  readonly #unmet = new Set<PlayTarget>();
  #waiting = 0;
  /** Another one is tried once somebody waits for it, and there is a place. */
  #nextDue: Because | null = null;
  #hasMore = true;

  constructor(options: PlayAttemptOptions) {
    this.#o = options;
    this.#ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#tried.add(options.first.identity);
    if (options.knownFailure === null) void this.#contest(options.first);
    else this.#failed(options.first, { kind: 'failed', reason: options.knownFailure, error: null });
  }

  /** Null while it goes on. */
  get end(): AttemptEnd | null {
    return this.#end;
  }

  /** The preparation of what was pressed; null before it began. */
  get firstJob(): Job | null {
    return this.#firstJob;
  }

  /** The end, or null after `holdMs`. @throws the reason of `gone` */
  async wait({ holdMs, gone }: { readonly holdMs: number; readonly gone: AbortSignal }): Promise<AttemptEnd | null> {
    gone.throwIfAborted();
    if (this.#end !== null) return this.#end;
    const done = new AbortController();
    const hold = this.#o.clock
      .sleep(holdMs, { signal: AbortSignal.any([gone, done.signal]) })
      .then(() => null)
      .catch(() => {
        gone.throwIfAborted();
        return null;
      });
    this.#waiting += 1;
    this.#tryDue();
    try {
      return await Promise.race([this.#ended, hold]);
    } finally {
      this.#waiting -= 1;
      done.abort();
      hold.catch(() => undefined);
    }
  }

  /** Nothing more is tried; preparations that run go on by themselves. Idempotent. */
  close(): void {
    this.#ending.abort();
  }

  /** Never rejects. */
  async #contest(target: PlayTarget): Promise<void> {
    this.#active += 1;
    const end = await this.#outcomeOf(target);
    this.#active -= 1;
    if (end?.kind === 'streamable') this.#conclude({ ...end, target });
    else if (end !== null) this.#failed(target, end);
  }

  /** How its preparation ends; null where the attempt is over before. Never rejects. */
  async #outcomeOf(target: PlayTarget): Promise<JobEnd | null> {
    const { jobs } = this.#o;
    const { request } = target;
    let unwatch = (): void => undefined;
    try {
      const job = await jobs.prepare(request);
      this.#firstJob ??= job;
      unwatch = this.#watch(target, job);
      const last = endOf(job) === null ? await jobs.untilStreamable(job.id, { signal: this.#ending.signal }) : job;
      const end = endOf(last) ?? { kind: 'streamable', job: last };
      // What was ready before a restart may be had no more.
      if (end.kind === 'streamable') await jobs.open(end.job.id, { signal: this.#ending.signal });
      return end;
    } catch (error) {
      return this.#ending.signal.aborted ? null : failureOf(error, request.source.kind);
    } finally {
      unwatch();
    }
  }

  /**
   * Has the next best tried beside it once it took too long for what is known of it. From then on it takes a place only
   * while there is somebody to give it. Ends with the returned function.
   */
  #watch(target: PlayTarget, job: Job): () => void {
    const { jobs, clock, outlookOf } = this.#o;
    const startedAtMs = clock.now();
    let isLeft = false;
    const looks = clock.every(LOOK_MS, () => {
      const now = jobs.get(job.id) ?? job;
      const outlook = now.state === 'downloading' ? now.state : outlookOf(now);
      const isLate = clock.now() >= startedAtMs + PATIENCE_MS[outlook];
      if (isLate && (outlook === 'deserted' || outlook === 'alone')) this.#unmet.add(target);
      else this.#unmet.delete(target);
      if (!isLate || isLeft) return this.#tryDue();
      isLeft = true;
      void this.#tryNext(outlook);
    });
    return () => {
      looks.cancel();
      this.#unmet.delete(target);
    };
  }

  /** What was pressed and was removed is gone: that is no reason to play something else. */
  #failed(target: PlayTarget, failure: Failure): void {
    if (target === this.#o.first) this.#firstFailure = failure;
    if (failure.error instanceof GoneError && this.#tried.size === 1) this.#conclude(failure);
    else if (isPassing(failure.reason)) this.#concludeFailed();
    else void this.#tryNext('failed');
  }

  #tryDue(): void {
    if (this.#nextDue !== null) void this.#tryNext(this.#nextDue);
  }

  /** Prepares the next best beside what runs, where somebody waits for it. Never rejects. */
  async #tryNext(because: Because): Promise<void> {
    if (this.#end !== null || this.#ending.signal.aborted) return;
    if (!this.#hasMore || this.#tried.size >= MAX_TRIED) return this.#concludeFailed();
    const mayBegin = this.#waiting > 0 && this.#active - this.#unmet.size < MAX_AT_ONCE;
    this.#nextDue = mayBegin ? null : because;
    if (!mayBegin) return;
    this.#active += 1;
    const next = await this.#o.next(this.#tried, { signal: this.#ending.signal }).catch((error: unknown) => {
      if (!this.#ending.signal.aborted) this.#o.log.warn({ err: error }, 'Nothing else could be looked for');
      return null;
    });
    this.#active -= 1;
    this.#hasMore = next !== null;
    if (next === null) return this.#concludeFailed();
    if (this.#end !== null || this.#ending.signal.aborted) return;
    // Two may have been looking at once, when time was up and something failed: both found the same one.
    if (this.#tried.has(next.identity)) return this.#tryNext(because);
    this.#tried.add(next.identity);
    this.#o.log.info({ tried: this.#tried.size, because }, 'The next best release is tried');
    await this.#contest(next);
  }

  /** Everything that was tried has failed: the reason of what was pressed is what the viewer asked about. */
  #concludeFailed(): void {
    if (this.#active === 0 && this.#firstFailure !== null) this.#conclude(this.#firstFailure);
  }

  #conclude(end: AttemptEnd): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.#finish(end);
    this.close();
  }
}
