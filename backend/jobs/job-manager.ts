// Preparations: each content and file at most once at a time, with a deadline, told to whoever listens, kept across
// restarts. Requests that may turn out to be the same thing are decided within 300 ms; after that a job keeps its id for
// ever and becomes an alias where another one already prepares its file.

import {
  BusyError,
  ClosedError,
  GoneError,
  HeadstartError,
  NotFoundError,
  type ContentId,
  type EpisodeWish,
  type Job,
  type MediaFile,
  type Priority,
  type Source,
} from '../content/index.js';
import type { Clock, Logger, Timer } from '../platform/index.js';
import type { Engine } from './engine.js';
import { JobCourses, type JobTimeouts } from './job-courses.js';
import { errorOfFailure } from './job-failure.js';
import { JobKeeper } from './job-keeper.js';
import { contentKeyOf, keysOfJob, wishKey } from './job-key.js';
import { isActive, isFailed, isReady } from './job-machine.js';
import type { JobRecord } from './job-record.js';
import { DEFAULT_LIMITS, type JobRegistryLimits } from './job-registry.js';
import { ContentReaders } from './content-readers.js';
import type { JobLibrary, JobStore, JobWish } from './job-store.js';
import { UsedMediaFile } from './used-media-file.js';

export interface JobManagerOptions {
  readonly engines: readonly Engine[];
  readonly store: JobStore;
  readonly library: JobLibrary;
  readonly clock: Clock;
  readonly log: Logger;
  readonly timeouts: JobTimeouts;
  readonly limits?: JobRegistryLimits;
}

export interface PrepareRequest {
  readonly source: Source;
  /** What the source must turn out to be, where the caller knows it. */
  readonly contentId?: ContentId;
  readonly fileIndex?: number;
  readonly episode?: EpisodeWish;
  readonly titleId?: string;
  readonly priority?: Priority;
  /** What somebody took out of the library is not put back: the preparation ends with GONE. Default false. */
  readonly refusesRemoved?: boolean;
}

const MIN_SWEEP_INTERVAL_MS = 1_000;
const MAX_SWEEP_INTERVAL_MS = 30_000;

/** All preparations of the server. */
export class JobManager {
  readonly #options: JobManagerOptions;
  readonly #keeper: JobKeeper;
  readonly #courses: JobCourses;
  readonly #readers = new ContentReaders();
  #sweeper: Timer | null = null;
  #isClosed = false;

  constructor(options: JobManagerOptions) {
    const { engines, library, clock, log, timeouts, limits = DEFAULT_LIMITS } = options;
    this.#options = options;
    this.#keeper = new JobKeeper(options.store, log);
    this.#courses = new JobCourses({ engines, keeper: this.#keeper, library, clock, log, timeouts, limits });
  }

  /**
   * Takes up what was kept: active jobs prepare again under their ids, ready ones open again when they are read, and what
   * had not come of them comes in the background; aliases lead where they led. The time the server was down does not count
   * as disuse.
   */
  async start(): Promise<void> {
    const kept = this.#keeper.list();
    for (const stored of kept) if (stored.aliasOf === null) this.#courses.restore(stored);
    const lost = kept.filter(({ id, aliasOf }) => aliasOf !== null && !this.#courses.restoreAlias(id, aliasOf));
    this.#keeper.delete(lost.map(({ id }) => id));
    const quarterMs = this.#options.timeouts.linkGenerationTimeoutMs / 4;
    const sweepMs = Math.min(MAX_SWEEP_INTERVAL_MS, Math.max(MIN_SWEEP_INTERVAL_MS, quarterMs));
    this.#sweeper = this.#options.clock.every(sweepMs, () => this.#courses.sweep());
  }

  /**
   * Joins the job that prepares this already, or starts one; answers within 300 ms.
   * @throws {UnsupportedError} USENET_UNAVAILABLE; {InputError} when what was asked for is known not to exist;
   * {BusyError} when too much is going on; {ClosedError}
   */
  async prepare(request: PrepareRequest): Promise<Job> {
    if (this.#isClosed) throw new ClosedError();
    const { source, contentId } = request;
    this.#courses.engineOf(source);
    const wish = wishOf(request);
    let record = this.#courses.live(wishKey(contentId ?? contentKeyOf(source), wish));
    if (record !== null) this.#courses.enrich(record, source, wish);
    else record = this.#courses.begin({ source, wish, ...(contentId === undefined ? {} : { contentId }) });
    const answering = await record.identity.promise;
    this.#courses.use(answering);
    return this.#courses.snapshot(answering, answering.id ?? '');
  }

  /**
   * The preparation that this request would join, else the newest one that failed at exactly this; null without either. A
   * wish for a film or an episode is never taken for another one of the same content.
   */
  find(request: PrepareRequest): Job | null {
    const key = wishKey(request.contentId ?? contentKeyOf(request.source), wishOf(request));
    const failed = this.#courses
      .records()
      .filter((record) => isFailed(record.status) && keysOfJob(record).includes(key))
      .reduce<JobRecord | null>(
        (newest, one) => (newest !== null && newest.createdAt > one.createdAt ? newest : one),
        null,
      );
    const record = this.#courses.live(key) ?? failed;
    return record === null || record.id === null ? null : this.get(record.id);
  }

  /** What this source is, where it says so itself or a preparation has looked into it since the start; else null. */
  contentOf(source: Source): ContentId | null {
    return this.#courses.contentOf(source);
  }

  /** The job under this id (or alias); null when unknown or expired. Not a use by itself: see `touch`. */
  get(id: string): Job | null {
    const record = this.#courses.find(id);
    return record === null ? null : this.#courses.snapshot(record, id);
  }

  /** Somebody polled or read: the time to forget the job starts anew. */
  touch(id: string): void {
    const record = this.#courses.find(id);
    if (record !== null) this.#courses.use(record);
  }

  /** Every job once, oldest first. */
  list(): Job[] {
    return this.#courses
      .records()
      .flatMap((record) => (record.id === null ? [] : [this.#courses.snapshot(record, record.id)]));
  }

  /** Ends an active or streamable job as `cancelled`. False where there is nothing to end. */
  cancel(id: string): boolean {
    const record = this.#courses.find(id);
    return record !== null && this.#courses.cancel(record);
  }

  /** The content was removed: ends what prepares it, and nobody joins what was ready. The number of jobs ended. */
  cancelContent(contentId: ContentId): number {
    const records = this.#courses.records().filter((record) => record.contentId === contentId);
    const ended = records.filter((record) => this.#courses.cancel(record));
    for (const record of records) this.#courses.unclaim(record);
    return ended.length;
  }

  /**
   * Resolves with the job once its outcome is known: streamable, completed, failed or cancelled (see its `state`; `open`
   * throws what went wrong). Rejects with the signal's reason. @throws {NotFoundError}
   */
  async untilStreamable(id: string, options: { readonly signal: AbortSignal }): Promise<Job> {
    for (;;) {
      const record = this.#courses.find(id);
      if (record === null) throw new NotFoundError('Job not found');
      if (!isActive(record.status)) return this.#courses.snapshot(record, id);
      await record.untilSettled(options.signal);
    }
  }

  /**
   * The file of a ready job; its open readers keep the job alive.
   * @throws {NotFoundError}; {BusyError} while it is being prepared; {GoneError} once removed; else why it failed
   */
  async open(id: string, options: { readonly signal: AbortSignal }): Promise<MediaFile> {
    const record = this.#courses.find(id);
    if (record === null) throw new NotFoundError('Job not found');
    const { status } = record;
    if (isFailed(status))
      throw record.failure instanceof HeadstartError ? record.failure : errorOfFailure(status.error);
    if (!isReady(status)) throw new BusyError('The stream is not ready yet.', 3);
    this.#courses.use(record);
    const count = (readers: 1 | -1): void => {
      record.readers += readers;
      this.#courses.use(record);
    };
    return new UsedMediaFile(await this.#fileOf(record, options.signal), {
      started: (priority) => {
        count(1);
        this.#started(record.contentId, priority);
      },
      ended: () => {
        count(-1);
        this.#ended(record.contentId);
      },
    });
  }

  /**
   * A file of the library, job or none; waits for no bytes. @throws {GoneError} when it was removed; {NotFoundError}
   */
  async openContent(
    contentId: ContentId,
    fileIndex: number,
    options: { readonly signal: AbortSignal },
  ): Promise<MediaFile> {
    return new UsedMediaFile(await this.#openFile(contentId, fileIndex, options), {
      started: (priority) => this.#started(contentId, priority),
      ended: () => this.#ended(contentId),
    });
  }

  /** Somebody reads it, or it is being prepared. */
  isInUse(contentId: ContentId): boolean {
    const isPrepared = ({ contentId: id, status }: JobRecord): boolean =>
      id === contentId && (isActive(status) || status.state === 'streamable');
    return this.#readers.has(contentId) || this.#courses.records().some(isPrepared);
  }

  async #openFile(
    contentId: ContentId,
    fileIndex: number,
    options: { readonly signal: AbortSignal },
  ): Promise<MediaFile> {
    const { library } = this.#options;
    if (library.isRemoved(contentId)) throw new GoneError('This was removed.');
    const release = library.get(contentId);
    const file = release?.files.find(({ index }) => index === fileIndex);
    if (release === null || file === undefined || file.isPadding)
      throw new NotFoundError('There is no such file here.');
    this.#note(contentId, () => library.touch(contentId));
    return this.#courses.engineOf(release.source).open(release, file, options);
  }

  #started(contentId: ContentId | null, priority: Priority): void {
    if (contentId === null) return;
    this.#readers.started(contentId);
    if (priority === 'play') this.#note(contentId, () => this.#options.library.notePlayed(contentId));
  }

  /** It was in use until now, however long the reading took. */
  #ended(contentId: ContentId | null): void {
    if (contentId === null) return;
    this.#readers.ended(contentId);
    this.#note(contentId, () => this.#options.library.touch(contentId));
  }

  /** A use that cannot be noted (the disk is full) is no reason not to play. */
  #note(contentId: ContentId, note: () => void): void {
    try {
      note();
    } catch (err) {
      this.#options.log.warn({ err, contentId }, 'The library could not note a use');
    }
  }

  /** Calls `listener` with every job that changed, under each of its ids. Ends with the returned function. */
  subscribe(listener: (job: Job) => void): () => void {
    return this.#courses.feed.subscribe(listener);
  }

  /** Stops what runs, keeping it for the next start. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#sweeper?.cancel();
    await this.#courses.close();
  }

  async #fileOf(record: JobRecord, signal: AbortSignal): Promise<MediaFile> {
    const { contentId, fileIndex, prepared } = record;
    if (contentId === null || fileIndex === null) throw new NotFoundError('There is no such file here.');
    if (this.#options.library.isRemoved(contentId)) throw new GoneError('This was removed.');
    return prepared?.file ?? (await this.#openFile(contentId, fileIndex, { signal }));
  }
}

function wishOf({ fileIndex, episode, titleId, priority, refusesRemoved }: PrepareRequest): JobWish {
  return {
    ...(fileIndex === undefined ? {} : { fileIndex }),
    ...(episode === undefined ? {} : { episode }),
    ...(titleId === undefined ? {} : { titleId }),
    ...(priority === undefined ? {} : { priority }),
    ...(refusesRemoved === undefined ? {} : { refusesRemoved }),
  };
}
