// A torrent's folder as the worker would fill it, and the disk that reads it. Bytes are right wherever they are.

import { createHash } from 'node:crypto';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import bencode from 'bencode';
import type { PieceIndex } from '../../../../../backend/engines/torrent/geometry.js';
import { Geometry } from '../../../../../backend/engines/torrent/geometry.js';
import { TorrentDisk } from '../../../../../backend/engines/torrent/host/torrent-disk.js';
import type { TorrentFile, TorrentMetadata } from '../../../../../backend/engines/torrent/info.js';
import { infoHashOf, parseInfo } from '../../../../../backend/engines/torrent/info.js';
import { PieceBits } from '../../../../../backend/engines/torrent/piece-bits.js';
import { extentFileName, writeResume } from '../../../../../backend/engines/torrent/resume.js';
import { pseudoRandomBytes } from '../../../../support/pseudo-random.js';

export interface DiskLabOptions {
  readonly folder: string;
  readonly pieces: number;
  /** Default 10,000 bytes: no power of two. */
  readonly pieceLength?: number;
  /** Default 4. */
  readonly piecesPerExtent?: number;
}

/** A torrent of one file, and where its pieces are kept. */
export class DiskLab {
  readonly folder: string;
  readonly content: Buffer;
  readonly info: Uint8Array;
  readonly metadata: TorrentMetadata;
  readonly geometry: Geometry;

  constructor({ folder, pieces, pieceLength = 10_000, piecesPerExtent = 4 }: DiskLabOptions) {
    this.content = pseudoRandomBytes('disk lab', pieces * pieceLength - 1);
    const parts = Array.from({ length: pieces }, (_, piece) =>
      this.content.subarray(piece * pieceLength).subarray(0, pieceLength),
    );
    const hashes = Buffer.concat(parts.map((part) => createHash('sha1').update(part).digest()));
    this.info = bencode.encode({
      length: this.content.length,
      name: 'film.mkv',
      'piece length': pieceLength,
      pieces: hashes,
    });
    this.metadata = parseInfo(this.info, infoHashOf(this.info));
    this.geometry = new Geometry(this.content.length, pieceLength, piecesPerExtent * pieceLength);
    this.folder = join(folder, this.metadata.infoHash);
  }

  get file(): TorrentFile {
    return this.metadata.files[0]!;
  }

  /** What an earlier run left: these pieces on disk and recorded. */
  async leave(pieces: readonly number[], { isClean }: { readonly isClean: boolean }): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const piece of pieces) await this.write(piece);
    const bits = PieceBits.create(this.geometry.pieceCount);
    for (const piece of pieces) bits.set(piece);
    const { pieceCount, extentBytes } = this.geometry;
    await writeResume(this.folder, { pieceCount, extentBytes, isClean, bitfield: bits.toBitfield() });
  }

  load(): Promise<TorrentDisk> {
    return TorrentDisk.load(this.folder, this.metadata, this.geometry.extentBytes);
  }

  /** Puts a piece's bytes into its extent, as the worker does. */
  async write(piece: number): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const path = join(this.folder, extentFileName(this.geometry.extentOf(piece as PieceIndex)));
    const file = await open(path, 'a').then(async (created) => {
      await created.close();
      return open(path, 'r+');
    });
    const bytes = this.bytesOf(piece);
    await file.write(bytes, 0, bytes.length, this.geometry.offsetInExtent(piece as PieceIndex));
    await file.close();
  }

  bytesOf(piece: number): Buffer {
    const start = this.geometry.pieceStart(piece as PieceIndex);
    return this.content.subarray(start, start + this.geometry.pieceBytes(piece as PieceIndex));
  }

  /** Numbers of the extents that have a file. */
  async extentsOnDisk(): Promise<number[]> {
    const names = await readdir(this.folder).catch(() => []);
    return names
      .filter((name) => name.endsWith('.extent'))
      .map((name) => Number.parseInt(name, 10))
      .sort((a, b) => a - b);
  }
}
