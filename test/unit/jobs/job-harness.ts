// A manager with everything in memory and the clock in the test's hand.

import type { Job, Release } from '../../../backend/content/index.js';
import { JobManager, type JobManagerOptions, type JobTimeouts } from '../../../backend/jobs/index.js';
import { FakeEngine, torrentRelease } from '../../support/fake-engine.js';
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

/** The largest video is file 1; file 3 is padding. */
export const film = torrentRelease('film', [
  ['readme.txt', 10],
  ['film.mkv', 5_000],
  ['other.mkv', 4_000],
  ['.pad/1', 100],
]);
export const source = film.source;
export const signal = new AbortController().signal;

/** Asks, lets the decision window pass, and gives the answer. */
export async function ask(harness: Harness, request: Parameters<Harness['jobs']['prepare']>[0]): Promise<Job> {
  const answer = harness.jobs.prepare(request);
  answer.catch(() => undefined);
  await harness.clock.advance(300);
  return answer;
}

/** Up to streamable: metadata found, file prepared. */
export async function finish({ clock, engine }: Harness, release: Release = film): Promise<void> {
  for (const call of engine.resolving.splice(0)) call.resolve(release);
  await clock.advance(0);
  for (const call of engine.preparing.splice(0)) if (call.file) call.resolve(engine.prepared(release, call.file));
  await clock.advance(0);
}
