// The `info` dictionary of a torrent: what its files are called, where they lie in it and what its pieces hash to.

import { createHash } from 'node:crypto';
import type { InfoHash, ReleaseFile } from '../../content/index.js';
import { InputError } from '../../content/index.js';
import type { Bencoded } from './bencode-reader.js';
import { readDictionary, readInteger, readList, readString } from './bencode-reader.js';
import { cleanName, cleanPath, decodeText } from './release-path.js';

/** Bytes of a bencoded `info`; at 20 bytes each it has at most 838,860 pieces. */
export const MAX_INFO_BYTES = 16 * 1024 * 1024;
const MAX_FILES = 100_000;
/** Parts of one path that are looked at. */
const MAX_PATH_PARTS = 1_000;
const MIN_PIECE_LENGTH = 1024;
const MAX_PIECE_LENGTH = 256 * 1024 * 1024;
const HASH_BYTES = 20;

/** One file, and the place of its first byte in the torrent. */
export type TorrentFile = ReleaseFile & { readonly offset: number };

/** What an `info` dictionary says, checked: the files tile `totalBytes`, and the pieces cover exactly that. */
export interface TorrentMetadata {
  readonly infoHash: InfoHash;
  readonly name: string;
  readonly pieceLength: number;
  readonly pieceCount: number;
  /** SHA-1 of each piece, 20 bytes each, in order; a view into the `info` it was read from. */
  readonly pieceHashes: Uint8Array;
  readonly totalBytes: number;
  /** BEP 27: peers come from its trackers only. */
  readonly isPrivate: boolean;
  /** In the torrent's own order, padding files included; at least one. */
  readonly files: readonly TorrentFile[];
}

/** SHA-1 of the bytes of an `info` dictionary as they stand (BEP 3). */
export function infoHashOf(info: Uint8Array): InfoHash {
  return createHash('sha1').update(info).digest('hex') as InfoHash;
}

/**
 * Reads a bencoded `info` (BEP 3, 27, 47; of a hybrid only its v1 side), at most 16 MiB and 100,000 files.
 * @throws {InputError} when it does not hash to `infoHash`, is broken or contradicts itself; code `TORRENT_V2_ONLY`
 *   when only BitTorrent v2 can read it.
 */
export function parseInfo(info: Uint8Array, infoHash: InfoHash): TorrentMetadata {
  if (info.length > MAX_INFO_BYTES) throw invalid('its info is larger than 16 MiB');
  if (infoHashOf(info) !== infoHash) throw invalid('its info does not match the infohash');
  const { values, end } = readDictionary(info);
  if (end !== info.length) throw invalid('something follows its info');
  const fields = new Fields(values);
  const pieceHashes = readPieceHashes(fields);
  const pieceLength = fields.integer('piece length') ?? 0;
  if (pieceLength < MIN_PIECE_LENGTH || pieceLength > MAX_PIECE_LENGTH)
    throw invalid('its piece length is out of bounds');
  const name = cleanName(fields.text('name.utf-8') ?? fields.text('name') ?? '') || infoHash;
  const files = layOut(readFiles(fields), name);
  const last = files.at(-1);
  const totalBytes = last === undefined ? 0 : last.offset + last.sizeBytes;
  const pieceCount = Math.ceil(totalBytes / pieceLength);
  if (totalBytes === 0) throw invalid('it contains no data');
  if (pieceHashes.length !== pieceCount * HASH_BYTES) throw invalid('its pieces do not cover its files');
  const isPrivate = (fields.integer('private') ?? 0) !== 0;
  return { infoHash, name, pieceLength, pieceCount, pieceHashes, totalBytes, isPrivate, files };
}

interface ListedFile {
  readonly length: number;
  /** Empty for the only file of a single-file torrent, which has the torrent's name. */
  readonly parts: readonly string[];
  readonly hasPaddingMark: boolean;
}

/** The values of one dictionary, each read when it is asked for. */
class Fields {
  constructor(private readonly values: ReadonlyMap<string, Bencoded>) {}

  has(key: string): boolean {
    return this.values.has(key);
  }

  integer(key: string): number | null {
    return this.read(key, readInteger);
  }

  string(key: string): Uint8Array | null {
    return this.read(key, readString);
  }

  text(key: string): string | null {
    const bytes = this.string(key);
    return bytes === null ? null : decodeText(bytes);
  }

  list(key: string, limit: number): Bencoded[] | null {
    return this.read(key, (value) => readList(value, limit));
  }

  /** Null when it is not a list of strings. */
  texts(key: string, limit: number): string[] | null {
    const strings = this.list(key, limit)?.map(readString);
    return strings?.every((bytes) => bytes !== null) === true ? strings.map(decodeText) : null;
  }

  private read<T>(key: string, reader: (value: Bencoded) => T | null): T | null {
    const value = this.values.get(key);
    return value === undefined ? null : reader(value);
  }
}

function readPieceHashes(info: Fields): Uint8Array {
  const pieces = info.string('pieces');
  if (pieces !== null) return pieces;
  if (info.has('file tree') || info.integer('meta version') === 2) {
    throw new InputError('This torrent is BitTorrent v2 only, which is not supported.', { code: 'TORRENT_V2_ONLY' });
  }
  throw invalid('it has no piece hashes');
}

function readFiles(info: Fields): ListedFile[] {
  if (!info.has('files')) return [{ length: readLength(info), parts: [], hasPaddingMark: false }];
  const list = info.list('files', MAX_FILES);
  if (list === null || list.length === 0) throw invalid('its list of files is broken');
  return list.map((entry) => readFile(new Fields(readDictionary(entry).values)));
}

function readFile(file: Fields): ListedFile {
  const parts = file.texts('path.utf-8', MAX_PATH_PARTS) ?? file.texts('path', MAX_PATH_PARTS);
  if (parts === null) throw invalid('a file in its list has no path');
  return { length: readLength(file), parts, hasPaddingMark: hasPaddingMark(file.string('attr')) };
}

function readLength(file: Fields): number {
  const length = file.integer('length');
  if (length === null || length < 0) throw invalid('a file has no valid length');
  return length;
}

function layOut(listed: readonly ListedFile[], torrentName: string): TorrentFile[] {
  let offset = 0;
  return listed.map((file, index) => {
    const path =
      (file.parts.length === 0 && listed.length === 1 ? torrentName : cleanPath(file.parts)) || `file-${index}`;
    const laid = {
      index,
      path,
      name: path.slice(path.lastIndexOf('/') + 1),
      sizeBytes: file.length,
      isPadding: file.hasPaddingMark || /^(?:\.pad\/|_____padding_file_)/.test(path),
      offset,
    };
    offset += file.length;
    if (!Number.isSafeInteger(offset)) throw invalid('it is too large');
    return laid;
  });
}

/** BEP 47: attributes are single letters; `p` marks padding. */
function hasPaddingMark(attributes: Uint8Array | null): boolean {
  return attributes !== null && attributes.includes('p'.charCodeAt(0));
}

function invalid(why: string): InputError {
  return new InputError(`This is not a valid torrent: ${why}.`);
}
