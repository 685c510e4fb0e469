// Verified pieces of one torrent on disk, in extents. The only writer of its folder. Knows no peers and no readers.

import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExtentIndex, Geometry, PieceIndex } from '../geometry.js';
import type { PieceBits } from '../piece-bits.js';
import { bitOf } from '../piece-bits.js';
import { extentFileName, writeResume } from '../resume.js';
import { BufferPool } from '../buffer-pool.js';

const POOL_BYTES = 32 * 1024 * 1024;
const MAX_CLAIM_CHECKS = 4;

export interface ExtentStoreOptions {
  readonly folder: string;
  readonly geometry: Geometry;
  /** Twenty bytes for every piece. */
  readonly pieceHashes: Uint8Array;
  readonly bits: PieceBits;
  /** Pieces left by an unclean stop: hashed before their first use. Wire order. */
  readonly claimed: Uint8Array;
  readonly events: ExtentStoreEvents;
}

export interface ExtentStoreEvents {
  /** A piece is verified and on disk. */
  pieceVerified(piece: PieceIndex): void;
  /** A claim turned out false: the piece is missing. Its room stays taken until its extent is dropped. */
  claimFailed(piece: PieceIndex): void;
  /** The disk refused a piece; it is missing again. */
  writeFailed(piece: PieceIndex, error: Error): void;
  freed(bytes: number): void;
}

/** Store of one torrent. Reads and writes may overlap; `save` and `close` put things on disk in a safe order. */
export class ExtentStore {
  private readonly handles = new Map<ExtentIndex, Promise<FileHandle>>();
  private readonly dirty = new Set<ExtentIndex>();
  private readonly claims = new Set<PieceIndex>();
  private readonly checking = new Set<PieceIndex>();
  private readonly writes = new Map<PieceIndex, Promise<void>>();
  private readonly pool: BufferPool;
  private isSaved = false;

  constructor(private readonly options: ExtentStoreOptions) {
    this.pool = new BufferPool(options.geometry.pieceLength, POOL_BYTES);
    for (let piece = 0; piece < options.geometry.pieceCount; piece++) {
      if (bitOf(options.claimed, piece) && !options.bits.has(piece)) this.claims.add(piece as PieceIndex);
    }
  }

  /** Makes the folder and marks what is there as unclean until `close`. */
  async start(): Promise<void> {
    await mkdir(this.options.folder, { recursive: true });
    await this.save(false);
  }

  has(piece: PieceIndex): boolean {
    return this.options.bits.has(piece);
  }

  isClaimed(piece: PieceIndex): boolean {
    return this.claims.has(piece) || this.checking.has(piece);
  }

  isBusy(piece: PieceIndex): boolean {
    return this.writes.has(piece);
  }

  /** Hashes a claimed piece; the outcome is an event. A few run at a time, others wait for the next call. */
  checkClaim(piece: PieceIndex): void {
    if (!this.claims.has(piece) || this.checking.size >= MAX_CLAIM_CHECKS) return;
    this.claims.delete(piece);
    this.checking.add(piece);
    void this.read(piece, 0, this.options.geometry.pieceBytes(piece))
      .then(
        (data) => this.isHashed(piece, data),
        () => false,
      )
      .then((isGood) => {
        this.checking.delete(piece);
        this.isSaved = false;
        if (isGood) {
          this.options.bits.set(piece);
          this.options.events.pieceVerified(piece);
        } else {
          this.options.events.claimFailed(piece);
        }
      });
  }

  createBuffer(bytes: number): Uint8Array {
    return this.pool.take(bytes);
  }

  releaseBuffer(buffer: Uint8Array): void {
    this.pool.give(buffer);
  }

  /** Verifies a whole piece and writes it; false when its hash is wrong. `buffer` is the store's from here on. */
  accept(piece: PieceIndex, buffer: Uint8Array): boolean {
    if (!this.isHashed(piece, buffer)) {
      this.pool.give(buffer);
      this.options.events.freed(buffer.length);
      return false;
    }
    const write = this.write(piece, buffer).then(
      () => {
        this.writes.delete(piece);
        this.options.bits.set(piece);
        this.options.events.pieceVerified(piece);
      },
      (error: unknown) => {
        this.writes.delete(piece);
        this.options.events.freed(buffer.length);
        this.options.events.writeFailed(piece, error instanceof Error ? error : new Error(String(error)));
      },
    );
    this.writes.set(piece, write);
    return true;
  }

  /** Reads part of a piece that is on disk. */
  async read(piece: PieceIndex, offset: number, length: number): Promise<Buffer> {
    const { geometry } = this.options;
    const handle = await this.handle(geometry.extentOf(piece));
    const buffer = Buffer.allocUnsafe(length);
    const { bytesRead } = await handle.read(buffer, 0, length, geometry.offsetInExtent(piece) + offset);
    if (bytesRead !== length) throw new Error(`short read of piece ${piece}`);
    return buffer;
  }

  /** Unlinks an extent and forgets its pieces; resolves with the pieces that were there. */
  async dropExtent(extent: ExtentIndex): Promise<PieceIndex[]> {
    const { first, end } = this.options.geometry.piecesOfExtent(extent);
    const dropped: PieceIndex[] = [];
    for (let index: number = first; index < end; index++) await this.writes.get(index as PieceIndex);
    for (let index: number = first; index < end; index++) {
      const piece = index as PieceIndex;
      this.claims.delete(piece);
      this.options.bits.clear(piece);
      dropped.push(piece);
    }
    await this.closeExtent(extent);
    await unlink(join(this.options.folder, extentFileName(extent))).catch(ignoreMissing);
    this.dirty.delete(extent);
    this.isSaved = false;
    return dropped;
  }

  /** Syncs what was written, then records it. A crash in between loses only the record. */
  async save(isClean: boolean): Promise<void> {
    if (this.isSaved && !isClean) return;
    this.isSaved = true;
    const { bits, geometry, folder } = this.options;
    const bitfield = bits.toBitfield();
    for (const piece of [...this.claims, ...this.checking]) bitfield[piece >>> 3]! |= 0x80 >>> (piece & 7);
    const dirty = [...this.dirty];
    this.dirty.clear();
    await Promise.all(dirty.map(async (extent) => (await this.handle(extent)).datasync()));
    const isTrusted = isClean && this.claims.size === 0;
    await writeResume(folder, {
      pieceCount: bits.length,
      extentBytes: geometry.extentBytes,
      isClean: isTrusted,
      bitfield,
    });
  }

  /** Finishes writes, records a clean stop and closes the files. */
  async close(): Promise<void> {
    await Promise.all(this.writes.values());
    await this.save(true);
    for (const extent of [...this.handles.keys()]) await this.closeExtent(extent);
  }

  /** Closes and removes everything. */
  async destroy(): Promise<void> {
    await Promise.all(this.writes.values());
    for (const extent of [...this.handles.keys()]) await this.closeExtent(extent);
    await rm(this.options.folder, { recursive: true, force: true });
  }

  private isHashed(piece: PieceIndex, data: Uint8Array): boolean {
    const digest = createHash('sha1').update(data).digest();
    return digest.equals(this.options.pieceHashes.subarray(piece * 20, piece * 20 + 20));
  }

  private async write(piece: PieceIndex, buffer: Uint8Array): Promise<void> {
    const { geometry } = this.options;
    const extent = geometry.extentOf(piece);
    const handle = await this.handle(extent);
    const at = geometry.offsetInExtent(piece);
    for (let written = 0; written < buffer.length;) {
      const { bytesWritten } = await handle.write(buffer, written, buffer.length - written, at + written);
      written += bytesWritten;
    }
    this.dirty.add(extent);
    this.isSaved = false;
    this.pool.give(buffer);
  }

  private handle(extent: ExtentIndex): Promise<FileHandle> {
    const known = this.handles.get(extent);
    if (known !== undefined) return known;
    const path = join(this.options.folder, extentFileName(extent));
    const opening = open(path, 'r+').catch(() => open(path, 'w+'));
    opening.catch(() => this.handles.delete(extent));
    this.handles.set(extent, opening);
    return opening;
  }

  private async closeExtent(extent: ExtentIndex): Promise<void> {
    const handle = this.handles.get(extent);
    this.handles.delete(extent);
    await handle?.then((opened) => opened.close()).catch(() => undefined);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
