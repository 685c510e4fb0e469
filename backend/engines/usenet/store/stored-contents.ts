// All decoded articles on disk, by content. A content is open while somebody reads it and a little longer; then it may go
// whole, before that only what its readers have passed.

import type { ContentId } from '../../../content/index.js';
import type { Clock } from '../../../platform/index.js';
import type { CacheTenant, DiskCache, Evictable, EvictionRank } from '../../../storage/index.js';
import { removeArticle } from './article-disk.js';
import { ColdContents } from './cold-contents.js';
import { ContentFolder } from './content-folder.js';
import type { StoredArticle } from './content-folder.js';

export interface StoredContentsOptions {
  readonly folder: string;
  readonly cache: Pick<DiskCache, 'count' | 'release' | 'reconsider'>;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** True while somebody holds or awaits the article: it is never offered. */
  readonly isInUse: (key: string) => boolean;
}

/** A content that nobody uses stays open so long. */
const WARM_MS = 30_000;
/** Articles of each rank offered at once: whoever needs more asks again, and a full cache is asked for every article. */
const MAX_OFFERED = 64;

export class StoredContents implements CacheTenant {
  readonly #cold: ColdContents;
  readonly #open = new Map<ContentId, ContentFolder>();

  constructor(private readonly options: StoredContentsOptions) {
    this.#cold = new ColdContents(options.folder);
  }

  /** Resolves with the room that is taken. */
  load(): Promise<number> {
    return this.#cold.load();
  }

  /** The content is being read until `unlease`. Its folder is listed once, in the background. */
  lease(contentId: ContentId): ContentFolder {
    const folder = this.#open.get(contentId) ?? this.#openFolder(contentId);
    folder.users += 1;
    return folder;
  }

  unlease(contentId: ContentId, folder: ContentFolder): void {
    folder.users -= 1;
    folder.usedAt = this.options.clock.now();
    if (folder.users === 0 && this.#open.get(contentId) === folder) this.#coolLater(contentId, folder);
    this.options.cache.reconsider();
  }

  /** Runs `work` on the content's folder when it is listed, and not while it is removed. */
  async use<Result>(contentId: ContentId, work: (folder: ContentFolder) => Promise<Result>): Promise<Result> {
    const folder = this.lease(contentId);
    try {
      await readied(folder);
      folder.enter();
      try {
        return await work(folder);
      } finally {
        folder.leave();
      }
    } finally {
      this.unlease(contentId, folder);
    }
  }

  /** Null when it is not open. */
  opened(contentId: ContentId): ContentFolder | null {
    return this.#open.get(contentId) ?? null;
  }

  /** Deletes a content's articles. Waits for files that are being read or written. */
  async remove(contentId: ContentId): Promise<void> {
    const folder = this.lease(contentId);
    const before = folder.ready;
    const removal = before.then(() => folder.clear()).then((bytes) => this.options.cache.release(bytes));
    folder.ready = removal.catch(() => undefined);
    await removal.finally(() => this.unlease(contentId, folder));
  }

  evictable(): Evictable[] {
    const offered = this.#cold.evictable((contentId) => this.#open.has(contentId));
    for (const [contentId, folder] of this.#open) {
      if (folder.users === 0) offered.push(this.#whole(contentId, folder));
      else
        offered.push(
          ...this.#singles(contentId, folder, folder.used(), 'behind'),
          ...this.#singles(contentId, folder, folder.unused(), 'ahead'),
        );
    }
    return offered;
  }

  /** Waits for files that are read or written, and notes when contents were last used. */
  async close(): Promise<void> {
    for (const [contentId, folder] of this.#open) {
      await readied(folder);
      await folder.quiet();
      this.#cool(contentId, folder);
    }
    await this.#cold.settled();
  }

  #openFolder(contentId: ContentId): ContentFolder {
    const folder = new ContentFolder(this.#cold.pathOf(contentId), this.options.clock.now());
    this.#open.set(contentId, folder);
    // The listing itself needs it open: closed before it is known, its room would be lost count of.
    folder.users += 1;
    folder.ready = this.#list(contentId, folder).finally(() => this.unlease(contentId, folder));
    return folder;
  }

  async #list(contentId: ContentId, folder: ContentFolder): Promise<void> {
    const counted = await this.#cold.handOver(contentId);
    await folder.list();
    const { cache } = this.options;
    if (folder.bytes > counted) cache.count(folder.bytes - counted);
    else if (folder.bytes < counted) cache.release(counted - folder.bytes);
  }

  #coolLater(contentId: ContentId, folder: ContentFolder): void {
    if (folder.isCooling) return;
    folder.isCooling = true;
    const { clock } = this.options;
    clock.after(WARM_MS, () => {
      folder.isCooling = false;
      if (folder.users > 0 || this.#open.get(contentId) !== folder) return;
      const warmForMs = clock.now() - folder.usedAt;
      if (warmForMs >= 0 && warmForMs < WARM_MS) this.#coolLater(contentId, folder);
      else this.#cool(contentId, folder);
    });
  }

  #cool(contentId: ContentId, { bytes, usedAt }: ContentFolder): void {
    this.#open.delete(contentId);
    this.#cold.takeBack(contentId, { bytes, usedAt });
  }

  /** One that is open still, though nobody uses it. */
  #whole(contentId: ContentId, folder: ContentFolder): Evictable {
    const evict = async (): Promise<number> => {
      if (folder.users > 0 || this.#open.get(contentId) !== folder) return 0;
      this.#cool(contentId, folder);
      await this.#cold.settled();
      return this.#open.has(contentId) ? 0 : this.#cold.evict(contentId);
    };
    return { rank: 'idle', usedAt: folder.usedAt, evict };
  }

  #singles(
    contentId: ContentId,
    folder: ContentFolder,
    articles: Iterable<StoredArticle>,
    rank: EvictionRank,
  ): Evictable[] {
    const { isInUse } = this.options;
    const offered: Evictable[] = [];
    for (const { name, usedAt } of articles) {
      if (isInUse(name.key)) continue;
      const evict = async (): Promise<number> => {
        if (isInUse(name.key) || this.#open.get(contentId) !== folder) return 0;
        const freed = folder.delete(name.key);
        if (freed === 0 || (await removeArticle(folder.path, name))) return freed;
        folder.touch(name, usedAt);
        return 0;
      };
      offered.push({ rank, usedAt, evict });
      if (offered.length === MAX_OFFERED) break;
    }
    return offered;
  }
}

/** Resolves when the folder may be used; a removal that begins meanwhile is waited for as well. */
async function readied(folder: ContentFolder): Promise<void> {
  for (let seen: Promise<void> | null = null; seen !== folder.ready;) {
    seen = folder.ready;
    await seen;
  }
}
