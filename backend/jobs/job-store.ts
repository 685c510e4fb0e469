// What jobs need of whoever keeps them across restarts, and of the library. Declared by the consumer.

import type { ContentId, EpisodeWish, JobMethod, JobState, Priority, Release, Source } from '../content/index.js';

/** What was asked for. Without `fileIndex` and `episode`: the largest playable video. */
export interface JobWish {
  readonly fileIndex?: number;
  readonly episode?: EpisodeWish;
  readonly titleId?: string;
  readonly priority?: Priority;
  /** What somebody took out of the library is not put back: the preparation ends with GONE. */
  readonly refusesRemoved?: boolean;
}

/** One job as it is kept. `aliasOf` is the id of the job this one turned out to be. */
export interface StoredJob {
  readonly id: string;
  readonly contentId: ContentId | null;
  readonly fileIndex: number | null;
  readonly source: Source;
  readonly wish: JobWish;
  readonly state: JobState;
  readonly progress: number;
  readonly message: string;
  readonly method: JobMethod | null;
  readonly fileName: string | null;
  readonly fileSizeBytes: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly createdAt: number;
  readonly usedAt: number;
  readonly aliasOf: string | null;
}

/** Synchronous and durable: what was saved is there after `kill -9`. The source is sealed at rest. */
export interface JobStore {
  insert(job: StoredJob): void;
  /** Writes everything but `source`, `wish` and `createdAt`; without a row of this id it does nothing. */
  update(job: StoredJob): void;
  delete(id: string): void;
  /** Oldest first. */
  list(): StoredJob[];
}

/** The part of the library that jobs use. */
export interface JobLibrary {
  remember(release: Release, options?: { readonly titleId?: string }): unknown;
  get(contentId: ContentId): Release | null;
  isRemoved(contentId: ContentId): boolean;
  /** A user removed it: it is not to come back by itself. */
  isUnwanted(contentId: ContentId): boolean;
  touch(contentId: ContentId): void;
  /** Somebody plays it: a use, too. */
  notePlayed(contentId: ContentId): void;
}
