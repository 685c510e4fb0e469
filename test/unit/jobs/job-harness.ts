// A manager with everything in memory and the clock in the test's hand.

import { JobManager, type JobManagerOptions, type JobTimeouts } from '../../../backend/jobs/index.js';
import { FakeEngine } from '../../support/fake-engine.js';
import { ManualClock } from '../../support/manual-clock.js';
import { MemoryJobStore, MemoryLibrary } from '../../support/memory-jobs.js';
import { NotedLog } from '../../support/noted-log.js';

export const TIMEOUTS: JobTimeouts = {
  prepareTimeoutMs: 120_000,
  linkGenerationTimeoutMs: 300_000,
  progressUpdateIntervalMs: 5_000,
};

export interface Harness {
  readonly clock: ManualClock;
  readonly engine: FakeEngine;
  readonly store: MemoryJobStore;
  readonly library: MemoryLibrary;
  readonly log: NotedLog;
  readonly jobs: JobManager;
  /** Another manager over the same store, library and clock, as after a restart. */
  again(o?: { readonly store?: MemoryJobStore; readonly engine?: FakeEngine }): JobManager;
}

export function createHarness(overrides: Partial<JobManagerOptions> = {}): Harness {
  const clock = new ManualClock();
  const engine = new FakeEngine();
  const store = new MemoryJobStore();
  const library = new MemoryLibrary();
  const log = new NotedLog();
  const create = (own: { store: MemoryJobStore; engine: FakeEngine }): JobManager =>
    new JobManager({ engines: [own.engine], store: own.store, library, clock, log, timeouts: TIMEOUTS, ...overrides });
  return {
    ...{ clock, engine, store, library, log },
    jobs: create({ store, engine }),
    again: (o = {}) => create({ store: o.store ?? store, engine: o.engine ?? engine }),
  };
}
