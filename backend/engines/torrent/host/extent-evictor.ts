// Which extents of one torrent may go, least missed first, and how they go: no new readers, the old ones done, the worker
// told, the file removed.

import type { Evictable } from '../../../storage/index.js';
import type { ExtentIndex, PieceIndex } from '../geometry.js';
import type { DemandList } from './demand-list.js';
import type { RemoteTorrent } from './remote-torrent.js';
import type { TorrentDisk } from './torrent-disk.js';
import { removeExtent } from './torrent-disk.js';

export interface ExtentEvictorOptions {
  readonly disk: TorrentDisk;
  readonly demands: Pick<DemandList, 'all' | 'foreground'>;
  readonly remote: Pick<RemoteTorrent, 'dropExtent' | 'away'>;
  /** When the torrent was last used, epoch ms. */
  readonly usedAt: () => number;
  /** A piece that could not be read for a while can be again. */
  readonly readable: (piece: PieceIndex) => void;
}

export class ExtentEvictor {
  constructor(private readonly options: ExtentEvictorOptions) {}

  /** Extents that nobody reads or is about to read. */
  evictable(): Evictable[] {
    const { disk } = this.options;
    return [...disk.heldBytes.keys()]
      .filter((extent) => this.isFree(extent))
      .map((extent) => ({
        ...this.rankOf(extent),
        evict: async () => (this.isFree(extent) ? this.letGo(extent) : 0),
      }));
  }

  /** Removes an extent, whoever wants it; resolves with the bytes it took. One that is on its way out is waited for. */
  async letGo(extent: ExtentIndex): Promise<number> {
    const { disk, remote, readable } = this.options;
    const freed = await disk.retire(extent, async () => {
      if (!(await remote.dropExtent(extent))) await remote.away(() => removeExtent(disk.folder, extent));
    });
    const { first, end } = disk.geometry.piecesOfExtent(extent);
    for (let index: number = first; index < end; index++) {
      if (disk.isReadable(index as PieceIndex)) readable(index as PieceIndex);
    }
    return freed;
  }

  private isFree(extent: ExtentIndex): boolean {
    const { disk, demands } = this.options;
    const { start, end } = disk.geometry.extentRange(extent);
    const isNeeded = demands.foreground().some((demand) => start < demand.end && demand.start < end);
    return !isNeeded && !disk.isRetiring(extent);
  }

  /** Behind is what all readers have passed; of what lies ahead of one, the farthest goes first. */
  private rankOf(extent: ExtentIndex): Pick<Evictable, 'rank' | 'usedAt'> {
    const { disk, demands, usedAt } = this.options;
    const { start, end } = disk.geometry.extentRange(extent);
    if (demands.all().length === 0) return { rank: 'idle', usedAt: usedAt() };
    const reached = Math.min(...demands.foreground().map((demand) => demand.start));
    if (reached === Infinity) return { rank: 'ahead', usedAt: usedAt() };
    return end <= reached ? { rank: 'behind', usedAt: start } : { rank: 'ahead', usedAt: reached - start };
  }
}
