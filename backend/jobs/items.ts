// What is submitted or prepared, and kept: one item per content (per passwords, of an NZB), whatever name or address it came
// with. It follows its preparation, remembers for a while that a release does not play, and knows when there is nothing left
// to do. What was prepared without being submitted becomes an item once it plays. Bounds: 100 000 items; when full, the
// oldest failed one is forgotten, and with none failed a new one is refused.

import { GoneError, UnplayableError, type ContentId, type Job, type Source } from '../content/index.js';
import type { Clock, Logger } from '../platform/index.js';
import { ItemMaker } from './item-maker.js';
import { afterFailure, followed, hasFailed, isOfOneFile, isOpen, isPaused, isReadable } from './item-progress.js';
import { paused, settled } from './item-progress.js';
import { ItemRemoval, type ItemRemovalOptions } from './item-removal.js';
import type { Item, ItemJobs, ItemLibrary, ItemRequest, ItemStore, Submission } from './item-store.js';
import { contentKeyOf, contentKeyOfJobId } from './job-key.js';

export interface ItemsOptions {
  readonly store: ItemStore;
  readonly jobs: ItemJobs;
  readonly library: ItemLibrary;
  /** Forgets what engines hold of a content that no item plays, and its document unless `keepsDocument`. */
  readonly removeContent: ItemRemovalOptions['removeContent'];
  readonly clock: Clock;
  readonly log: Logger;
  /** How long it is remembered that a release does not play. Default 1 h. */
  readonly failureMemoryMs?: number;
  /** Default 100,000. */
  readonly maxItems?: number;
}

const DEFAULT_FAILURE_MEMORY_MS = 3600e3;

/** All items of the server. */
export class Items {
  readonly #options: ItemsOptions;
  readonly #listeners = new Set<(item: Item) => void>();
  readonly #removalListeners = new Set<(item: Item) => void>();
  /** Which item follows which job: at most one entry per item, gone when the job's outcome is known. */
  readonly #followers = new Map<string, number>();
  readonly #maker: ItemMaker;
  readonly #removal: ItemRemoval;
  #unsubscribe: () => void = () => undefined;

  constructor(options: ItemsOptions) {
    this.#options = options;
    this.#maker = new ItemMaker(options);
    this.#removal = new ItemRemoval(options, (item) => this.#removed(item));
  }

  /** Follows the jobs that were under way, or whose rest had not come, when the server stopped. Before the jobs themselves are started. */
  start(): void {
    for (const { id, jobId } of this.#options.store.listUnfinished())
      if (jobId !== null) this.#followers.set(jobId, id);
    this.#unsubscribe = this.#options.jobs.subscribe((job) => this.#jobChanged(job));
  }

  /** Idempotent. */
  close(): void {
    this.#unsubscribe();
    this.#listeners.clear();
    this.#removalListeners.clear();
  }

  /**
   * The item of this NZB, prepared or on its way; concurrent submissions share one job.
   * @throws {UnplayableError} at once for what failed within the last hour, unless forced; {StorageFullError} when full;
   * and what `JobManager.prepare` throws
   */
  async submit(request: ItemRequest): Promise<Submission> {
    const { store, jobs, library } = this.#options;
    const key = contentKeyOf(request.source);
    const known = store.byKey(key);
    if (known !== null) this.#maker.noteSubmission(known, request);
    if (known !== null && request.force !== true) this.#refuseFailed(known);
    if (known?.status === 'completed' && library.get(known.contentId) !== null) {
      return { item: known, isCached: true, job: null };
    }
    const item = known ?? this.#maker.make(request, key);
    if (known === null) this.#maker.noteSubmission(item, request);
    const { source, episode, titleId } = request;
    const wish = {
      ...(episode === undefined ? {} : { episode }),
      ...(titleId === undefined ? {} : { titleId }),
    };
    const started = await jobs.prepare({ source, priority: 'play', ...wish }).catch((error: unknown) => {
      // Nothing was begun: who submits it again begins anew.
      if (known === null) store.remove(item.id, this.#options.clock.now());
      throw error;
    });
    const job = jobs.get(started.id) ?? started;
    return { item: this.#follow(store.get(item.id) ?? item, job), isCached: false, job };
  }

  /** As it stands now; null when there is none. */
  get(id: number): Item | null {
    const item = this.#options.store.get(id);
    return item === null ? null : this.#current(item);
  }

  byNzoId(nzoId: string): Item | null {
    const item = this.#options.store.byNzoId(nzoId);
    return item === null ? null : this.#current(item);
  }

  /** The item of this NZB with its passwords. */
  bySource(source: Source): Item | null {
    const item = this.#options.store.byKey(contentKeyOf(source));
    return item === null ? null : this.#current(item);
  }

  /** Every category it was submitted for, with its folder there. */
  placesOf(id: number): Pick<Item, 'category' | 'folder'>[] {
    return this.#options.store.placesOf(id);
  }

  /** The item whose folder this is. */
  byFolder(category: string, folder: string): Item | null {
    return this.#options.store.byFolder(category, folder);
  }

  /** True where an item was removed in the last 30 days. */
  isRemovedFolder(category: string, folder: string): boolean {
    return this.#options.store.isRemovedFolder(category, folder, this.#options.clock.now());
  }

  /** Those whose outcome is open, oldest first. */
  listOpen(): Item[] {
    return this.#options.store.listOpen().map((item) => this.#current(item));
  }

  /** Calls `listener` with every item that changed. Ends with the returned function. What it throws is logged. */
  subscribe(listener: (item: Item) => void): () => void {
    const own = (item: Item): void => listener(item);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** The same for items that were removed, each as it was. */
  subscribeRemovals(listener: (item: Item) => void): () => void {
    const own = (item: Item): void => listener(item);
    this.#removalListeners.add(own);
    return () => void this.#removalListeners.delete(own);
  }

  /** Favourites stay when what nobody uses goes. False when there is no such item. */
  setFavourite(id: number, isFavourite: boolean): boolean {
    const { store } = this.#options;
    if (store.get(id) === null) return false;
    store.setFavourite(id, isFavourite);
    return true;
  }

  /** Ends its preparation until `resume`, restarts included. False when there is nothing to pause. */
  pause(id: number): boolean {
    const { store, jobs } = this.#options;
    const item = store.get(id);
    if (item === null || !isOpen(item)) return false;
    const { jobId } = item;
    if (jobId !== null) this.#followers.delete(jobId);
    this.#write(paused(item));
    if (jobId !== null) jobs.cancel(jobId);
    this.#tell(paused(item));
    return true;
  }

  /** Prepares what was paused, or failed, again. False when there is nothing to resume. @throws as `submit` */
  async resume(id: number): Promise<boolean> {
    const { store } = this.#options;
    const item = store.get(id);
    if (item === null || !(isPaused(item) || item.status === 'failed')) return false;
    await this.#prepareAgain(item);
    return true;
  }

  /** Prepares what was submitted and not begun when the server stopped. After the jobs were started. Never rejects. */
  async resumeLost(): Promise<void> {
    const { store, jobs, log } = this.#options;
    const isLost = ({ jobId }: Item): boolean => jobId === null || jobs.get(jobId) === null;
    for (const item of store.listOpen().filter((one) => !isPaused(one) && isLost(one))) {
      await this.#prepareAgain(item).catch((err: unknown) => {
        log.warn({ err, item: item.id }, 'What was submitted before the restart is not prepared; submit it again');
      });
    }
  }

  async #prepareAgain({ id, name, category }: Item): Promise<void> {
    const source = this.#options.store.sourceOf(id);
    if (source?.kind !== 'nzb') throw new GoneError('What this came from is not kept any more.');
    await this.submit({ source, name, category, force: true });
  }

  /** What is in the library without having been submitted is an item from then on; null where it is one already. */
  adopt(contentId: ContentId): Item | null {
    return this.#maker.adopt(contentId);
  }

  /** Forgets a content and all its items; who prepares it, and what engines hold of it, is the caller's to end. */
  forgetContent(contentId: ContentId): void {
    this.#removal.forgetContent(contentId);
  }

  /**
   * Forgets the item, and its content unless another item of it plays or is on its way; `isExpired`: only because nobody
   * used it. False when there is none.
   */
  async remove(id: number, { isExpired = false }: { readonly isExpired?: boolean } = {}): Promise<boolean> {
    const item = this.#options.store.get(id);
    if (item === null) return false;
    await this.#removal.remove(item, { isExpired });
    return true;
  }

  /** Leaves files out of its folders, by their paths there, until a program that files it asks for it again. */
  removeFiles(id: number, paths: readonly string[]): void {
    this.#options.store.removeFiles(id, paths);
  }

  /** The news servers are others: what was missing may be there. */
  forgiveMissing(): void {
    this.#options.store.forgive('ARTICLE_MISSING');
  }

  #removed(item: Item): void {
    if (item.jobId !== null) this.#followers.delete(item.jobId);
    this.#tell(item, this.#removalListeners);
  }

  #refuseFailed({ error, failedAt }: Item): void {
    const { clock, failureMemoryMs = DEFAULT_FAILURE_MEMORY_MS } = this.#options;
    if (error === null || failedAt === null || failedAt + failureMemoryMs <= clock.now()) return;
    throw new UnplayableError(error.message, error.code);
  }

  /** The item goes on as `job` goes. */
  #follow(item: Item, job: Job): Item {
    if (item.jobId !== null && item.jobId !== job.id) this.#followers.delete(item.jobId);
    return this.#update({ ...item, jobId: job.id }, job);
  }

  #jobChanged(job: Job): void {
    const id = this.#followers.get(job.id);
    if (id === undefined && isReadable(job)) {
      const item = this.adopt(job.contentId) ?? this.#failedOf(job);
      if (item !== null) this.#follow(item, job);
      return;
    }
    const item = id === undefined ? null : this.#options.store.get(id);
    if (item === null || item.jobId !== job.id) {
      this.#followers.delete(job.id);
      return;
    }
    this.#update(item, job);
  }

  /** The item that failed, and plays for somebody else now. */
  #failedOf({ id }: Job): Item | null {
    const key = contentKeyOfJobId(id);
    const item = key === null ? null : this.#options.store.byKey(key);
    return item?.status === 'failed' ? item : null;
  }

  /** Writes what outlives the job, tells what changed. Progress alone is told and not written. */
  #update(before: Item, job: Job): Item {
    const { store, clock, library } = this.#options;
    const isPlayable = library.get(before.contentId) !== null;
    const item = followed(before, job, { now: clock.now(), isPlayable });
    if (settled(job)) this.#followers.delete(job.id);
    else this.#followers.set(job.id, item.id);
    const kept = store.get(item.id);
    if (kept !== null && (kept.status !== item.status || kept.jobId !== item.jobId || settled(job))) this.#write(item);
    if (hasFailed(job)) void this.#judgeFailure(item, job);
    this.#tell(item);
    return item;
  }

  /** Only what the whole release is to blame for is remembered against it: the error's own class tells. */
  async #judgeFailure({ id, contentId }: Item, job: Job): Promise<void> {
    const { store, jobs, library, clock } = this.#options;
    if (isOfOneFile(job, library.get(contentId))) return;
    try {
      await jobs.open(job.id, { signal: AbortSignal.abort() });
    } catch (error) {
      const item = store.get(id);
      if (item === null || isOpen(item) || item.jobId !== job.id) return;
      const judged = afterFailure(item, error, clock.now());
      if (judged !== item) this.#write(judged);
      if (judged.status !== item.status) this.#tell(judged);
    }
  }

  /** What cannot be written down is known until the server stops. */
  #write(item: Item): void {
    try {
      this.#options.store.update(item);
    } catch (err) {
      this.#options.log.error({ err, item: item.id }, 'an item could not be written down');
    }
  }

  /** A job still under way says more than what is written; one that is gone leaves its item to be submitted again. */
  #current(item: Item): Item {
    if (!isOpen(item)) return item;
    const job = item.jobId === null ? null : this.#options.jobs.get(item.jobId);
    const { clock, library } = this.#options;
    if (job === null) return isPaused(item) ? item : { ...item, status: 'queued', stage: 'queued', percentage: 0 };
    return followed(item, job, { now: clock.now(), isPlayable: library.get(item.contentId) !== null });
  }

  #tell(item: Item, listeners: ReadonlySet<(item: Item) => void> = this.#listeners): void {
    for (const listener of [...listeners]) {
      try {
        listener(item);
      } catch (err) {
        this.#options.log.error({ err, item: item.id }, 'a listener of items failed');
      }
    }
  }
}
