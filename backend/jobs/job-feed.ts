// Who hears what of a job's course. A change of state is told at once, progress inside a state at most once per interval:
// the latest counts, the rest is dropped; a settled state is therefore never missed.

import type { Job, JobState } from '../content/index.js';
import type { Clock, Logger, Timer } from '../platform/index.js';
import type { JobRecord } from './job-record.js';

export interface JobFeedOptions {
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called once per publication, before any listener: keeps the record. */
  readonly keep: (record: JobRecord) => void;
  /** The job under each of its ids. */
  readonly snapshots: (record: JobRecord) => Job[];
}

interface Course {
  state: JobState;
  publishedAt: number;
  timer: Timer | null;
}

export class JobFeed {
  readonly #options: JobFeedOptions;
  readonly #listeners = new Set<(job: Job) => void>();
  readonly #courses = new Map<JobRecord, Course>();

  constructor(options: JobFeedOptions) {
    this.#options = options;
  }

  /** Ends with the returned function. What a listener throws is logged and harms nobody. */
  subscribe(listener: (job: Job) => void): () => void {
    // One entry per subscription, also when the same function subscribes twice.
    const own = (job: Job): void => listener(job);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** The record changed. One without an id yet is told of later. */
  changed(record: JobRecord): void {
    if (record.id === null) return;
    const now = this.#options.clock.now();
    const course = this.#courses.get(record);
    if (course === undefined || course.state !== record.status.state) return this.#publish(record, now);
    const waitMs = course.publishedAt + this.#options.intervalMs - now;
    if (waitMs <= 0) return this.#publish(record, now);
    course.timer ??= this.#options.clock.after(waitMs, () => this.#publish(record, this.#options.clock.now()));
  }

  /** The record is gone: nothing more is told of it. */
  forget(record: JobRecord): void {
    this.#courses.get(record)?.timer?.cancel();
    this.#courses.delete(record);
  }

  close(): void {
    for (const record of [...this.#courses.keys()]) this.forget(record);
    this.#listeners.clear();
  }

  #publish(record: JobRecord, now: number): void {
    this.#courses.get(record)?.timer?.cancel();
    this.#courses.set(record, { state: record.status.state, publishedAt: now, timer: null });
    this.#options.keep(record);
    for (const job of this.#options.snapshots(record))
      for (const listener of [...this.#listeners]) this.#tell(listener, job);
  }

  #tell(listener: (job: Job) => void, job: Job): void {
    try {
      listener(job);
    } catch (error) {
      this.#options.log.error({ err: error, jobId: job.id }, 'a listener of job events failed');
    }
  }
}
