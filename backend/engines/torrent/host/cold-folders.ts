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

  /** The folder is looked after by others from here on; returns the bytes it was counted with. */
  handOver(infoHash: InfoHash): number {
    const usage = this.folders.get(infoHash);
    this.folders.delete(infoHash);
    return usage === undefined ? 0 : sum(usage);
  }

  /** Deletes a folder; resolves with the bytes it was counted with. */
  async remove(infoHash: InfoHash): Promise<number> {
    const bytes = this.handOver(infoHash);
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

  private async evict(infoHash: InfoHash, extent: ExtentIndex, bytes: number): Promise<number> {
    const usage = this.folders.get(infoHash);
    if (usage?.extents.delete(extent) !== true) return 0;
    await removeExtent(this.folderOf(infoHash), extent);
    if (usage.extents.size === 0) await this.remove(infoHash);
    return bytes;
  }
}

function sum(usage: FolderUsage): number {
  let bytes = 0;
  for (const extentBytes of usage.extents.values()) bytes += extentBytes;
  return bytes;
}
