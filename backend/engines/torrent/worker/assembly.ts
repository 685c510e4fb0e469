// The pieces of one torrent that are being put together: their buffers and their room in the cache. Decides nothing about
// which piece or which peer comes next.

import type { Geometry, PieceIndex } from '../geometry.js';
import { PieceDownload } from './piece-download.js';

/** Pieces in assembly hold at most this much memory; the pieces that readers wait for may go over it, one per reader. */
const MAX_ASSEMBLY_BYTES = 64 * 1024 * 1024;
/** Half-fetched pieces that nobody wants any more, kept for a seek back; the oldest go first when full. */
const MAX_LEFTOVER_BYTES = 16 * 1024 * 1024;

/** Where buffers and room come from. */
export interface AssemblyStore {
  /** Takes room for a piece, or asks for it and returns false. */
  takeSpace(bytes: number): boolean;
  returnSpace(bytes: number): void;
  createBuffer(bytes: number): Uint8Array;
  releaseBuffer(buffer: Uint8Array): void;
}

export class Assembly<Peer> {
  private readonly downloads = new Map<PieceIndex, PieceDownload<Peer>>();
  private bytes = 0;

  constructor(
    private readonly geometry: Geometry,
    private readonly store: AssemblyStore,
  ) {}

  get(piece: PieceIndex): PieceDownload<Peer> | undefined {
    return this.downloads.get(piece);
  }

  /** True while `download` was neither finished nor dropped. */
  holds(download: PieceDownload<Peer>): boolean {
    return this.downloads.get(download.piece) === download;
  }

  all(): PieceDownload<Peer>[] {
    return [...this.downloads.values()];
  }

  /** Begins a piece; null while there is no memory or no room for it. */
  open(piece: PieceIndex, isUrgent: boolean): PieceDownload<Peer> | null {
    const bytes = this.geometry.pieceBytes(piece);
    if (!isUrgent && this.downloads.size > 0 && this.bytes + bytes > MAX_ASSEMBLY_BYTES) return null;
    if (!this.store.takeSpace(bytes)) return null;
    const download = new PieceDownload<Peer>(piece, this.store.createBuffer(bytes), this.geometry);
    this.downloads.set(piece, download);
    this.bytes += bytes;
    return download;
  }

  /** The piece is whole; its buffer and its room are the caller's. */
  finish(download: PieceDownload<Peer>): void {
    this.downloads.delete(download.piece);
    this.bytes -= download.buffer.length;
  }

  /** Gives buffer and room back. Nobody may be asked for the piece any more. */
  drop(download: PieceDownload<Peer>): void {
    this.finish(download);
    this.store.returnSpace(download.buffer.length);
    this.store.releaseBuffer(download.buffer);
  }

  /** Of `leftovers`, drops what is empty and the oldest beyond the bound. */
  trim(leftovers: readonly PieceDownload<Peer>[]): void {
    let bytes = leftovers.reduce((sum, { buffer }) => sum + buffer.length, 0);
    for (const download of leftovers) {
      if (bytes <= MAX_LEFTOVER_BYTES && download.hereBytes > 0) continue;
      bytes -= download.buffer.length;
      this.drop(download);
    }
  }
}
