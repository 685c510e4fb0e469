// Folders of torrents that were not opened since the start: measured once, evictable whole, handed over when opened.

import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { InfoHash } from '../../../content/index.js';
import { isInfoHash } from '../../../content/index.js';
import type { Evictable } from '../../../storage/index.js';
import type { ExtentIndex } from '../geometry.js';
import type { FolderUsage } from './torrent-disk.js';
import { measureFolder, removeExtent, removeFolder } from './torrent-disk.js';

export class ColdFolders {
  private readonly folders = new Map<InfoHash, FolderUsage>();
  /** Evictions under way, of each folder. */
  private readonly evictions = new Map<InfoHash, Promise<unknown>>();

  constructor(private readonly root: string) {}

  /** Measures what is there; proportional to the extents on disk. Resolves with the bytes they take. */
  async load(): Promise<number> {
    await mkdir(this.root, { recursive: true });
    let total = 0;
    for (const name of await readdir(this.root)) {
      if (!isInfoHash(name)) continue;
      const usage = await measureFolder(join(this.root, name));
      this.folders.set(name, usage);
      total += sum(usage);
    }
    return total;
  }

  folderOf(infoHash: InfoHash): string {
    return join(this.root, infoHash);
  }

  /** Bytes that a folder takes; 0 for one that others look after. */
  bytesOf(infoHash: InfoHash): number {
    const usage = this.folders.get(infoHash);
    return usage === undefined ? 0 : sum(usage);
  }

  /** The folder is looked after by others from here on; resolves, when it is left alone, with the bytes it was counted with. */
  async handOver(infoHash: InfoHash): Promise<number> {
    const usage = this.folders.get(infoHash);
    this.folders.delete(infoHash);
    await this.evictions.get(infoHash)?.catch(() => undefined);
    return usage === undefined ? 0 : sum(usage);
  }

  /** The folder is looked after here again; resolves with the bytes it takes. */
  async takeBack(infoHash: InfoHash): Promise<number> {
    const usage = await measureFolder(this.folderOf(infoHash));
    if (usage.extents.size > 0) this.folders.set(infoHash, usage);
    return sum(usage);
  }

  /** Deletes a folder; resolves with the bytes it was counted with. */
  async remove(infoHash: InfoHash): Promise<number> {
    const bytes = await this.handOver(infoHash);
    await removeFolder(this.folderOf(infoHash));
    return bytes;
  }

  evictable(): Evictable[] {
    return [...this.folders].flatMap(([infoHash, usage]) =>
      [...usage.extents].map(([extent, bytes]) => ({
        rank: 'idle' as const,
        usedAt: usage.usedAt,
        evict: () => this.evict(infoHash, extent, bytes),
      })),
    );
  }

  private evict(infoHash: InfoHash, extent: ExtentIndex, bytes: number): Promise<number> {
    const usage = this.folders.get(infoHash);
    if (usage?.extents.delete(extent) !== true) return Promise.resolve(0);
    const isLast = usage.extents.size === 0;
    if (isLast) this.folders.delete(infoHash);
    const before = this.evictions.get(infoHash) ?? Promise.resolve();
    const eviction = before
      .catch(() => undefined)
      .then(() => (isLast ? removeFolder(this.folderOf(infoHash)) : removeExtent(this.folderOf(infoHash), extent)))
      .finally(() => {
        if (this.evictions.get(infoHash) === eviction) this.evictions.delete(infoHash);
      });
    this.evictions.set(infoHash, eviction);
    return eviction.then(() => bytes);
  }
}

function sum(usage: FolderUsage): number {
  let bytes = 0;
  for (const extentBytes of usage.extents.values()) bytes += extentBytes;
  return bytes;
}
