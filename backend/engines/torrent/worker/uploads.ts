// What the swarm is told of our pieces. webtorrent answers requests by its own bitfield, which is kept like our bits here.

import type { Torrent } from 'webtorrent';
import type { PieceIndex } from '../geometry.js';

export class Uploads {
  constructor(private readonly torrent: () => Torrent | null) {}

  /** Offers everything that is here; to be called once the torrent knows its metadata. */
  offerAll(pieceCount: number, has: (piece: PieceIndex) => boolean): void {
    const torrent = this.torrent();
    if (torrent?.bitfield === undefined) return;
    for (let index = 0; index < pieceCount; index++) {
      if (has(index as PieceIndex) && !torrent.bitfield.get(index)) torrent._markVerified(index);
    }
  }

  offer(piece: PieceIndex): void {
    const torrent = this.torrent();
    if (torrent?.bitfield === undefined) return;
    torrent._markVerified(piece);
    if (torrent.ready) for (const wire of torrent.wires) wire.have(piece);
  }

  /** Pieces that are no longer here. */
  withdraw(pieces: readonly PieceIndex[]): void {
    const torrent = this.torrent();
    if (torrent?.bitfield === undefined) return;
    for (const piece of pieces) {
      if (!torrent.bitfield.get(piece)) continue;
      torrent._markUnverified(piece);
      if (torrent.ready) for (const wire of torrent.wires) wire.lt_donthave?.donthave(piece);
    }
  }
}
