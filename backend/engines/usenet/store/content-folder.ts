// What of one content is on disk, while it is open: its packs in the order of their last use, and which articles they hold.

import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DecodedArticle } from '../article.js';
import type { ReadOptions } from './article-pack.js';
import { ArticlePack } from './article-pack.js';
import { formatPackName, parsePackName, roomOf } from './article-record.js';
import type { PackFiles } from './pack-files.js';

export interface ContentFolderOptions {
  readonly path: string;
  readonly files: PackFiles;
  /** Epoch ms: the last use of what was there before. */
  readonly usedAt: number;
  /** Articles in a pack at most. */
  readonly packArticles: number;
  /** Room was given back that nobody waits for. */
  readonly freed: (bytes: number) => void;
}

/** Packs listed at once. */
const MAX_LISTING = 8;

/** Memory is proportional to its articles on disk; lives while the content is open. */
export class ContentFolder {
  /** The longest unused first. */
  readonly #packs = new Map<number, ArticlePack>();
  readonly #packOf = new Map<string, ArticlePack>();
  /** The one that is appended to. */
  #open: ArticlePack | null = null;
  #nextNumber = 0;
  #bytes = 0;
  #making: Promise<unknown> | null = null;
  #operations = 0;
  readonly #quiet: (() => void)[] = [];
  usedAt: number;
  /** Settled when the folder may be used: listed, and nobody is removing it. Never rejects. */
  ready: Promise<void> = Promise.resolve();
  /** Readers and operations that need it open. */
  users = 0;
  /** It will be closed unless somebody comes. */
  isCooling = false;

  constructor(private readonly options: ContentFolderOptions) {
    this.usedAt = options.usedAt;
  }

  /** Room its packs take on disk, or are about to. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Finds what is there; packs that hold nothing are removed. A folder that is not there is empty. */
  async list(): Promise<void> {
    const names = await readdir(this.options.path).catch(() => []);
    const numbers = names.map(parsePackName).filter((number) => number !== null);
    numbers.sort((a, b) => a - b);
    this.#nextNumber = (numbers.at(-1) ?? -1) + 1;
    const packs = numbers.map((number) => this.#pack(number));
    const gone = new Set<ArticlePack>();
    const waiting = packs.values();
    const listSome = async (): Promise<void> => {
      for (const pack of waiting) {
        const isSpent = await pack.list().catch(() => false);
        if (isSpent && (await pack.remove())) gone.add(pack);
      }
    };
    await Promise.all(Array.from({ length: MAX_LISTING }, listSome));
    // In the order they were written: of an article that is there twice the later one counts.
    for (const pack of packs) if (!gone.has(pack)) this.#add(pack);
  }

  has(key: string): boolean {
    return this.#packOf.has(key);
  }

  /** The article was used. One that went meanwhile stays gone: a read that nobody waits for any more does not hold it. */
  touch(key: string, now: number): void {
    const pack = this.#packOf.get(key);
    if (pack === undefined) return;
    pack.use(key, now);
    this.#packs.delete(pack.number);
    this.#packs.set(pack.number, pack);
    this.usedAt = now;
  }

  /** Null when it is not here, or not what it was. @throws the system's error when that cannot be found out */
  async read(key: string, options: ReadOptions): Promise<DecodedArticle | null> {
    const pack = this.#packOf.get(key);
    if (pack === undefined) return null;
    const article = await pack.read(key, options);
    await this.#tidy(pack);
    return article;
  }

  /**
   * Keeps an article. Its room was reserved by the caller, and is the folder's from here on.
   * @throws the system's error, `ENOSPC` among them
   */
  async write(key: string, article: DecodedArticle, now: number): Promise<void> {
    const room = roomOf(article.bytes.length);
    try {
      await this.#make();
    } catch (error) {
      this.options.freed(room);
      throw error;
    }
    const pack = this.#packFor(article.bytes.length);
    const before = pack.bytes;
    const writing = pack.write(key, article);
    this.#bytes += pack.bytes - before;
    if (pack.bytes === before) this.options.freed(room);
    try {
      if (!(await writing)) return;
      this.#packOf.set(key, pack);
      this.touch(key, now);
    } finally {
      await this.#tidy(pack);
    }
  }

  /** Not to be found from here on. Its room is given back when the rest of its pack is gone too. */
  async drop(key: string): Promise<void> {
    const pack = this.#packOf.get(key);
    if (pack === undefined) return;
    this.#packOf.delete(key);
    pack.drop(key);
    await this.#tidy(pack);
  }

  /** The longest unused first. */
  packs(): Iterable<ArticlePack> {
    return this.#packs.values();
  }

  /** Deletes a pack; resolves with the room it took, 0 when it is in use, gone already or cannot be deleted. */
  async remove(pack: ArticlePack): Promise<number> {
    if (pack.isBusy || this.#packs.get(pack.number) !== pack) return 0;
    this.#take(pack);
    if (await pack.remove()) return pack.bytes;
    this.#add(pack);
    return 0;
  }

  /** Something of it is read or written until `leave`. */
  enter(): void {
    this.#operations += 1;
  }

  leave(): void {
    this.#operations -= 1;
    if (this.#operations > 0) return;
    for (const resolve of this.#quiet.splice(0)) resolve();
  }

  /** Resolves when nothing of it is read or written. */
  async quiet(): Promise<void> {
    if (this.#operations > 0) await new Promise<void>((resolve) => this.#quiet.push(resolve));
  }

  /** Deletes everything when nothing is read or written any more; resolves with the room that it took. */
  async clear(): Promise<number> {
    await this.quiet();
    await this.close();
    await rm(this.options.path, { recursive: true, force: true });
    const bytes = this.#bytes;
    this.#packs.clear();
    this.#packOf.clear();
    this.#open = null;
    this.#bytes = 0;
    this.#making = null;
    return bytes;
  }

  /** No file of it stays open; none that is open now is used by a later call. */
  async close(): Promise<void> {
    await Promise.all([...this.#packs.values()].map((pack) => pack.close()));
  }

  /** Once before the first pack is written. */
  async #make(): Promise<void> {
    this.#making ??= mkdir(this.options.path, { recursive: true });
    try {
      await this.#making;
    } catch (error) {
      this.#making = null;
      throw error;
    }
  }

  #pack(number: number): ArticlePack {
    const { path, files, usedAt } = this.options;
    return new ArticlePack(number, join(path, formatPackName(number)), files, usedAt);
  }

  #packFor(sizeBytes: number): ArticlePack {
    if (this.#open?.takes(sizeBytes, this.options.packArticles) !== true) {
      this.#open = this.#pack(this.#nextNumber++);
      this.#packs.set(this.#open.number, this.#open);
    }
    return this.#open;
  }

  /** A pack of which nothing is left, or came to be, goes. */
  async #tidy(pack: ArticlePack): Promise<void> {
    if (!pack.isEmpty) return;
    const freed = await this.remove(pack);
    if (freed > 0) this.options.freed(freed);
  }

  #add(pack: ArticlePack): void {
    this.#packs.set(pack.number, pack);
    this.#bytes += pack.bytes;
    for (const key of pack.keys()) this.#packOf.set(key, pack);
  }

  #take(pack: ArticlePack): void {
    this.#packs.delete(pack.number);
    this.#bytes -= pack.bytes;
    for (const key of pack.keys()) if (this.#packOf.get(key) === pack) this.#packOf.delete(key);
    if (this.#open === pack) this.#open = null;
  }
}
