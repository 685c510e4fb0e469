// How releases fared when they were tried: told by the preparations, asked for by lists. A failure that is the release's own
// counts for an hour (of an NZB that did not come, for five minutes), restarts included, and what only one file of it lacks for
// that file alone; success for as long as it is remembered, which no restart outlives. Bounded: 5000 contents, the least
// recently told are forgotten.

import { LRUCache } from 'lru-cache';
import type { ContentId, Job } from '../../content/index.js';
import type { Clock, Logger } from '../../platform/index.js';
import type { Candidate, Health } from '../candidate.js';

/** A failure, as it is kept. */
export interface KeptFailure {
  readonly contentKey: ContentId;
  /** Null for what is held against all of it. */
  readonly fileIndex: number | null;
  readonly code: string;
  /** Epoch ms. */
  readonly failedAt: number;
}

/** Where failures outlive the process. */
export interface FailureKeeper {
  put(failure: KeptFailure): void;
  delete(of: Pick<KeptFailure, 'contentKey' | 'fileIndex'>): void;
  /** Drops all that failed with this code. */
  forget(code: string): void;
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
/** What an indexer did not give for a moment, or for the rest of its day, it may give later. */
const UNFETCHED_KEPT_MS = 5 * 60e3;
const UNFETCHED = /^NZB_(?:UNFETCHABLE|INVALID)$/;
/**
 * The release's own faults and what nobody has; a provider's trouble, a full disk, a swarm of which nobody told anything
 * (one's own connection may be down), or an episode that is not in a pack of others say nothing of a release.
 */
const OWN_FAULT = /^(?:ARTICLE_MISSING|ARCHIVE_\w+|NO_VIDEO|NZB_\w+|ENCODING_UNSUPPORTED|NO_PEERS|NO_METADATA)$/;

const MISSING = 'ARTICLE_MISSING';

/** Of these only one file is known to suffer, where one was chosen. */
const FILE_FAULT = /^(?:ARTICLE_MISSING|ENCODING_UNSUPPORTED)$/;

interface Outcome {
  readonly failure: string | null;
  readonly atMs: number;
}

export class TriedReleases {
  readonly #outcomes = new LRUCache<string, Outcome>({ max: MAX_RELEASES });
  /** Epoch ms: what was begun before it was asked of other news servers. */
  #missingSinceMs = -1;
  #unsubscribe: () => void = () => undefined;

  constructor(private readonly o: TriedReleasesOptions) {}

  /** Takes up what failed before a restart. */
  start(): void {
    this.#keep((keeper) => {
      keeper.sweep(this.o.clock.now() - FAILURE_KEPT_MS, MAX_RELEASES);
      for (const { contentKey, fileIndex, code, failedAt } of keeper.list())
        this.#outcomes.set(keyOf(contentKey, fileIndex), { failure: code, atMs: failedAt });
    });
    this.#unsubscribe = this.o.jobs.subscribe((job) => this.#note(job));
  }

  /** There may be articles where there were none: the news servers are others. */
  forgetMissing(): void {
    this.#missingSinceMs = this.o.clock.now();
    for (const [key, { failure }] of [...this.#outcomes.entries()]) if (failure === MISSING) this.#outcomes.delete(key);
    this.#keep((keeper) => keeper.forget(MISSING));
  }

  /** Idempotent. */
  close(): void {
    this.#unsubscribe();
  }

  /** `unknown` for what was never tried, or failed too long ago to mean anything. */
  healthOf(candidate: Candidate): Health {
    const { file } = candidate;
    const ofFile = file === null ? undefined : this.#find(candidate, file.index);
    const outcome = ofFile !== undefined && !this.#isOld(ofFile) ? ofFile : this.#find(candidate, null);
    if (outcome === undefined) return { state: 'unknown' };
    if (outcome.failure === null) return { state: 'alive', percent: 100 };
    return this.#isOld(outcome) ? { state: 'unknown' } : { state: 'dead', reason: outcome.failure };
  }

  #find({ source, contentId }: Candidate, fileIndex: number | null): Outcome | undefined {
    const outcome = this.#outcomes.get(keyOf(this.o.keyOfSource(source), fileIndex));
    return outcome ?? (contentId === null ? undefined : this.#outcomes.get(keyOf(contentId, fileIndex)));
  }

  #isOld({ atMs, failure }: Outcome): boolean {
    const keptMs = UNFETCHED.test(failure ?? '') ? UNFETCHED_KEPT_MS : FAILURE_KEPT_MS;
    return this.o.clock.now() >= atMs + keptMs;
  }

  #note({ id, contentId, fileIndex, state, error, createdAt }: Job): void {
    const keys = [...new Set([this.o.keyOfJob(id), contentId])].filter((key) => key !== null);
    if (state === 'streamable' || state === 'completed') return this.#succeeded(keys, fileIndex);
    if (state !== 'failed' || error === null || !OWN_FAULT.test(error.code)) return;
    if (error.code === MISSING && createdAt <= this.#missingSinceMs) return;
    this.#failed(keys, FILE_FAULT.test(error.code) ? fileIndex : null, error.code);
  }

  #succeeded(keys: readonly ContentId[], fileIndex: number | null): void {
    for (const contentKey of keys) {
      for (const file of new Set([null, fileIndex])) {
        const hadFailed = (this.#outcomes.get(keyOf(contentKey, file))?.failure ?? null) !== null;
        this.#outcomes.delete(keyOf(contentKey, file));
        if (hadFailed) this.#keep((keeper) => keeper.delete({ contentKey, fileIndex: file }));
      }
      this.#outcomes.set(contentKey, { failure: null, atMs: this.o.clock.now() });
    }
  }

  #failed(keys: readonly ContentId[], fileIndex: number | null, code: string): void {
    const failedAt = this.o.clock.now();
    for (const contentKey of keys) {
      this.#outcomes.set(keyOf(contentKey, fileIndex), { failure: code, atMs: failedAt });
      this.#keep((keeper) => keeper.put({ contentKey, fileIndex, code, failedAt }));
    }
    this.#keep((keeper) => keeper.sweep(failedAt - FAILURE_KEPT_MS, MAX_RELEASES));
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

function keyOf(contentKey: ContentId, fileIndex: number | null): string {
  return fileIndex === null ? contentKey : `${contentKey}:${fileIndex}`;
}
