// Plays a worker that fetches whatever is wanted, piece by piece, as soon as it is.

import type { Geometry, PieceIndex } from '../../../../../backend/engines/torrent/geometry.js';
import type { Demand } from '../../../../../backend/engines/torrent/protocol.js';
import type { EntryLab } from './entry-lab.js';

export class FillingWorker {
  /** Pieces in the order they were fetched. */
  readonly fetched: number[] = [];
  /** Highest end of any demand so far, in bytes of the torrent. */
  farthestWanted = 0;
  private demands: readonly Demand[] = [];
  private filling: Promise<void> | null = null;

  constructor(private readonly lab: EntryLab) {
    lab.heard = (message) => {
      if (message.type !== 'demand') return;
      this.demands = message.demands;
      this.farthestWanted = Math.max(this.farthestWanted, ...this.demands.map((demand) => demand.end));
      this.filling ??= this.fill().finally(() => (this.filling = null));
    };
  }

  /** Fetches nothing more; resolves when it is done with what it began. */
  async close(): Promise<void> {
    this.lab.heard = () => undefined;
    this.demands = [];
    await this.filling;
  }

  private async fill(): Promise<void> {
    for (let piece = this.next(); piece !== null; piece = this.next()) {
      this.fetched.push(piece);
      await this.lab.put(piece);
    }
  }

  private next(): PieceIndex | null {
    const { geometry, bits }: { geometry: Geometry; bits: { has(piece: number): boolean } } = this.lab.entry.disk!;
    for (const demand of this.demands) {
      const { first, end } = geometry.piecesOf(demand);
      for (let index: number = first; index < end; index++) if (!bits.has(index)) return index as PieceIndex;
    }
    return null;
  }
}
