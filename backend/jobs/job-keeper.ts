// Writes jobs down. A full or failing disk costs the memory of a restart, not the running job: it is logged, once per write.

import type { Logger } from '../platform/index.js';
import type { JobRecord } from './job-record.js';
import type { JobStore, StoredJob } from './job-store.js';

export class JobKeeper {
  readonly #store: JobStore;
  readonly #log: Logger;

  constructor(store: JobStore, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  insert(record: JobRecord): void {
    this.#write(record, (job) => this.#store.insert(job));
  }

  update(record: JobRecord): void {
    this.#write(record, (job) => this.#store.update(job));
  }

  /** Under `id` the record of `target` is found from now on. */
  alias(id: string, target: JobRecord): void {
    this.#try(id, () => this.#store.update(target.stored(id, target.id)));
  }

  delete(ids: readonly string[]): void {
    for (const id of ids) this.#try(id, () => this.#store.delete(id));
  }

  /** @throws what the store throws: without its jobs the server should not start. */
  list(): StoredJob[] {
    return this.#store.list();
  }

  #write(record: JobRecord, write: (job: StoredJob) => void): void {
    const { id } = record;
    if (id === null) return;
    record.keptUsedAt = record.usedAt;
    this.#try(id, () => write(record.stored(id, null)));
  }

  #try(jobId: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#log.error({ err: error, jobId }, 'a job could not be written down');
    }
  }
}
