// What of one torrent is on disk, seen from the server's thread: which pieces, in which extents, taking how much room.

import { readdir, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRange } from '../../../content/index.js';
import type { ExtentIndex, PieceIndex } from '../geometry.js';
import { Geometry } from '../geometry.js';
import type { TorrentMetadata } from '../info.js';
import { bitOf, PieceBits } from '../piece-bits.js';
import { extentFileName, parseExtentFileName, readResume } from '../resume.js';
import { ExtentFiles } from './extent-files.js';

/** Room that each extent of a folder takes, and when the folder was last written. */
export interface FolderUsage {
  readonly extents: Map<ExtentIndex, number>;
  usedAt: number;
}

/** Measures a torrent's folder. Proportional to its extents. */
export async function measureFolder(folder: string): Promise<FolderUsage> {
  const usage: FolderUsage = { extents: new Map(), usedAt: 0 };
  for (const name of await readdir(folder).catch(() => [])) {
    const extent = parseExtentFileName(name);
    if (extent === null) continue;
    const file = await stat(join(folder, name));
    usage.extents.set(extent as ExtentIndex, file.blocks * 512);
    usage.usedAt = Math.max(usage.usedAt, file.mtimeMs);
  }
  return usage;
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

export async function removeExtent(folder: string, extent: ExtentIndex): Promise<void> {
  await unlink(join(folder, extentFileName(extent))).catch(() => undefined);
}

/** One torrent's pieces on disk. `bits` are the truth about what may be read; `heldBytes` about the room taken. */
export class TorrentDisk {
  readonly files: ExtentFiles;
  /** Bytes of the pieces in each extent. */
  readonly heldBytes = new Map<ExtentIndex, number>();
  private readonly falseClaims = new Set<PieceIndex>();
  private readonly retiring = new Map<ExtentIndex, Promise<number>>();

  private constructor(
    readonly folder: string,
    readonly geometry: Geometry,
    readonly bits: PieceBits,
    /** Pieces to be hashed before use, wire order. */
    readonly claimed: Uint8Array,
  ) {
    this.files = new ExtentFiles(folder);
  }

  /** Reads what an earlier run left; a folder that does not fit the torrent is emptied. */
  static async load(folder: string, metadata: TorrentMetadata, extentBytes: number): Promise<TorrentDisk> {
    const { totalBytes, pieceLength, pieceCount } = metadata;
    const resume = await readResume(folder);
    const claimed = new Uint8Array(Math.ceil(pieceCount / 8));
    const bits = PieceBits.create(pieceCount);
    if (resume === null || resume.pieceCount !== pieceCount) {
      await removeFolder(folder);
      return new TorrentDisk(folder, new Geometry(totalBytes, pieceLength, extentBytes), bits, claimed);
    }
    const disk = new TorrentDisk(folder, new Geometry(totalBytes, pieceLength, resume.extentBytes), bits, claimed);
    const { extents } = await measureFolder(folder);
    for (let index = 0; index < pieceCount; index++) {
      const piece = index as PieceIndex;
      if (!bitOf(resume.bitfield, index) || !extents.has(disk.geometry.extentOf(piece))) continue;
      if (resume.isClean) bits.set(index);
      else claimed[index >>> 3]! |= 0x80 >>> (index & 7);
      disk.hold(piece);
    }
    await disk.account(extents, resume.isClean);
    return disk;
  }

  /**
   * After an unclean stop extents may hold pieces that were not recorded any more: what they take counts all the same, and
   * those with nothing recorded go.
   */
  private async account(extents: ReadonlyMap<ExtentIndex, number>, isClean: boolean): Promise<void> {
    for (const [extent, bytes] of extents) {
      const held = this.heldBytes.get(extent);
      if (held === undefined) await removeExtent(this.folder, extent);
      else if (!isClean) this.heldBytes.set(extent, Math.max(held, bytes));
    }
  }

  get totalHeldBytes(): number {
    let bytes = 0;
    for (const held of this.heldBytes.values()) bytes += held;
    return bytes;
  }

  /** Pieces were verified: written, or found to be what they were claimed to be. Returns the bytes that were written. */
  verified(pieces: readonly PieceIndex[]): number {
    let written = 0;
    for (const piece of pieces) {
      if (this.isClaimed(piece)) {
        this.settleClaim(piece);
      } else {
        this.hold(piece);
        written += this.geometry.pieceBytes(piece);
      }
    }
    return written;
  }

  /** A piece was put into its extent. */
  private hold(piece: PieceIndex): void {
    const extent = this.geometry.extentOf(piece);
    this.heldBytes.set(extent, (this.heldBytes.get(extent) ?? 0) + this.geometry.pieceBytes(piece));
  }

  /** Counts the room anew, from the pieces that are here; returns how much more it is. Proportional to the pieces. */
  recount(): number {
    const before = new Map(this.heldBytes);
    const total = this.totalHeldBytes;
    this.heldBytes.clear();
    for (let index = 0; index < this.geometry.pieceCount; index++) {
      const piece = index as PieceIndex;
      if (this.bits.has(index) || this.isClaimed(piece)) this.hold(piece);
    }
    for (const [extent, held] of before) this.heldBytes.set(extent, Math.max(held, this.heldBytes.get(extent) ?? 0));
    return this.totalHeldBytes - total;
  }

  /** True for a piece that an unclean stop left and that was not hashed yet. */
  isClaimed(piece: PieceIndex): boolean {
    return bitOf(this.claimed, piece);
  }

  private settleClaim(piece: PieceIndex): void {
    this.claimed[piece >>> 3]! &= ~(0x80 >>> (piece & 7));
  }

  /** A claim was false: the piece takes no room until it is fetched again. Returns the bytes that it was counted with. */
  dropClaim(piece: PieceIndex): number {
    if (!this.isClaimed(piece)) return 0;
    this.settleClaim(piece);
    this.falseClaims.add(piece);
    const extent = this.geometry.extentOf(piece);
    const held = this.heldBytes.get(extent) ?? 0;
    const bytes = Math.min(held, this.geometry.pieceBytes(piece));
    this.heldBytes.set(extent, held - bytes);
    return bytes;
  }

  /** True when the piece is verified and its extent is not on its way out. */
  isReadable(piece: PieceIndex): boolean {
    return this.bits.has(piece) && !this.isRetiring(this.geometry.extentOf(piece));
  }

  isRetiring(extent: ExtentIndex): boolean {
    return this.retiring.has(extent);
  }

  /**
   * Removes an extent: nobody may start reading it, those who do are waited for, then `remove` deletes it. Returns the room
   * it took, what was written to it meanwhile included; 0 where that is returned to another caller.
   */
  async retire(extent: ExtentIndex, remove: () => Promise<void>): Promise<number> {
    const other = this.retiring.get(extent);
    if (other !== undefined) return other.then(() => 0);
    const retired = this.retireNow(extent, remove).finally(() => this.retiring.delete(extent));
    this.retiring.set(extent, retired);
    return retired;
  }

  /** Verified bytes of `[start, end)` of the torrent. Proportional to its pieces. */
  verifiedBytes(start: number, end: number): number {
    const { geometry, bits } = this;
    const pieces = geometry.piecesOf({ start, end });
    let bytes = 0;
    for (let index: number = pieces.first; index < pieces.end; index++) {
      if (!bits.has(index)) continue;
      const from = Math.max(start, index * geometry.pieceLength);
      bytes += Math.min(end, (index + 1) * geometry.pieceLength) - from;
    }
    return bytes;
  }

  /** True when nothing of the range has to be fetched, unless a claim in it is false, and nothing had to be for that. */
  isHereOrClaimed(range: ByteRange): boolean {
    const { first, end } = this.geometry.piecesOf(range);
    for (let piece = first; piece < end; piece++) {
      if (this.falseClaims.has(piece) || (!this.bits.has(piece) && !this.isClaimed(piece))) return false;
    }
    return true;
  }

  /** Bytes that can be read at `offset` without waiting, up to `limit` and to the end of the extent. */
  readableBytes(offset: number, limit: number): number {
    const { geometry } = this;
    const extentEnd = geometry.extentRange(geometry.extentOf(geometry.pieceAt(offset))).end;
    const end = Math.min(offset + limit, extentEnd);
    let reached = offset;
    while (reached < end && this.isReadable(geometry.pieceAt(reached))) {
      reached = Math.min(end, (geometry.pieceAt(reached) + 1) * geometry.pieceLength);
    }
    return reached - offset;
  }

  /** Reads bytes that `readableBytes` promised. */
  async read(buffer: Uint8Array, offset: number, length: number): Promise<void> {
    const extent = this.geometry.extentOf(this.geometry.pieceAt(offset));
    await this.files.read(extent, buffer, length, offset - this.geometry.extentRange(extent).start);
  }

  private async retireNow(extent: ExtentIndex, remove: () => Promise<void>): Promise<number> {
    const { first, end } = this.geometry.piecesOfExtent(extent);
    for (let index: number = first; index < end; index++) this.bits.clear(index);
    await this.files.retire(extent);
    await remove();
    for (let index: number = first; index < end; index++) this.settleClaim(index as PieceIndex);
    const bytes = this.heldBytes.get(extent) ?? 0;
    this.heldBytes.delete(extent);
    return bytes;
  }
}
