// What items need of whoever keeps them, and of the rooms around them. Declared by the consumer.

import type { ContentId, Job, MediaFile, NzbSource, Release, Source } from '../content/index.js';
import type { PrepareRequest } from './job-manager.js';

/** `streamable`: it plays; `completed`: and the rest is done too. Failures that say nothing of the release are `failed` too. */
export type ItemStatus = 'queued' | 'processing' | 'streamable' | 'completed' | 'failed';

/** What it came from, once that is known. */
export type ItemKind = 'nzb' | 'torrent' | 'http';

/** What was submitted or prepared and is kept: an NZB with its passwords, a torrent, a file. Times are epoch ms. */
export interface Item {
  /** Small integer, stable across restarts, never given twice. */
  readonly id: number;
  /** The same for download clients; made from content and passwords. */
  readonly nzoId: string;
  /** Stands for content and passwords. */
  readonly itemKey: string;
  readonly contentId: ContentId;
  readonly kind: ItemKind;
  /** The release's name. */
  readonly name: string;
  /** The first it was submitted under. */
  readonly category: string;
  /** Name of its folder there: fit for a path, unique in its category; the same for as long as it plays. */
  readonly folder: string;
  /** The preparation it follows, or followed last. */
  readonly jobId: string | null;
  readonly status: ItemStatus;
  /** A job's state: what is going on inside the status; `paused` of the queued that wait to be resumed. */
  readonly stage: string;
  /** 0–100. */
  readonly percentage: number;
  /** Stable code and a sentence that may be shown; only of the failed. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Since when it is known not to play; null where its failure says nothing of the release. */
  readonly failedAt: number | null;
  readonly createdAt: number;
  readonly completedAt: number | null;
  /** Stays when what nobody uses goes. */
  readonly isFavourite: boolean;
}

/** Synchronous; what `insert`, `remove`, `removeFiles` and `together` did survives a power cut, the rest a crash. */
export interface ItemStore {
  insert(item: Omit<Item, 'id'>, kept: { readonly source: Source }): Item;
  /** Job, status, stage, percentage, error and times. */
  update(item: Item): void;
  /** Those that failed with this code may be prepared again at once. */
  forgive(code: string): void;
  setFavourite(id: number, isFavourite: boolean): void;
  sourceOf(id: number): Source | null;
  noteAddress(id: number, addressMd5: string): void;
  /** A folder of another category it stands in as well. */
  addPlace(id: number, place: Pick<Item, 'category' | 'folder'>): void;
  /** Its folder of this category has this name from now on. */
  movePlace(id: number, place: Pick<Item, 'category' | 'folder'>): void;
  /** Leaves files out of its folders, by their paths there. */
  removeFiles(id: number, paths: readonly string[]): void;
  /** Its folders have all their files again. */
  restoreFiles(id: number): void;
  placesOf(id: number): Pick<Item, 'category' | 'folder'>[];
  get(id: number): Item | null;
  byNzoId(nzoId: string): Item | null;
  byContent(contentId: ContentId): Item[];
  byKey(itemKey: string): Item | null;
  byFolder(category: string, folder: string): Item | null;
  isRemovedFolder(category: string, folder: string, now: number): boolean;
  /** Those that wait or are worked on. */
  listOpen(): Item[];
  /** Those, and what plays while the rest of it comes. */
  listUnfinished(): Item[];
  oldestFailed(): Item | null;
  countOfContent(contentId: ContentId): number;
  count(): number;
  remove(id: number, now: number): void;
  /** What `work` does here and in the library is kept as a whole, or nothing of it. */
  together<Result>(work: () => Result): Result;
}

/** The part of the jobs that items use. */
export interface ItemJobs {
  prepare(request: PrepareRequest): Promise<Job>;
  get(id: string): Job | null;
  cancel(id: string): boolean;
  /** Throws why a failed job failed. */
  open(id: string, options: { readonly signal: AbortSignal }): Promise<MediaFile>;
  subscribe(listener: (job: Job) => void): () => void;
  cancelContent(contentId: ContentId): number;
}

/** The part of the library that items use. */
export interface ItemLibrary {
  get(contentId: ContentId): Release | null;
  isRemoved(contentId: ContentId): boolean;
  /** `isExpired`: nobody used it, and nobody said that it is not wanted. */
  remove(contentId: ContentId, options: { readonly isExpired: boolean }): void;
}

/** What is submitted: an NZB that is kept already, and what the submitter wants of it. */
export interface ItemRequest {
  readonly source: NzbSource;
  /** Default: the source's name. */
  readonly name?: string;
  /** One folder's name. */
  readonly category: string;
  readonly episode?: { readonly season: number; readonly episode: number };
  readonly titleId?: string;
  /** Tries again what is known not to play. */
  readonly force?: boolean;
  /** Who submits it looks for it in this category: what is known already stands there as well from then on. */
  readonly isFiledByCategory?: true;
  /** MD5 sums of the cleaned address it came from, lower-case hex: clients know a dead release by them. */
  readonly addressMd5s?: readonly string[];
}

/** `job` is null exactly when a finished item is served without any work (`isCached`). */
export type Submission =
  | { readonly item: Item; readonly isCached: true; readonly job: null }
  | { readonly item: Item; readonly isCached: false; readonly job: Job };
