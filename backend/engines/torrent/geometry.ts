// The one place that does arithmetic on pieces, blocks and extents. Pure: sizes in, numbers out.

import type { ByteRange } from '../../content/index.js';

declare const pieceBrand: unique symbol;
declare const extentBrand: unique symbol;

/** Number of a piece (the unit that is hashed, BEP 3). */
export type PieceIndex = number & { readonly [pieceBrand]: true };
/** Number of an extent (the file on disk that holds a run of whole pieces). */
export type ExtentIndex = number & { readonly [extentBrand]: true };

/** Bytes of one block request (BEP 3: 2^14). */
export const BLOCK_BYTES = 16 * 1024;
const MAX_EXTENT_BYTES = 16 * 1024 * 1024;
/** A cache holds at least this many extents, so that a small cache can still forget behind its readers. */
const EXTENTS_PER_CACHE = 32;

/** Everything that follows from a torrent's length, its piece length and the extent length chosen for it. */
export class Geometry {
  readonly pieceCount: number;
  readonly extentCount: number;
  readonly piecesPerExtent: number;

  /** `extentBytes` is rounded to whole pieces, one at least. */
  constructor(
    readonly totalBytes: number,
    readonly pieceLength: number,
    extentBytes: number,
  ) {
    this.pieceCount = Math.ceil(totalBytes / pieceLength);
    this.piecesPerExtent = Math.max(1, Math.floor(extentBytes / pieceLength));
    this.extentCount = Math.ceil(this.pieceCount / this.piecesPerExtent);
  }

  get extentBytes(): number {
    return this.piecesPerExtent * this.pieceLength;
  }

  /** The piece that holds the byte at `offset` of the torrent. */
  pieceAt(offset: number): PieceIndex {
    return Math.floor(offset / this.pieceLength) as PieceIndex;
  }

  pieceStart(piece: PieceIndex): number {
    return piece * this.pieceLength;
  }

  pieceBytes(piece: PieceIndex): number {
    return Math.min(this.pieceLength, this.totalBytes - piece * this.pieceLength);
  }

  /** First and one past the last piece that hold bytes of `range`; equal when the range is empty. */
  piecesOf(range: ByteRange): { readonly first: PieceIndex; readonly end: PieceIndex } {
    if (range.end <= range.start) return { first: 0 as PieceIndex, end: 0 as PieceIndex };
    return { first: this.pieceAt(range.start), end: (this.pieceAt(range.end - 1) + 1) as PieceIndex };
  }

  blockCount(piece: PieceIndex): number {
    return Math.ceil(this.pieceBytes(piece) / BLOCK_BYTES);
  }

  blockBytes(piece: PieceIndex, block: number): number {
    return Math.min(BLOCK_BYTES, this.pieceBytes(piece) - block * BLOCK_BYTES);
  }

  extentOf(piece: PieceIndex): ExtentIndex {
    return Math.floor(piece / this.piecesPerExtent) as ExtentIndex;
  }

  /** First and one past the last piece of an extent. */
  piecesOfExtent(extent: ExtentIndex): { readonly first: PieceIndex; readonly end: PieceIndex } {
    const first = extent * this.piecesPerExtent;
    return { first: first as PieceIndex, end: Math.min(first + this.piecesPerExtent, this.pieceCount) as PieceIndex };
  }

  /** Byte range of the torrent that an extent holds. */
  extentRange(extent: ExtentIndex): ByteRange {
    const start = extent * this.extentBytes;
    return { start, end: Math.min(start + this.extentBytes, this.totalBytes) };
  }

  /** Where a piece starts inside its extent's file. */
  offsetInExtent(piece: PieceIndex): number {
    return (piece % this.piecesPerExtent) * this.pieceLength;
  }
}

/** Extent length for a cache of `cacheMaxBytes`: 16 MiB, less where the cache is small. */
export function extentBytesFor(cacheMaxBytes: number): number {
  return Math.min(MAX_EXTENT_BYTES, Math.max(1024 * 1024, Math.floor(cacheMaxBytes / EXTENTS_PER_CACHE)));
}
