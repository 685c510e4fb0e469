// Contents on disk that nobody uses: of each only its room and its last use are known. They go in portions, the longest
// unused content first.

import { mkdir, opendir, readdir, rmdir, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentId } from '../../../content/index.js';
import { isContentId } from '../../../content/index.js';
import type { Evictable } from '../../../storage/index.js';
import { removePack, roomOfPack } from './article-pack.js';
import { parsePackName } from './article-record.js';

interface ColdContent {
  bytes: number;
  readonly usedAt: number;
}

/** Packs removed at once: about 200 MB, so that whoever waits for room does not wait for a whole film to go. */
const PORTION = 16;
/** An article in a file of its own, as earlier versions kept it: it is not read any more. */
const SINGLE_ARTICLE = /^[0-9a-f]{32}\.\d{1,8}(\.part)?$/;

export class ColdContents {
  readonly #contents = new Map<ContentId, ColdContent>();
  /** Folders that something is being done to, each until it is done. */
  readonly #busy = new Map<ContentId, Promise<unknown>>();

  constructor(private readonly root: string) {}

  /** Measures what is there, by the sizes of packs; resolves with the room it takes. */
  async load(): Promise<number> {
    await mkdir(this.root, { recursive: true });
    let total = 0;
    for (const contentId of await readdir(this.root)) {
      if (!isContentId(contentId)) continue;
      const path = this.pathOf(contentId);
      const usedAt = (await stat(path)).mtimeMs;
      const bytes = await this.#measure(path);
      if (bytes > 0) this.#contents.set(contentId, { bytes, usedAt });
      else await rmdir(path).catch(() => undefined);
      total += bytes;
    }
    return total;
  }

  pathOf(contentId: ContentId): string {
    return join(this.root, contentId);
  }

  bytesOf(contentId: ContentId): number {
    return this.#contents.get(contentId)?.bytes ?? 0;
  }

  /** Others look after the folder from here on; resolves, when it is left alone, with the room it was counted with. */
  async handOver(contentId: ContentId): Promise<number> {
    await this.#busy.get(contentId);
    const bytes = this.#contents.get(contentId)?.bytes ?? 0;
    this.#contents.delete(contentId);
    return bytes;
  }

  /** The folder is looked after here again. Its last use is written down for the next start. */
  takeBack(contentId: ContentId, content: { readonly bytes: number; readonly usedAt: number }): void {
    if (content.bytes > 0) this.#contents.set(contentId, { ...content });
    void this.#occupy(contentId, this.#note(contentId, content));
  }

  /** Resolves when nothing is being done to any folder. */
  async settled(): Promise<void> {
    await Promise.all(this.#busy.values());
  }

  /** `isOpen` names those that others look after. */
  evictable(isOpen: (contentId: ContentId) => boolean): Evictable[] {
    return [...this.#contents]
      .filter(([contentId]) => !isOpen(contentId))
      .map(([contentId, { usedAt }]) => ({
        rank: 'idle',
        usedAt,
        evict: async () => (isOpen(contentId) ? 0 : this.evict(contentId)),
      }));
  }

  /** Removes a portion of it; resolves with the room that was freed, 0 while something else is done to it. */
  async evict(contentId: ContentId): Promise<number> {
    const content = this.#contents.get(contentId);
    if (content === undefined || this.#busy.has(contentId)) return 0;
    let freed = 0;
    await this.#occupy(
      contentId,
      this.#removePortion(contentId).then(async (removed) => {
        freed = removed.isAll ? content.bytes : Math.min(removed.bytes, content.bytes);
        content.bytes -= freed;
        if (content.bytes === 0) this.#contents.delete(contentId);
        await this.#note(contentId, content);
      }),
    );
    return freed;
  }

  async #measure(path: string): Promise<number> {
    let total = 0;
    for (const name of await readdir(path).catch(() => [])) {
      if (parsePackName(name) !== null) total += await roomOfPack(join(path, name));
      else if (SINGLE_ARTICLE.test(name)) await unlink(join(path, name)).catch(() => undefined);
    }
    return total;
  }

  #occupy(contentId: ContentId, work: Promise<unknown>): Promise<unknown> {
    const done = work
      .catch(() => undefined)
      .finally(() => {
        if (this.#busy.get(contentId) === done) this.#busy.delete(contentId);
      });
    this.#busy.set(contentId, done);
    return done;
  }

  async #removePortion(contentId: ContentId): Promise<{ bytes: number; isAll: boolean }> {
    const path = this.pathOf(contentId);
    let bytes = 0;
    let count = 0;
    let isAll = true;
    const folder = await opendir(path, { bufferSize: PORTION }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    for await (const { name } of folder) {
      if (parsePackName(name) === null) continue;
      if (count === PORTION) return { bytes, isAll: false };
      const pack = join(path, name);
      const room = await roomOfPack(pack);
      const isGone = await removePack(pack);
      if (isGone) bytes += room;
      isAll &&= isGone;
      count += 1;
    }
    return { bytes, isAll };
  }

  /** The folder's time is the content's last use; an empty folder goes. */
  async #note(contentId: ContentId, { bytes, usedAt }: ColdContent): Promise<void> {
    const path = this.pathOf(contentId);
    if (bytes === 0) await rmdir(path).catch(() => undefined);
    else await utimes(path, usedAt / 1000, usedAt / 1000).catch(() => undefined);
  }
}
