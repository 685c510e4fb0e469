// How releases fared when they were tried: told by the preparations, asked for by lists. A failure that is the release's own
// counts for an hour, restarts included; success for as long as it is remembered, which no restart outlives. Bounded: 5000
// contents, the least recently told are forgotten.

import { LRUCache } from 'lru-cache';
import type { ContentId, Job } from '../../content/index.js';
import type { Clock, Logger } from '../../platform/index.js';
import type { Candidate, Health } from '../candidate.js';

/** A failure, as it is kept. */
export interface KeptFailure {
  readonly contentKey: ContentId;
  readonly code: string;
  /** Epoch ms. */
  readonly failedAt: number;
}

/** Where failures outlive the process. */
export interface FailureKeeper {
  put(failure: KeptFailure): void;
  delete(contentKey: ContentId): void;
  /** Drops what failed at `since` (epoch ms) or before, and of the rest all but the `max` latest. */
  sweep(since: number, max: number): void;
  /** The latest last. */
  list(): readonly KeptFailure[];
}

export interface TriedReleasesOptions {
  readonly jobs: {
    subscribe(listener: (job: Job) => void): () => void;
  };
  /** What a job's id begins with, and what a source's jobs would begin with. */
  readonly keyOfJob: (jobId: string) => ContentId | null;
  readonly keyOfSource: (source: Candidate['source']) => ContentId;
  readonly keeper: FailureKeeper;
  readonly clock: Clock;
  readonly log: Logger;
}

const MAX_RELEASES = 5000;
const FAILURE_KEPT_MS = 3600e3;
/** The release's own faults and what nobody has; a provider's trouble, a full disk, or an episode that is not in a pack of others say nothing of a release. */
const OWN_FAULT = /^(?:ARTICLE_MISSING|ARCHIVE_\w+|NO_VIDEO|NZB_\w+|ENCODING_UNSUPPORTED|NO_PEERS|NO_METADATA)$/;

interface Outcome {
  readonly failure: string | null;
  readonly atMs: number;
}

export class TriedReleases {
  readonly #outcomes = new LRUCache<ContentId, Outcome>({ max: MAX_RELEASES });
  #unsubscribe: () => void = () => undefined;

  constructor(private readonly o: TriedReleasesOptions) {}

  /** Takes up what failed before a restart. */
  start(): void {
    this.#keep((keeper) => {
      keeper.sweep(this.o.clock.now() - FAILURE_KEPT_MS, MAX_RELEASES);
      for (const { contentKey, code, failedAt } of keeper.list())
        this.#outcomes.set(contentKey, { failure: code, atMs: failedAt });
    });
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
    for (const key of keys) {
      const hadFailed = (this.#outcomes.get(key)?.failure ?? null) !== null;
      this.#outcomes.set(key, { failure, atMs });
      if (failure !== null) this.#keep((keeper) => keeper.put({ contentKey: key, code: failure, failedAt: atMs }));
      else if (hadFailed) this.#keep((keeper) => keeper.delete(key));
    }
    if (failure !== null) this.#keep((keeper) => keeper.sweep(atMs - FAILURE_KEPT_MS, MAX_RELEASES));
  }

  /** What cannot be kept is known until the next restart all the same. */
  #keep(work: (keeper: FailureKeeper) => void): void {
    try {
      work(this.o.keeper);
    } catch (err) {
      this.o.log.warn({ err }, 'How releases fared cannot be kept over a restart');
    }
  }
}
