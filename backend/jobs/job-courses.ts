// The course of every job, from the request to its last state: who runs, who joins whom, what is told and kept. The public
// face is the manager's. Within the decision window a record has no id yet and is known to nobody.

import { LRUCache } from 'lru-cache';
import {
  ClosedError,
  GoneError,
  HeadstartError,
  InputError,
  UnsupportedError,
  usenetUnavailable,
  type ContentId,
  type Job,
  type Source,
} from '../content/index.js';
import type { Clock, Logger } from '../platform/index.js';
import type { Engine, PreparedFile } from './engine.js';
import { describeError, errorOfFailure } from './job-failure.js';
import { JobFeed } from './job-feed.js';
import type { JobKeeper } from './job-keeper.js';
import { contentKeyOf, contentKeyOfJobId, fileKey, keysOfJob, knownContentId, wishKey } from './job-key.js';
import { isActive, isFailed, isReady } from './job-machine.js';
import { JobRecord } from './job-record.js';
import { JobRegistry, type JobRegistryLimits } from './job-registry.js';
import { runJob } from './job-run.js';
import type { JobLibrary, JobWish, StoredJob } from './job-store.js';

/** In ms; a `Config` fits. */
export interface JobTimeouts {
  /** A job that is not streamable by then has failed. */
  readonly prepareTimeoutMs: number;
  /** A settled job is forgotten this long after its last use. */
  readonly linkGenerationTimeoutMs: number;
  /** How often progress is told and kept. */
  readonly progressUpdateIntervalMs: number;
}

export interface JobCoursesOptions {
  readonly engines: readonly Engine[];
  readonly keeper: JobKeeper;
  readonly library: JobLibrary;
  readonly clock: Clock;
  readonly log: Logger;
  readonly timeouts: JobTimeouts;
  readonly limits: JobRegistryLimits;
}

/** What a job is begun with. */
export interface JobOrder {
  readonly source: Source;
  /** What the source must turn out to be, where it is known. */
  readonly contentId?: ContentId;
  readonly wish: JobWish;
}

/** So long an answer may wait for content and file to be known. */
const DECISION_WINDOW_MS = 300;
/** Addresses whose content is remembered beyond their jobs; the one not asked for longest is forgotten. */
const MAX_ADDRESSES = 5_000;

export class JobCourses {
  readonly feed: JobFeed;
  readonly #options: JobCoursesOptions;
  readonly #log: Logger;
  readonly #keeper: JobKeeper;
  readonly #registry: JobRegistry;
  readonly #running = new Set<Promise<void>>();
  /** What addresses led to, by their content keys. */
  readonly #contents = new LRUCache<ContentId, ContentId>({ max: MAX_ADDRESSES });
  #isClosed = false;

  constructor(options: JobCoursesOptions) {
    const { clock, log, timeouts } = options;
    this.#options = options;
    this.#log = log;
    this.#keeper = options.keeper;
    this.#registry = new JobRegistry(options.limits, (record) => this.#dropped(record));
    this.feed = new JobFeed({
      intervalMs: timeouts.progressUpdateIntervalMs,
      clock,
      log,
      keep: (record) => this.#keeper.update(record),
      snapshots: (record) => this.#registry.idsOf(record).map((id) => this.snapshot(record, id)),
    });
  }

  /** Every record, oldest first; those without an id yet among them. */
  records(): JobRecord[] {
    return this.#registry.records();
  }

  /** The content of a source, at once where the source names it; null for an address that was not looked into, or long ago. */
  contentOf(source: Source): ContentId | null {
    return knownContentId(source) ?? this.#contents.get(contentKeyOf(source)) ?? null;
  }

  /** Starts preparing; `record.identity` tells within the decision window who answers. @throws {BusyError} when full */
  begin(order: JobOrder): JobRecord {
    const { source, wish } = order;
    const contentKey = order.contentId ?? contentKeyOf(source);
    const contentId = order.contentId ?? knownContentId(source);
    const { clock } = this.#options;
    const record = new JobRecord({ contentKey, contentId, source, wish, createdAt: clock.now() });
    this.#registry.add(record);
    this.#registry.claim(record, wishKey(contentKey, wish));
    const window = clock.after(DECISION_WINDOW_MS, () => this.conclude(record));
    void record.identity.promise.finally(() => window.cancel()).catch(() => undefined);
    this.#run(record);
    return record;
  }

  /** A later request joins: it may know more ways to the content, its title, and be more urgent. */
  enrich(record: JobRecord, source: Source, wish: JobWish): void {
    this.engineOf(source).learn?.(source);
    record.raise(wish.priority ?? 'prepare');
    record.refusesRemoved &&= wish.refusesRemoved ?? false;
    if (wish.titleId === undefined || record.titleId !== null) return;
    record.titleId = wish.titleId;
    if (record.release !== null) this.#options.library.remember(record.release, { titleId: wish.titleId });
  }

  /** Stops what runs, keeping it as it is. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const record of this.records()) {
      this.conclude(record);
      record.controller.abort(new ClosedError());
      this.#keeper.update(record);
    }
    await Promise.all(this.#running);
    this.feed.close();
  }

  #run(record: JobRecord): void {
    const course = this.#follow(record).finally(() => this.#running.delete(course));
    this.#running.add(course);
  }

  async #follow(record: JobRecord): Promise<void> {
    try {
      const engine = this.engineOf(record.source);
      const prepared = await runJob(record, {
        engine,
        library: this.#options.library,
        clock: this.#options.clock,
        timeoutMs: this.#options.timeouts.prepareTimeoutMs,
        report: (report) => {
          if (record.apply({ type: 'stageReported', report, method: engine.method })) this.feed.changed(record);
        },
        decided: () => this.#decided(record),
      });
      if (prepared !== null) this.#becameStreamable(record, prepared);
    } catch (error) {
      this.#failed(record, error);
    }
  }

  /** Content and file are known: the answer can say so, unless this is what another job prepares already. */
  #decided(record: JobRecord): boolean {
    const { contentId, fileIndex } = record;
    if (contentId !== null) this.#contents.set(record.contentKey, contentId);
    if (contentId === null || fileIndex === null) return true;
    const key = fileKey(contentId, fileIndex);
    const other = this.live(key);
    if (other !== null && other !== record) {
      this.#join(record, other);
      return false;
    }
    for (const found of keysOfJob(record)) this.#registry.claim(record, found);
    this.conclude(record);
    this.feed.changed(record);
    return true;
  }

  #join(record: JobRecord, target: JobRecord): void {
    const { priority, refusesRemoved } = record;
    this.enrich(target, record.source, { ...record.wish, priority, refusesRemoved });
    record.joined = target;
    this.#registry.join(record, target);
    this.feed.forget(record);
    if (record.id !== null) {
      this.conclude(target);
      for (const id of [record.id, ...record.aliases]) this.#keeper.alias(id, target);
      this.use(target);
      this.feed.changed(target);
      this.#log.info({ jobId: record.id }, `Background: ${record.id} goes on as ${target.id}`);
    }
    record.identity.resolve(target.identity.promise);
    record.wake();
  }

  /** Gives the record its id, whatever is known of it by now; from here on it exists for everyone. */
  conclude(record: JobRecord): void {
    if (record.id !== null || record.joined !== null) return;
    const id = this.#registry.identify(record, record.createdAt);
    this.#keeper.insert(record);
    this.#log.info({ jobId: id }, `Background: Starting stream preparation for ${id}`);
    record.identity.resolve(record);
    this.feed.changed(record);
  }

  #becameStreamable(record: JobRecord, prepared: PreparedFile): void {
    const wasReady = isReady(record.status);
    if (!record.apply({ type: 'becameStreamable', method: prepared.method }) && !wasReady) return;
    record.prepared = prepared;
    if (!wasReady) this.use(record);
    this.#log.info({ jobId: record.id }, `Background: Stream ready via ${prepared.method} for ${record.id}`);
    this.feed.changed(record);
    prepared.completed.then(
      () => {
        if (record.apply({ type: 'completed' })) this.feed.changed(record);
      },
      (error: unknown) => {
        if (record.controller.signal.aborted) return;
        this.#log.warn({ jobId: record.id, error }, `Background: the rest did not come for ${record.id}`);
      },
    );
  }

  #failed(record: JobRecord, error: unknown): void {
    if (this.#isClosed || record.joined !== null || !isActive(record.status)) return;
    if (record.id === null && error instanceof InputError) {
      record.apply({ type: 'failed', error: describeError(error) });
      this.#registry.drop(record);
      record.identity.reject(error);
      return;
    }
    this.conclude(record);
    if (record.contentId !== null) this.#contents.set(record.contentKey, record.contentId);
    record.failure = error;
    const failure = describeError(error);
    record.apply({ type: 'failed', error: failure });
    this.#settle(record);
    const line = `Background: Stream preparation failed for ${record.id}: ${failure.message}`;
    if (error instanceof HeadstartError) this.#log.warn({ jobId: record.id, code: failure.code }, line);
    else this.#log.error({ jobId: record.id, error }, line);
  }

  /** False where there is nothing to end. */
  cancel(record: JobRecord): boolean {
    this.conclude(record);
    if (!record.apply({ type: 'cancelled' })) return false;
    record.prepared = null;
    record.controller.abort(errorOfFailure({ code: 'CANCELLED', message: 'Cancelled' }));
    this.#settle(record);
    this.#log.info({ jobId: record.id }, `Background: Cancelled ${record.id}`);
    return true;
  }

  /** It failed: it can be polled, but the next request starts a new attempt. */
  #settle(record: JobRecord): void {
    this.#registry.unclaim(record);
    this.use(record);
    this.feed.changed(record);
  }

  /** Takes up a kept job: an active one prepares again under its id, and of one that plays comes the rest. */
  restore(stored: StoredJob): void {
    const record = JobRecord.restore(stored, contentKeyOfJobId(stored.id) ?? contentKeyOf(stored.source));
    try {
      this.#registry.add(record);
    } catch (error) {
      this.#log.warn({ jobId: stored.id, error }, 'a kept job found no room');
      this.#keeper.delete([stored.id]);
      return;
    }
    record.usedAt = this.#options.clock.now();
    if (isFailed(record.status)) return;
    for (const key of keysOfJob(record)) this.#registry.claim(record, key);
    if (!isActive(record.status) && !this.#lacksRest(record)) return;
    this.#log.info({ jobId: stored.id }, `Background: Starting stream preparation for ${stored.id}`);
    this.#run(record);
  }

  #lacksRest({ status, contentId }: JobRecord): boolean {
    return status.state === 'streamable' && contentId !== null && this.#options.library.get(contentId) !== null;
  }

  /** The job one may join for this key: active or ready, and its content not removed meanwhile. */
  live(key: string): JobRecord | null {
    const record = this.#registry.byKey(key);
    if (record === null || this.#dropIfExpired(record)) return null;
    const isRemoved = record.contentId !== null && this.#options.library.isRemoved(record.contentId);
    if (!isReady(record.status) || !isRemoved) return record;
    this.#registry.unclaim(record);
    return null;
  }

  /** A kept alias. False when its job is gone. */
  restoreAlias(id: string, targetId: string): boolean {
    return this.#registry.alias(id, targetId);
  }

  /** Nobody joins the record any more; its ids stay. */
  unclaim(record: JobRecord): void {
    this.#registry.unclaim(record);
  }

  /** By id or alias. */
  find(id: string): JobRecord | null {
    const record = this.#registry.byId(id);
    return record === null || this.#dropIfExpired(record) ? null : record;
  }

  #dropIfExpired(record: JobRecord): boolean {
    if (this.#expiresAt(record) > this.#options.clock.now()) return false;
    this.#registry.drop(record);
    return true;
  }

  #dropped(record: JobRecord): void {
    record.controller.abort(new GoneError('This job has expired.'));
    this.feed.forget(record);
    this.#keeper.delete(this.#registry.idsOf(record));
  }

  /** Forgets what expired, keeps what was used. */
  sweep(): void {
    for (const record of this.#registry.records()) {
      if (!this.#dropIfExpired(record) && record.usedAt !== record.keptUsedAt) this.#keeper.update(record);
    }
  }

  /** Somebody asked, polled or read. */
  use(record: JobRecord): void {
    record.usedAt = this.#options.clock.now();
  }

  #expiresAt(record: JobRecord): number {
    const isInUse = isActive(record.status) || record.readers > 0;
    const from = isInUse ? this.#options.clock.now() : record.usedAt;
    return from + this.#options.timeouts.linkGenerationTimeoutMs;
  }

  snapshot(record: JobRecord, id: string): Job {
    return record.snapshot(id, this.#expiresAt(record));
  }

  /** @throws {UnsupportedError} */
  engineOf(source: Source): Engine {
    const engine = this.#options.engines.find(({ kinds }) => kinds.includes(source.kind));
    if (engine !== undefined) return engine;
    if (source.kind !== 'nzb-url' && source.kind !== 'nzb') {
      throw new UnsupportedError('There is no engine for this kind of source.');
    }
    throw usenetUnavailable();
  }
}
