// What of one content is on disk, while it is open: which articles, in the order of their last use.

import { mkdir, readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { UNFINISHED_SUFFIX } from './article-disk.js';
import type { ArticleFileName } from './article-file.js';
import { parseArticleFileName, roomOf } from './article-file.js';

/** What a listing found: whole articles, each key once; leftovers are removed. A folder that is not there is empty. */
export async function listArticles(path: string): Promise<ArticleFileName[]> {
  const found = new Map<string, ArticleFileName>();
  for (const name of await readdir(path).catch(() => [])) {
    const file = parseArticleFileName(name);
    if (file !== null && !found.has(file.key)) found.set(file.key, file);
    else if (file !== null || name.endsWith(UNFINISHED_SUFFIX)) await unlink(join(path, name)).catch(() => undefined);
  }
  return [...found.values()];
}

/** An article on disk and when it was last used, epoch ms. */
export interface StoredArticle {
  readonly name: ArticleFileName;
  readonly usedAt: number;
}

/** Memory is proportional to its articles on disk; lives while the content is open. */
export class ContentFolder {
  /** Used since it was opened, the longest unused first: a reader has passed them. */
  readonly #used = new Map<string, StoredArticle>();
  /** On disk from earlier, not used since. */
  readonly #unused = new Map<string, StoredArticle>();
  #bytes = 0;
  #isMade = false;
  #operations = 0;
  readonly #quiet: (() => void)[] = [];
  /** Settled when the folder may be used: listed, and nobody is removing it. Never rejects. */
  ready: Promise<void> = Promise.resolve();
  /** Readers and operations that need it open. */
  users = 0;
  /** It will be closed unless somebody comes. */
  isCooling = false;

  constructor(
    readonly path: string,
    public usedAt: number,
  ) {}

  /** Room its articles take on disk. */
  get bytes(): number {
    return this.#bytes;
  }

  async list(): Promise<void> {
    for (const name of await listArticles(this.path)) {
      this.#unused.set(name.key, { name, usedAt: this.usedAt });
      this.#bytes += roomOf(name.sizeBytes);
    }
  }

  find(key: string): ArticleFileName | null {
    return (this.#used.get(key) ?? this.#unused.get(key))?.name ?? null;
  }

  /** An article was read. One that went meanwhile stays gone: a read that nobody waits for any more does not hold it. */
  renew(name: ArticleFileName, now: number): void {
    if (this.find(name.key) !== null) this.touch(name, now);
  }

  /** An article was written, or used while it is here. */
  touch(name: ArticleFileName, now: number): void {
    if (this.find(name.key) === null) this.#bytes += roomOf(name.sizeBytes);
    this.#unused.delete(name.key);
    this.#used.delete(name.key);
    this.#used.set(name.key, { name, usedAt: now });
    this.usedAt = now;
  }

  /** Not to be found from here on; returns the room it was counted with. */
  delete(key: string): number {
    const name = this.find(key);
    if (name === null) return 0;
    this.#used.delete(key);
    this.#unused.delete(key);
    this.#bytes -= roomOf(name.sizeBytes);
    return roomOf(name.sizeBytes);
  }

  used(): Iterable<StoredArticle> {
    return this.#used.values();
  }

  unused(): Iterable<StoredArticle> {
    return this.#unused.values();
  }

  /** Once before the first file is written. */
  async make(): Promise<void> {
    if (this.#isMade) return;
    await mkdir(this.path, { recursive: true });
    this.#isMade = true;
  }

  /** A file of it is read or written until `leave`. */
  enter(): void {
    this.#operations += 1;
  }

  leave(): void {
    this.#operations -= 1;
    if (this.#operations > 0) return;
    for (const resolve of this.#quiet.splice(0)) resolve();
  }

  /** Resolves when no file of it is read or written. */
  async quiet(): Promise<void> {
    if (this.#operations > 0) await new Promise<void>((resolve) => this.#quiet.push(resolve));
  }

  /** Deletes everything when no file is read or written any more; resolves with the room that it took. */
  async clear(): Promise<number> {
    await this.quiet();
    await rm(this.path, { recursive: true, force: true });
    const bytes = this.#bytes;
    this.#used.clear();
    this.#unused.clear();
    this.#bytes = 0;
    this.#isMade = false;
    return bytes;
  }
}
