// Articles at hand: from memory, from disk, else from the source, once however many want them. Reading never waits for a
// write, and no trouble with the disk reaches a reader. Knows nothing of files.

import { ClosedError, UnplayableError } from '../../../content/index.js';
import type { ContentId } from '../../../content/index.js';
import type { Clock, Logger } from '../../../platform/index.js';
import type { CacheTenant, DiskCache, Evictable } from '../../../storage/index.js';
import type { ArticleRequest, ArticleSource, DecodedArticle, FetchOptions, SlotPool } from '../article.js';
import { ArticleMemory } from './article-memory.js';
import type { ArticleHold, HeldArticle } from './article-memory.js';
import { articleKey, MAX_RECORDS } from './article-record.js';
import { ArticleWriter } from './article-writer.js';
import type { ContentFolder } from './content-folder.js';
import { MissingArticles } from './missing-articles.js';
import { SharedFetch } from './shared-fetch.js';
import { StoredContents } from './stored-contents.js';

export type { HeldArticle } from './article-memory.js';

export interface ArticleStoreOptions {
  readonly source: Pick<ArticleSource, 'fetch'>;
  readonly slots: SlotPool;
  readonly cache: Pick<DiskCache, 'reserve' | 'count' | 'release' | 'reconsider'>;
  /** One folder in it for each content, some articles in each file of that. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly crc32: (bytes: Uint8Array) => number;
  /** Slots held and kept for reuse. What readers hold may pass it: they bound that themselves. */
  readonly memoryBytes: number;
  /** Articles in a file at most; they go together. Default 16, and no more. */
  readonly packArticles?: number;
}

export interface GetOptions extends FetchOptions {
  /** Asks the source again for what was missing a moment ago. */
  readonly force?: boolean;
}

/** Keeps a content's articles from going as a whole while it is read. */
export interface ContentLease {
  /** Resolves when what is on disk is known; never rejects. */
  readonly ready: Promise<void>;
  /** Idempotent. */
  close(): void;
}

/** A disk that does not answer is not waited for any longer. */
const CLOSE_MS = 8000;

export class ArticleStore implements CacheTenant {
  readonly #memory: ArticleMemory;
  readonly #contents: StoredContents;
  readonly #writer: ArticleWriter;
  readonly #missing: MissingArticles;
  readonly #fetches = new Map<string, SharedFetch>();
  #isClosed = false;

  constructor(private readonly options: ArticleStoreOptions) {
    const { cache, clock, folder, log, memoryBytes, slots } = options;
    const released = (): void => cache.reconsider();
    this.#memory = new ArticleMemory({ slots, clock, maxBytes: memoryBytes, released });
    const isInUse = (key: string): boolean => this.#memory.isHeld(key) || this.#fetches.has(key);
    const { packArticles = MAX_RECORDS } = options;
    this.#contents = new StoredContents({ folder, cache, clock, isInUse, packArticles });
    this.#writer = new ArticleWriter({ contents: this.#contents, cache, clock, log });
    this.#missing = new MissingArticles(clock);
  }

  /** Once, before anything else: makes the folder, clears leftovers. Resolves with the bytes on disk, for the caller to count. */
  load(): Promise<number> {
    return this.#contents.load();
  }

  /**
   * The article, held until it is released. Rejects with the signal's reason when that comes first; the fetch goes on for
   * others who wait, as urgent as the most urgent of them.
   * @throws what the source throws, `ARTICLE_MISSING` for ten minutes without asking it; {ClosedError}
   */
  async get(request: ArticleRequest, options: GetOptions): Promise<HeldArticle> {
    options.signal.throwIfAborted();
    if (this.#isClosed) throw new ClosedError();
    const key = articleKey(request.messageId);
    const hold = this.#memory.hold(key);
    if (hold === null) return this.#join(key, request, options);
    if (isFit(request, hold.article)) {
      this.#touch(key, request.contentId);
      return hold;
    }
    hold.release();
    this.#memory.drop(key);
    return this.#join(key, request, options);
  }

  /** True when it is in memory, or on disk as far as its content is open and listed. */
  isHere({ messageId, contentId }: ArticleRequest): boolean {
    const key = articleKey(messageId);
    return this.#memory.has(key) || this.#contents.opened(contentId)?.has(key) === true;
  }

  /** Room that a content takes on disk. */
  diskBytes(contentId: ContentId): number {
    return this.#contents.bytesOf(contentId);
  }

  /** The content is being read: of what it has on disk only what nobody is about to use may go. */
  openContent(contentId: ContentId): ContentLease {
    const folder = this.#contents.lease(contentId);
    let isOpen = true;
    const close = (): void => {
      if (isOpen) this.#contents.unlease(contentId, folder);
      isOpen = false;
    };
    return { ready: folder.ready, close };
  }

  /** No provider has it: for ten minutes `get` says so at once. */
  rememberMissing({ messageId, contentId }: ArticleRequest, message = 'An article is missing.'): void {
    this.#missing.remember(articleKey(messageId), contentId, message);
  }

  isMissing({ messageId }: ArticleRequest): boolean {
    return this.#missing.messageOf(articleKey(messageId)) !== null;
  }

  /** The source is asked again for articles that were missing: of this content, or of all. */
  forgetMissing(contentId?: ContentId): void {
    if (contentId === undefined) this.#missing.clear();
    else this.#missing.forget(contentId);
  }

  /** Forgets a content, in memory and on disk. Who holds an article of it keeps it. */
  async remove(contentId: ContentId): Promise<void> {
    this.#missing.forget(contentId);
    this.#writer.forget(contentId);
    this.#memory.forget(contentId);
    await this.#contents.remove(contentId);
  }

  evictable(): readonly Evictable[] {
    return this.#contents.evictable();
  }

  /** Ends fetches, finishes writes within 5 s. Articles still held stay valid. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const fetch of [...this.#fetches.values()]) fetch.abort(new ClosedError());
    const limit = new AbortController();
    const late = this.options.clock.sleep(CLOSE_MS, { signal: limit.signal }).catch(() => undefined);
    await Promise.race([this.#finish(), late]);
    limit.abort();
  }

  async #finish(): Promise<void> {
    await this.#writer.close();
    this.#memory.close();
    await this.#contents.close();
  }

  #join(key: string, request: ArticleRequest, options: GetOptions): Promise<HeldArticle> {
    const known = this.#fetches.get(key);
    if (known !== undefined) return known.join(options);
    const fetch = new SharedFetch(() => {
      if (this.#fetches.get(key) === fetch) this.#fetches.delete(key);
    });
    this.#fetches.set(key, fetch);
    const joined = fetch.join(options);
    fetch.start((shared) => this.#bring(key, request, { ...shared, force: options.force === true }));
    return joined;
  }

  async #bring(key: string, request: ArticleRequest, options: GetOptions): Promise<ArticleHold> {
    const { contentId } = request;
    const stored = await this.#contents.use(contentId, (folder) => this.#read(key, request, folder));
    if (stored !== null) return this.#memory.add(key, contentId, stored);
    options.signal.throwIfAborted();
    const article = await this.#fetch(key, request, options);
    const hold = this.#memory.add(key, contentId, article);
    this.#writer.offer(key, contentId, hold.share());
    return hold;
  }

  async #fetch(key: string, request: ArticleRequest, { demand, signal, force }: GetOptions): Promise<DecodedArticle> {
    const missing = force === true ? null : this.#missing.messageOf(key);
    if (missing !== null) throw new UnplayableError(missing, 'ARTICLE_MISSING');
    try {
      const article = await this.options.source.fetch(request, { demand, signal });
      this.#missing.delete(key);
      return article;
    } catch (error) {
      if (error instanceof UnplayableError && error.code === 'ARTICLE_MISSING') {
        this.#missing.remember(key, request.contentId, error.message);
      }
      throw error;
    }
  }

  /** Null when it is not on disk, or not as it was: then it is removed. */
  async #read(key: string, request: ArticleRequest, folder: ContentFolder): Promise<DecodedArticle | null> {
    if (!folder.has(key)) return null;
    const { clock, log, slots } = this.options;
    try {
      const article = await folder.read(key, this.options);
      if (article !== null && isFit(request, article)) {
        folder.touch(key, clock.now());
        return article;
      }
      if (article !== null) slots.give(article.slot);
    } catch (error) {
      log.warn({ err: error }, 'An article could not be read from disk.');
      return null;
    }
    await folder.drop(key);
    return null;
  }

  /** Used, though from memory: it stays on disk longer. */
  #touch(key: string, contentId: ContentId): void {
    this.#contents.opened(contentId)?.touch(key, this.options.clock.now());
  }
}

function isFit(request: ArticleRequest, article: DecodedArticle): boolean {
  try {
    request.check?.(article);
    return true;
  } catch {
    return false;
  }
}
