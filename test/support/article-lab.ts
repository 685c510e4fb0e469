// An article store on a temporary folder, in front of a source that answers when the test says so; every slot is counted.

import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContentId } from '../../backend/content/index.js';
import { UnplayableError } from '../../backend/content/index.js';
import type {
  ArticleDemand,
  ArticleRequest,
  ArticleSource,
  DecodedArticle,
  FetchOptions,
  SlotPool,
} from '../../backend/engines/usenet/article.js';
import { crc32 } from '../../backend/engines/usenet/yenc/crc32.js';
import { ArticleStore } from '../../backend/engines/usenet/store/article-store.js';
import type { ArticleStoreOptions } from '../../backend/engines/usenet/store/article-store.js';
import { DiskCache } from '../../backend/storage/index.js';
import { ManualClock } from './manual-clock.js';
import { NotedLog } from './noted-log.js';
import { pseudoRandomBytes } from './pseudo-random.js';

export const SLOT_BYTES = 64 * 1024;

/** A content's id made of one hex digit. */
export function contentOf(digit: string): ContentId {
  return digit.repeat(64) as ContentId;
}

export function requestOf(messageId: string, contentId: ContentId = contentOf('a')): ArticleRequest {
  return { messageId, contentId, sizeBytes: 0 };
}

export function demandOf(rank: 'play' | 'ahead' | 'prepare' | 'background' = 'play', distance = 0): ArticleDemand {
  return { owner: {}, urgency: () => ({ rank, distance }) };
}

/** What the article of this id holds. */
export function bytesOf(messageId: string, sizeBytes = 5000): Buffer {
  return pseudoRandomBytes(messageId, sizeBytes);
}

/** Slots that are counted: each is given back once. */
export class CountedSlots implements SlotPool {
  readonly out = new Set<Uint8Array>();
  doubleGiven = 0;

  take(sizeBytes: number): Uint8Array {
    const slot = new Uint8Array(Math.max(SLOT_BYTES, sizeBytes));
    this.out.add(slot);
    return slot;
  }

  give(slot: Uint8Array): void {
    if (!this.out.delete(slot)) this.doubleGiven += 1;
    slot.fill(0xee); // who reads on after giving back reads rubbish
  }
}

export function articleOf(slots: SlotPool, messageId: string, sizeBytes = 5000): DecodedArticle {
  const slot = slots.take(sizeBytes);
  const bytes = slot.subarray(0, sizeBytes);
  bytes.set(bytesOf(messageId, sizeBytes));
  const part = {
    encoding: 'yenc' as const,
    begin: 0,
    fileName: 'film.mkv',
    fileSizeBytes: 1e12,
    partNumber: 1,
    partCount: null,
  };
  return { slot, bytes, crc32: crc32(bytes, 0), part };
}

interface Asked {
  readonly request: ArticleRequest;
  readonly options: FetchOptions;
  answer(): void;
  fail(error: Error): void;
}

/** Answers at once, unless it `isHolding`: then when told. */
export class LabSource implements ArticleSource {
  readonly asked: Asked[] = [];
  readonly missing = new Set<string>();
  isHolding = false;
  sizeBytes = 5000;

  constructor(private readonly slots: SlotPool) {}

  fetch(request: ArticleRequest, options: FetchOptions): Promise<DecodedArticle> {
    return new Promise((resolve, reject) => {
      let isSettled = false;
      const stop = (): void => reject(options.signal.reason as Error);
      const settle = (act: () => void): void => {
        options.signal.removeEventListener('abort', stop);
        if (!isSettled && !options.signal.aborted) act();
        isSettled = true;
      };
      const answer = (): void => {
        if (this.missing.has(request.messageId))
          return reject(new UnplayableError('Nobody has it.', 'ARTICLE_MISSING'));
        resolve(articleOf(this.slots, request.messageId, this.sizeBytes));
      };
      options.signal.addEventListener('abort', stop, { once: true });
      this.asked.push({
        request,
        options,
        answer: () => settle(answer),
        fail: (error) => settle(() => reject(error)),
      });
      if (!this.isHolding) settle(answer);
    });
  }

  exists(): Promise<boolean | null> {
    return Promise.resolve(null);
  }

  timesAsked(messageId: string): number {
    return this.asked.filter(({ request }) => request.messageId === messageId).length;
  }
}

export interface ArticleLabOptions extends Partial<
  Pick<ArticleStoreOptions, 'memoryBytes' | 'cache' | 'packArticles'>
> {
  readonly maxBytes?: number;
}

/** One folder, and stores on it one after the other. */
export class ArticleLab {
  readonly slots = new CountedSlots();
  readonly source = new LabSource(this.slots);
  readonly clock = new ManualClock();
  readonly log = new NotedLog();
  cache: DiskCache;
  store: ArticleStore;

  private constructor(
    readonly root: string,
    private readonly options: ArticleLabOptions,
  ) {
    ({ cache: this.cache, store: this.store } = this.#create());
  }

  static async open(options: ArticleLabOptions = {}): Promise<ArticleLab> {
    const lab = new ArticleLab(await mkdtemp(join(tmpdir(), 'headstart-articles-')), options);
    await lab.#load();
    return lab;
  }

  /** Closes the store and begins with a new one on the same folder, as after a restart. */
  async restart(): Promise<void> {
    await this.store.close();
    await this.begin();
  }

  /** A new store on the same folder; the old one is left as after a kill. */
  async begin(): Promise<void> {
    ({ cache: this.cache, store: this.store } = this.#create());
    await this.#load();
  }

  get(messageId: string, contentId?: ContentId, options: Partial<FetchOptions & { force: boolean }> = {}) {
    const request = requestOf(messageId, contentId);
    return this.store.get(request, { demand: demandOf(), signal: new AbortController().signal, ...options });
  }

  /** Gets it and lets it go; resolves with a copy of its bytes. */
  async read(messageId: string, contentId?: ContentId): Promise<Buffer> {
    const held = await this.get(messageId, contentId);
    const copy = Buffer.from(held.bytes);
    held.release();
    return copy;
  }

  /** Paths of the files of a content, in the order they were made. */
  async files(contentId: ContentId = contentOf('a')): Promise<string[]> {
    const folder = join(this.root, 'articles', contentId);
    const names = await readdir(folder).catch(() => []);
    return names.sort((a, b) => Number.parseInt(a) - Number.parseInt(b)).map((name) => join(folder, name));
  }

  /** What they take on disk. */
  async bytesOnDisk(contentId: ContentId = contentOf('a')): Promise<number> {
    const found = await Promise.all((await this.files(contentId)).map((path) => stat(path)));
    return found.reduce((sum, { size }) => sum + size, 0);
  }

  /** Closes everything and deletes the folder; resolves with the slots that were never given back, or given twice. */
  async close(): Promise<number> {
    await this.store.close();
    await rm(this.root, { recursive: true, force: true });
    return this.slots.out.size + this.slots.doubleGiven;
  }

  #create(): { cache: DiskCache; store: ArticleStore } {
    const { maxBytes = 1e9, memoryBytes = 16 * SLOT_BYTES, packArticles = 16 } = this.options;
    const cache = new DiskCache({ maxBytes });
    const { slots, source, clock, log } = this;
    const folder = join(this.root, 'articles');
    const given = this.options.cache ?? cache;
    const store = new ArticleStore({
      source,
      slots,
      cache: given,
      folder,
      clock,
      log,
      crc32: (bytes) => crc32(bytes, 0),
      memoryBytes,
      packArticles,
    });
    cache.addTenant(store);
    return { cache, store };
  }

  async #load(): Promise<void> {
    this.cache.count(await this.store.load());
  }
}
