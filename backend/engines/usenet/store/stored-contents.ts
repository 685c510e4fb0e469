// All decoded articles on disk, by content. A content is open while somebody reads it and a little longer; then it may go
// whole, before that only what its readers have passed.

import type { ContentId } from '../../../content/index.js';
import type { Clock } from '../../../platform/index.js';
import type { CacheTenant, DiskCache, Evictable } from '../../../storage/index.js';
import type { ArticlePack } from './article-pack.js';
import { ColdContents } from './cold-contents.js';
import { ContentFolder } from './content-folder.js';
import { PackFiles } from './pack-files.js';

export interface StoredContentsOptions {
  readonly folder: string;
  readonly cache: Pick<DiskCache, 'count' | 'release' | 'reconsider'>;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** True while somebody holds or awaits the article: it is never offered. */
  readonly isInUse: (key: string) => boolean;
  /** Articles in a pack at most. */
  readonly packArticles: number;
}

/** A content that nobody uses stays open so long. */
const WARM_MS = 30_000;
/** Packs of a content and rank offered at once: whoever needs more asks again. */
const MAX_OFFERED = 16;

export class StoredContents implements CacheTenant {
  readonly #cold: ColdContents;
  readonly #open = new Map<ContentId, ContentFolder>();
  readonly #files = new PackFiles();
  /** Folders whose files are being closed. */
  readonly #closing = new Set<Promise<void>>();

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

  /** Room that a content takes; of one that is being opened, as far as it is listed. */
  bytesOf(contentId: ContentId): number {
    return this.#open.get(contentId)?.bytes ?? this.#cold.bytesOf(contentId);
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
      else offered.push(...this.#packs(contentId, folder));
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
    await Promise.all(this.#closing);
    await this.#cold.settled();
  }

  #openFolder(contentId: ContentId): ContentFolder {
    const { cache, clock, packArticles } = this.options;
    const folder = new ContentFolder({
      path: this.#cold.pathOf(contentId),
      files: this.#files,
      usedAt: clock.now(),
      packArticles,
      freed: (bytes) => cache.release(bytes),
    });
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

  #cool(contentId: ContentId, folder: ContentFolder): void {
    this.#open.delete(contentId);
    const { bytes, usedAt } = folder;
    this.#cold.takeBack(contentId, { bytes, usedAt });
    const closing = folder.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
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

  /** What readers have passed, and what none has come to. */
  #packs(contentId: ContentId, folder: ContentFolder): Evictable[] {
    const isFree = (pack: ArticlePack): boolean => !pack.isBusy && ![...pack.keys()].some(this.options.isInUse);
    const offered = { behind: [] as Evictable[], ahead: [] as Evictable[] };
    for (const pack of folder.packs()) {
      const rank: keyof typeof offered = pack.hasUnused ? 'ahead' : 'behind';
      if (offered[rank].length === MAX_OFFERED || !isFree(pack)) continue;
      const evict = (): Promise<number> => (isFree(pack) ? this.#evict(contentId, folder, pack) : Promise.resolve(0));
      offered[rank].push({ rank, usedAt: pack.usedAt, evict });
    }
    return [...offered.behind, ...offered.ahead];
  }

  /** The folder stays open until it is known whether the pack is gone: nobody else counts it meanwhile. */
  async #evict(contentId: ContentId, folder: ContentFolder, pack: ArticlePack): Promise<number> {
    if (this.#open.get(contentId) !== folder) return 0;
    folder.users += 1;
    try {
      return await folder.remove(pack);
    } finally {
      folder.users -= 1;
      if (folder.users === 0 && this.#open.get(contentId) === folder) this.#coolLater(contentId, folder);
    }
  }
}

/** Resolves when the folder may be used; a removal that begins meanwhile is waited for as well. */
async function readied(folder: ContentFolder): Promise<void> {
  for (let seen: Promise<void> | null = null; seen !== folder.ready;) {
    seen = folder.ready;
    await seen;
  }
}
