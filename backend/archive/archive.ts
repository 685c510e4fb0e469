// The words of this room: files that can be read anywhere, archives over them, members in archives. Knows no engine: a
// volume may lie in a torrent, in an NZB, or inside another archive.

import type { ByteRange, MediaFile, Priority, UnplayableError } from '../content/index.js';
import type { KeyDerivationGate } from './key-derivation-gate.js';

export interface ReadOptions {
  readonly signal: AbortSignal;
  /** Default `prepare` for headers, the reader's own for data. */
  readonly priority?: Priority;
}

/** Something whose bytes can be read anywhere. A `MediaFile` with an exact size fits once `measure` is put beside it. */
export interface RandomAccessFile extends Pick<MediaFile, 'name' | 'open'> {
  /** Exact once `measure` has resolved; until then maybe an estimate, within 3 %. */
  readonly sizeBytes: number;
  /** The exact size; at once where it is known. @throws {HeadstartError} */
  measure(options: ReadOptions): Promise<number>;
}

export type ArchiveFormat = 'rar4' | 'rar5' | '7z' | 'zip' | 'split';

/** A run of a member's packed bytes inside one volume. */
export interface PackedExtent {
  readonly file: RandomAccessFile;
  /** In that file. Its first byte is the packed byte that was asked for; never empty. */
  readonly range: ByteRange;
  /**
   * Null when the place is certain. Else the place is assumed: nothing of it may be delivered before this resolved with
   * true; after false ask `locate` again. The bytes may be fetched meanwhile.
   */
  readonly confirm: ((options: ReadOptions) => Promise<boolean>) | null;
}

/** How packed bytes become plain ones: AES in CBC mode over the whole packed stream, padded to 16 bytes at its end. */
export interface MemberCipher {
  readonly algorithm: 'aes-128-cbc' | 'aes-256-cbc';
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** Plain bytes of the stream that come before the member's first: several files may share one stream. Default 0. */
  readonly leadBytes?: number;
}

/** One file in an archive. */
export interface ArchiveMember {
  /** `/`-separated, cleaned of `..`, absolute parts and control characters. */
  readonly path: string;
  /** Last part of `path`. */
  readonly name: string;
  /** Of the plain bytes. */
  readonly sizeBytes: number;
  readonly packedBytes: number;
  readonly cipher: MemberCipher | null;
  /** Why its bytes cannot be read although it is listed (`ARCHIVE_COMPRESSED`, `ARCHIVE_SOLID`, …); null when they can. */
  readonly refusal: UnplayableError | null;
  /** The extent that begins at packed byte `offset`. @throws {UnplayableError} `ARCHIVE_INCOMPLETE`; what reading throws */
  locate(offset: number, options: ReadOptions): Promise<PackedExtent>;
}

export interface Archive {
  readonly format: ArchiveFormat;
  /** Folders left out, in the archive's order. */
  readonly members: readonly ArchiveMember[];
  /** Makes certain what was assumed about the volumes, reading each header once. @throws as `locate` */
  confirm(options: ReadOptions): Promise<void>;
}

export interface OpenArchiveOptions extends ReadOptions {
  /** Tried in order where a password is needed. */
  readonly passwords: readonly string[];
  /** Through which all keys are made, shared by everything that is opened at the same time. Default: one of its own. */
  readonly gate?: KeyDerivationGate | undefined;
}
