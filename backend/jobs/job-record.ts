// One attempt at one file, while it lives in memory. Holds the facts; the state itself changes only through the machine.

import type { ContentId, Job, Priority, Release, ReleaseFile, Source } from '../content/index.js';
import { Deferred } from './deferred.js';
import type { PreparedFile, StageReport } from './engine.js';
import { isActive, isFailed, isReady, QUEUED, transition, type JobEvent, type JobStatus } from './job-machine.js';
import type { JobWish, StoredJob } from './job-store.js';

const PRIORITIES: readonly Priority[] = ['background', 'prepare', 'play'];

export interface JobRecordOptions {
  readonly contentKey: ContentId;
  readonly contentId: ContentId | null;
  readonly source: Source;
  readonly wish: JobWish;
  readonly createdAt: number;
}

export class JobRecord {
  readonly contentKey: ContentId;
  readonly source: Source;
  /** As it was asked for. */
  readonly wish: JobWish;
  readonly createdAt: number;
  /** Ends the engine's work for this job. */
  readonly controller = new AbortController();
  /** Under which it is found; only the registry writes it. */
  readonly keys = new Set<string>();
  /** Ids of jobs that turned out to be this one; only the registry writes it. */
  readonly aliases = new Set<string>();
  /** Null until the decision window is over; then for ever the same. */
  id: string | null = null;
  contentId: ContentId | null;
  /** Null until it is chosen; then for ever the same, also after a restart. */
  fileIndex: number | null;
  fileName: string | null = null;
  fileSizeBytes: number | null = null;
  release: Release | null = null;
  prepared: PreparedFile | null = null;
  /** The job this one turned out to be. */
  joined: JobRecord | null = null;
  lastReport: StageReport | null = null;
  /** The error itself, for whoever opens a failed job. */
  failure: unknown = null;
  /** Under which title it was asked for, by whoever named one first. */
  titleId: string | null;
  /** Nobody who waits for it wants back what was removed. */
  refusesRemoved: boolean;
  usedAt: number;
  readers = 0;
  /** The record that answers for this one, once that has its id; rejects when the request turned out to be wrong. */
  readonly identity = new Deferred<JobRecord>();
  /** `usedAt` as it was kept last. */
  keptUsedAt = 0;
  #status: JobStatus = QUEUED;
  #priority: Priority;
  readonly #wakers = new Set<() => void>();

  constructor(options: JobRecordOptions) {
    this.contentKey = options.contentKey;
    this.contentId = options.contentId;
    this.source = options.source;
    this.wish = options.wish;
    this.createdAt = options.createdAt;
    this.usedAt = options.createdAt;
    this.fileIndex = options.wish.fileIndex ?? null;
    this.titleId = options.wish.titleId ?? null;
    this.refusesRemoved = options.wish.refusesRemoved ?? false;
    this.#priority = options.wish.priority ?? 'prepare';
  }

  /** A record as it was kept. */
  static restore(stored: StoredJob, contentKey: ContentId): JobRecord {
    const { contentId, source, wish, createdAt } = stored;
    const record = new JobRecord({ contentKey, contentId, source, wish, createdAt });
    record.fileIndex = stored.fileIndex ?? record.fileIndex;
    record.id = stored.id;
    record.identity.resolve(record);
    record.fileName = stored.fileName;
    record.fileSizeBytes = stored.fileSizeBytes;
    record.#status = statusOf(stored);
    // It plays already: the rest of it keeps nobody waiting.
    if (isReady(record.#status)) record.#priority = 'background';
    return record;
  }

  get status(): JobStatus {
    return this.#status;
  }

  get priority(): Priority {
    return this.#priority;
  }

  /** Priority only rises: several may wait for one job. */
  raise(priority: Priority): void {
    if (PRIORITIES.indexOf(priority) > PRIORITIES.indexOf(this.#priority)) this.#priority = priority;
  }

  /** True when the event changed the status. */
  apply(event: JobEvent): boolean {
    const before = this.#status;
    this.#status = transition(before, event);
    if (!isActive(this.#status)) this.wake();
    return this.#status !== before;
  }

  /** What it contains is known. */
  learn(release: Release): void {
    this.release = release;
    this.contentId = release.contentId;
  }

  /** The file is chosen, for ever. */
  choose(file: ReleaseFile): void {
    this.fileIndex = file.index;
    this.fileName = file.name;
    this.fileSizeBytes = file.sizeBytes;
  }

  /** Resolves when the outcome is known or the record joined another; rejects with the signal's reason. */
  async untilSettled(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!isActive(this.#status) || this.joined !== null) return;
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        this.#wakers.delete(wake);
        signal.removeEventListener('abort', abort);
      };
      const wake = (): void => (end(), resolve());
      const abort = (): void => (end(), reject(signal.reason as Error));
      this.#wakers.add(wake);
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  wake(): void {
    for (const wake of [...this.#wakers]) wake();
  }

  /** What others may see, under the id they asked for. */
  snapshot(id: string, expiresAt: number): Job {
    const status = this.#status;
    return {
      id,
      contentId: this.contentId,
      sourceKind: this.source.kind,
      fileIndex: this.fileIndex,
      state: status.state,
      progress: status.progress,
      message: status.message,
      method: isReady(status) ? status.method : null,
      fileName: this.fileName,
      fileSizeBytes: this.fileSizeBytes,
      error: isFailed(status) ? status.error : null,
      createdAt: this.createdAt,
      usedAt: this.usedAt,
      expiresAt,
    };
  }

  /** What is kept, under this id. */
  stored(id: string, aliasOf: string | null): StoredJob {
    const { contentId, fileIndex, state, progress, message, method, fileName, fileSizeBytes, error } = this.snapshot(
      id,
      0,
    );
    const { source, wish, createdAt, usedAt } = this;
    const seen = { contentId, fileIndex, state, progress, message, method, fileName, fileSizeBytes, error };
    return { id, source, wish, createdAt, usedAt, aliasOf, ...seen };
  }
}

function statusOf(stored: StoredJob): JobStatus {
  const { state, progress, message, method, error } = stored;
  switch (state) {
    case 'streamable':
    case 'completed':
      return { state, progress: 100, message, method: method ?? 'cache' };
    case 'failed':
    case 'cancelled':
      return { state, progress: 0, message, error: error ?? { code: 'INTERNAL', message } };
    case 'queued':
    case 'resolving':
    case 'connecting':
    case 'downloading':
      return { state, progress, message };
  }
}
