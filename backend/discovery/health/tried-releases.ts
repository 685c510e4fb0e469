// How releases fared when they were tried: told by the preparations, asked for by lists. A failure that is the release's own
// counts for an hour, success for as long as it is remembered. Bounded: 5000 contents, the least recently told are forgotten.

import { LRUCache } from 'lru-cache';
import type { ContentId, Job } from '../../content/index.js';
import type { Clock } from '../../platform/index.js';
import type { Candidate, Health } from '../candidate.js';

export interface TriedReleasesOptions {
  readonly jobs: {
    subscribe(listener: (job: Job) => void): () => void;
  };
  /** What a job's id begins with, and what a source's jobs would begin with. */
  readonly keyOfJob: (jobId: string) => ContentId | null;
  readonly keyOfSource: (source: Candidate['source']) => ContentId;
  readonly clock: Clock;
}

const MAX_RELEASES = 5000;
const FAILURE_KEPT_MS = 3600e3;
/** The release's own faults and what nobody has; a provider's trouble or a full disk says nothing of a release. */
const OWN_FAULT =
  /^(?:ARTICLE_MISSING|ARCHIVE_\w+|NO_VIDEO|EPISODE_NOT_FOUND|NZB_\w+|ENCODING_UNSUPPORTED|NO_PEERS|NO_METADATA)$/;

interface Outcome {
  readonly failure: string | null;
  readonly atMs: number;
}

export class TriedReleases {
  readonly #outcomes = new LRUCache<ContentId, Outcome>({ max: MAX_RELEASES });
  #unsubscribe: () => void = () => undefined;

  constructor(private readonly o: TriedReleasesOptions) {}

  start(): void {
    this.#unsubscribe = this.o.jobs.subscribe((job) => this.#note(job));
  }

  /** Idempotent. */
  close(): void {
    this.#unsubscribe();
  }

  /** `unknown` for what was never tried, or failed too long ago to mean anything. */
  healthOf(candidate: Candidate): Health {
    const outcome = this.#outcomes.get(this.o.keyOfSource(candidate.source)) ?? this.#byContent(candidate);
    if (outcome === undefined) return { state: 'unknown' };
    if (outcome.failure === null) return { state: 'alive', percent: 100 };
    const isOld = this.o.clock.now() >= outcome.atMs + FAILURE_KEPT_MS;
    return isOld ? { state: 'unknown' } : { state: 'dead', reason: outcome.failure };
  }

  #byContent({ contentId }: Candidate): Outcome | undefined {
    return contentId === null ? undefined : this.#outcomes.get(contentId);
  }

  #note({ id, contentId, state, error }: Job): void {
    const keys = [this.o.keyOfJob(id), contentId].filter((key) => key !== null);
    if (state === 'streamable' || state === 'completed') return this.#set(keys, null);
    if (state === 'failed' && error !== null && OWN_FAULT.test(error.code)) this.#set(keys, error.code);
  }

  #set(keys: readonly ContentId[], failure: string | null): void {
    const atMs = this.o.clock.now();
    for (const key of keys) this.#outcomes.set(key, { failure, atMs });
  }
}
