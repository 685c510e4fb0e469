// A torrent's store in a folder of its own, with a log of what it told.

import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExtentIndex, PieceIndex } from '../../../../../backend/engines/torrent/geometry.js';
import { Geometry } from '../../../../../backend/engines/torrent/geometry.js';
import { PieceBits } from '../../../../../backend/engines/torrent/piece-bits.js';
import { extentFileName } from '../../../../../backend/engines/torrent/resume.js';
import { ExtentStore } from '../../../../../backend/engines/torrent/worker/extent-store.js';
import { systemClock } from '../../../../../backend/platform/index.js';
import { pseudoRandomBytes } from '../../../../support/pseudo-random.js';

export interface StoreLabOptions {
  readonly folder: string;
  readonly pieces: number;
  /** Default 1,000 bytes: no power of two. */
  readonly pieceLength?: number;
  /** Default 4. */
  readonly piecesPerExtent?: number;
}

/** What a torrent contains, and stores that keep it. */
export class StoreLab {
  readonly folder: string;
  readonly geometry: Geometry;
  readonly content: Uint8Array;
  readonly verified: number[] = [];
  readonly failedClaims: number[] = [];
  readonly writeErrors: Error[] = [];
  freed = 0;
  private readonly listeners = new Set<() => void>();

  constructor({ folder, pieces, pieceLength = 1000, piecesPerExtent = 4 }: StoreLabOptions) {
    this.folder = join(folder, 'torrent');
    this.geometry = new Geometry(pieces * pieceLength - 1, pieceLength, piecesPerExtent * pieceLength);
    this.content = pseudoRandomBytes('store', this.geometry.totalBytes);
  }

  /** A started store; `claimed` pieces are to be hashed before use. */
  async open(options: { readonly claimed?: readonly number[]; readonly bits?: PieceBits } = {}) {
    const claimed = PieceBits.create(this.geometry.pieceCount);
    for (const piece of options.claimed ?? []) claimed.set(piece);
    const bits = options.bits ?? PieceBits.create(this.geometry.pieceCount);
    const store = new ExtentStore({
      folder: this.folder,
      geometry: this.geometry,
      pieceHashes: this.hashes(),
      bits,
      claimed: claimed.toBitfield(),
      clock: systemClock,
      events: {
        pieceVerified: (piece) => this.tell(() => this.verified.push(piece)),
        claimFailed: (piece) => this.tell(() => this.failedClaims.push(piece)),
        writeFailed: (_piece, error) => this.tell(() => this.writeErrors.push(error)),
        freed: (bytes) => this.tell(() => (this.freed += bytes)),
      },
    });
    await store.start();
    return { store, bits };
  }

  /** Bytes of a piece in a buffer of their own. */
  bytesOf(piece: number): Uint8Array {
    const start = this.geometry.pieceStart(piece as PieceIndex);
    return Buffer.from(this.content.subarray(start, start + this.geometry.pieceBytes(piece as PieceIndex)));
  }

  /** Puts an extent's file there as an earlier run would have left it. */
  async writeExtent(extent: number, edit: (bytes: Buffer) => Uint8Array = (bytes) => bytes): Promise<void> {
    const { start, end } = this.geometry.extentRange(extent as ExtentIndex);
    await mkdir(this.folder, { recursive: true });
    await writeFile(this.pathOf(extent), edit(Buffer.from(this.content.subarray(start, end))));
  }

  pathOf(extent: number): string {
    return join(this.folder, extentFileName(extent));
  }

  /** Resolves when `isSo` is true; looks after each event. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.listeners.add(resolve));
  }

  private tell(note: () => void): void {
    note();
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }

  private hashes(): Uint8Array {
    const pieces = Array.from({ length: this.geometry.pieceCount }, (_, piece) => this.bytesOf(piece));
    return Buffer.concat(pieces.map((bytes) => createHash('sha1').update(bytes).digest()));
  }
}
