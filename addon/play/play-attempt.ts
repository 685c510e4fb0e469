// One attempt to play something: what was pressed first, then the next best, until one is streamable. It goes on between the
// requests of one play, as long as somebody waits. Knows neither addresses nor answers.

import type { Job } from '../../backend/content/index.js';
import type { Clock, Logger } from '../../backend/platform/index.js';
import type { AddonJobs } from '../addon-deps.js';
import { isPassing, type ClipReason } from './failure-reason.js';
import type { PlayTarget } from './play-target.js';
import { endOf, failureOf } from './job-end.js';

/** `error`: what was thrown instead of a failed job, where there was nothing else to try. */
export type AttemptEnd =
  | { readonly kind: 'streamable'; readonly job: Job; readonly target: PlayTarget }
  | { readonly kind: 'failed'; readonly reason: ClipReason; readonly error: Error | null };

export interface PlayAttemptOptions {
  readonly first: PlayTarget;
  /** Why `first` is known not to play; null where it shall be tried. */
  readonly knownFailure: ClipReason | null;
  /** The best that is not among those tried (by identity); null when there is none. */
  readonly next: (tried: ReadonlySet<string>, options: { readonly signal: AbortSignal }) => Promise<PlayTarget | null>;
  readonly jobs: Pick<AddonJobs, 'get' | 'prepare' | 'untilStreamable'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** After so long without a first byte the next best is prepared beside it; twice as long where bytes are coming. */
const PATIENCE_MS = 6_000;
const MAX_AT_ONCE = 3;
const MAX_TRIED = 8;

/** Bounded: three preparations at once, eight in all. Ends with `close`, at the latest. */
export class PlayAttempt {
  readonly #o: PlayAttemptOptions;
  readonly #ending = new AbortController();
  readonly #tried = new Set<string>();
  readonly #ended: Promise<AttemptEnd>;
  #finish: (end: AttemptEnd) => void = () => undefined;
  #end: AttemptEnd | null = null;
  #firstFailure: (AttemptEnd & { readonly kind: 'failed' }) | null = null;
  #firstJob: Job | null = null;
  #active = 0;
  #waiting = 0;
  /** Somebody must come back before another one is tried. */
  #isNextDue = false;
  #hasMore = true;

  constructor(options: PlayAttemptOptions) {
    this.#o = options;
    this.#ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#tried.add(options.first.identity);
    if (options.knownFailure === null) void this.#contest(options.first);
    else this.#failed({ kind: 'failed', reason: options.knownFailure, error: null });
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
    if (this.#isNextDue) void this.#tryNext();
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
    const { jobs, clock } = this.#o;
    this.#active += 1;
    let patience = { cancel: (): void => undefined };
    try {
      const job = await jobs.prepare(target.request);
      this.#firstJob ??= job;
      patience = clock.after(PATIENCE_MS, () => {
        if (jobs.get(job.id)?.state !== 'downloading') return void this.#tryNext();
        patience = clock.after(PATIENCE_MS, () => void this.#tryNext());
      });
      const ended = endOf(job) === null ? await jobs.untilStreamable(job.id, { signal: this.#ending.signal }) : job;
      const end = endOf(ended) ?? { kind: 'streamable' as const, job: ended };
      this.#active -= 1;
      if (end.kind === 'streamable') this.#conclude({ kind: 'streamable', job: end.job, target });
      else this.#failed({ kind: 'failed', reason: end.reason, error: null });
    } catch (error) {
      this.#active -= 1;
      if (!this.#ending.signal.aborted) this.#failed(failureOf(error, target.request.source.kind));
    } finally {
      patience.cancel();
    }
  }

  #failed(failure: AttemptEnd & { readonly kind: 'failed' }): void {
    this.#firstFailure ??= failure;
    if (isPassing(failure.reason)) this.#concludeFailed();
    else void this.#tryNext();
  }

  /** Prepares the next best beside what runs, where somebody waits for it. Never rejects. */
  async #tryNext(): Promise<void> {
    if (this.#end !== null || this.#ending.signal.aborted) return;
    if (!this.#hasMore || this.#tried.size >= MAX_TRIED) return this.#concludeFailed();
    this.#isNextDue = this.#waiting === 0;
    if (this.#isNextDue || this.#active >= MAX_AT_ONCE) return;
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
    if (this.#tried.has(next.identity)) return this.#tryNext();
    this.#tried.add(next.identity);
    this.#o.log.info({ tried: this.#tried.size }, 'The next best release is tried');
    await this.#contest(next);
  }

  /** Everything that was tried has failed: the first one's reason is what the viewer asked about. */
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
