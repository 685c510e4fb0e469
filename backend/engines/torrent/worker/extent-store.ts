// Verified pieces of one torrent on disk, in extents. The only writer of its folder. Knows no peers and no readers.

import { createHash } from 'node:crypto';
import { mkdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { BufferPool } from '../../../platform/index.js';
import type { Clock } from '../../../platform/index.js';
import type { ExtentIndex, Geometry, PieceIndex } from '../geometry.js';
import type { PieceBits } from '../piece-bits.js';
import { bitOf } from '../piece-bits.js';
import { extentFileName, writeResume } from '../resume.js';
import { ExtentHandles } from './extent-handles.js';

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
  readonly clock: Pick<Clock, 'after'>;
}

export interface ExtentStoreEvents {
  /** A piece is verified and on disk. */
  pieceVerified(piece: PieceIndex): void;
  /** A claim turned out false: the piece is missing. Its room stays taken until its extent is dropped. */
  claimFailed(piece: PieceIndex): void;
  /** The disk refused a piece; it is missing again. */
  writeFailed(piece: PieceIndex, error: NodeJS.ErrnoException): void;
  freed(bytes: number): void;
}

/** Store of one torrent. Reads and writes may overlap; `save` and `close` put things on disk in a safe order. */
export class ExtentStore {
  private readonly handles: ExtentHandles;
  private readonly dirty = new Set<ExtentIndex>();
  private readonly claims = new Set<PieceIndex>();
  private readonly checks = new Map<PieceIndex, Promise<void>>();
  private readonly writes = new Map<PieceIndex, Promise<void>>();
  /** Extents that are being dropped: what is to be written there waits, or it would go with them. */
  private readonly drops = new Map<ExtentIndex, Promise<void>>();
  private readonly pool: BufferPool;
  private saving: Promise<void> = Promise.resolve();
  private isSaved = false;
  private isDestroyed = false;

  constructor(private readonly options: ExtentStoreOptions) {
    this.handles = new ExtentHandles(options.folder);
    const { clock, geometry } = options;
    const sizeBytes = geometry.pieceLength;
    this.pool = new BufferPool({ clock, sizeBytes, maxFree: Math.floor(POOL_BYTES / sizeBytes) });
    for (let piece = 0; piece < geometry.pieceCount; piece++) {
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
    return this.claims.has(piece) || this.checks.has(piece);
  }

  isBusy(piece: PieceIndex): boolean {
    return this.writes.has(piece);
  }

  /** Hashes a claimed piece; the outcome is an event. A few run at a time, others wait for a call after it. */
  checkClaim(piece: PieceIndex): void {
    if (!this.claims.has(piece) || this.checks.size >= MAX_CLAIM_CHECKS) return;
    this.claims.delete(piece);
    const check = this.read(piece, 0, this.options.geometry.pieceBytes(piece))
      .then(
        (data) => this.isHashed(piece, data),
        () => false,
      )
      .then((isGood) => {
        this.checks.delete(piece);
        this.isSaved = false;
        if (isGood) {
          this.options.bits.set(piece);
          this.options.events.pieceVerified(piece);
        } else {
          this.options.events.claimFailed(piece);
        }
      });
    this.checks.set(piece, check);
  }

  createBuffer(bytes: number): Uint8Array {
    return this.pool.take(bytes).subarray(0, bytes);
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
      (error: NodeJS.ErrnoException) => {
        this.writes.delete(piece);
        this.options.events.freed(buffer.length);
        this.options.events.writeFailed(piece, error);
      },
    );
    this.writes.set(piece, write);
    return true;
  }

  /** Reads part of a piece that is on disk. @throws when it is not there */
  read(piece: PieceIndex, offset: number, length: number): Promise<Buffer> {
    const { geometry } = this.options;
    return this.handles.use(geometry.extentOf(piece), 'read', async (handle) => {
      const buffer = Buffer.allocUnsafe(length);
      const { bytesRead } = await handle.read(buffer, 0, length, geometry.offsetInExtent(piece) + offset);
      if (bytesRead !== length) throw new Error(`short read of piece ${piece}`);
      return buffer;
    });
  }

  /** Unlinks an extent and forgets its pieces, those on their way to it too; returns the pieces it may have held. */
  async dropExtent(extent: ExtentIndex): Promise<PieceIndex[]> {
    while (this.drops.has(extent)) await this.drops.get(extent);
    const pieces = this.piecesOf(extent);
    const drop = this.dropNow(extent, pieces);
    const settled = drop.catch(() => undefined).finally(() => this.drops.delete(extent));
    this.drops.set(extent, settled);
    await drop;
    return pieces;
  }

  /** Syncs what was written, then records it. A crash in between loses only the record. Saves run one after another. */
  save(isClean: boolean): Promise<void> {
    const run = this.saving.then(() => this.saveNow(isClean));
    this.saving = run.catch(() => undefined);
    return run;
  }

  /** Finishes what was begun, records a clean stop and closes the files. */
  async close(): Promise<void> {
    await this.settled();
    await this.save(true);
    await this.handles.closeAll();
    this.pool.close();
  }

  /** Closes and removes everything. */
  async destroy(): Promise<void> {
    this.isDestroyed = true;
    await this.settled();
    await this.saving;
    await this.handles.closeAll();
    this.pool.close();
    await rm(this.options.folder, { recursive: true, force: true });
  }

  /** Nothing is being written, hashed or dropped any more. */
  private async settled(): Promise<void> {
    await Promise.all([...this.writes.values(), ...this.checks.values(), ...this.drops.values()]);
  }

  private piecesOf(extent: ExtentIndex): PieceIndex[] {
    const { first, end } = this.options.geometry.piecesOfExtent(extent);
    return Array.from({ length: end - first }, (_, index) => (first + index) as PieceIndex);
  }

  private async dropNow(extent: ExtentIndex, pieces: readonly PieceIndex[]): Promise<void> {
    for (const piece of pieces) this.claims.delete(piece);
    const begun = pieces.flatMap((piece) => [this.writes.get(piece), this.checks.get(piece)]);
    await Promise.all(begun.filter((work) => work !== undefined));
    for (const piece of pieces) this.options.bits.clear(piece);
    this.isSaved = false;
    this.dirty.delete(extent);
    // In this order: whoever opens the extent for reading meanwhile finds nothing, and no stale file stays open.
    await unlink(join(this.options.folder, extentFileName(extent))).catch(ignoreMissing);
    await this.handles.close(extent);
  }

  private async saveNow(isClean: boolean): Promise<void> {
    if (this.isDestroyed || (this.isSaved && !isClean)) return;
    this.isSaved = true;
    const { bits, geometry, folder } = this.options;
    const bitfield = bits.toBitfield();
    for (const piece of [...this.claims, ...this.checks.keys()]) bitfield[piece >>> 3]! |= 0x80 >>> (piece & 7);
    const isTrusted = isClean && this.claims.size === 0;
    const dirty = [...this.dirty];
    this.dirty.clear();
    try {
      await Promise.all(dirty.map((extent) => this.sync(extent)));
      const { extentBytes } = geometry;
      await writeResume(folder, { pieceCount: bits.length, extentBytes, isClean: isTrusted, bitfield });
    } catch (error) {
      this.isSaved = false;
      for (const extent of dirty) this.dirty.add(extent);
      throw error;
    }
  }

  /** An extent that was dropped meanwhile needs no sync. */
  private async sync(extent: ExtentIndex): Promise<void> {
    await this.handles.use(extent, 'read', (handle) => handle.datasync()).catch(ignoreMissing);
  }

  private isHashed(piece: PieceIndex, data: Uint8Array): boolean {
    const digest = createHash('sha1').update(data).digest();
    return digest.equals(this.options.pieceHashes.subarray(piece * 20, piece * 20 + 20));
  }

  private async write(piece: PieceIndex, buffer: Uint8Array): Promise<void> {
    const { geometry } = this.options;
    const extent = geometry.extentOf(piece);
    const at = geometry.offsetInExtent(piece);
    try {
      await this.drops.get(extent);
      await this.handles.use(extent, 'write', async (handle) => {
        for (let written = 0; written < buffer.length;) {
          const { bytesWritten } = await handle.write(buffer, written, buffer.length - written, at + written);
          written += bytesWritten;
        }
      });
    } finally {
      this.pool.give(buffer);
    }
    this.dirty.add(extent);
    this.isSaved = false;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
