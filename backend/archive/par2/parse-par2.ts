// What a PAR2 file tells about the files it protects: their names, sizes and hashes. Pure but for hashing. Recovery data
// is skipped, never kept.

import { createHash } from 'node:crypto';
import { unsupported } from '../refusals.js';

export interface Par2File {
  readonly name: string;
  readonly sizeBytes: number;
  /** Of its first 16 KiB (or all of it, when it is shorter), lower-case hex: known before the file is. */
  readonly md5First16k: string;
  readonly md5: string;
}

export interface Par2Description {
  readonly files: readonly Par2File[];
}

/** Callers should not read more of a file: an index with 10,000 descriptions is smaller. */
export const MAX_PAR2_BYTES = 16 * 1024 * 1024;

const MAX_FILES = 32_768;
const MAGIC = Buffer.from('PAR2\0PKT', 'latin1');
const FILE_DESCRIPTION = Buffer.from('PAR 2.0\0FileDesc', 'latin1');
const UNICODE_NAME = Buffer.from('PAR 2.0\0UniFileN', 'latin1');
const HEADER_BYTES = 64;
/** File id, two hashes and the length come before the name. */
const NAME_OFFSET = 56;
/** Descriptions are short; what is longer is not hashed. */
const MAX_DESCRIPTION_BYTES = 64 * 1024;

interface Packet {
  readonly type: Buffer;
  readonly body: Buffer;
}

/**
 * The file descriptions in `bytes`, which may end in the middle of a packet; packets whose hash is wrong are skipped.
 * @throws {UnplayableError} `ARCHIVE_UNSUPPORTED` when there is none
 */
export function parsePar2(bytes: Uint8Array): Par2Description {
  const files = new Map<string, Par2File>();
  const unicodeNames = new Map<string, string>();
  for (const { type, body } of packetsOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))) {
    const id = body.toString('hex', 0, 16);
    if (type.equals(UNICODE_NAME)) unicodeNames.set(id, textOf(body.subarray(16), 'utf-16le'));
    else if (files.size < MAX_FILES) {
      const file = fileOf(body);
      if (file !== null) files.set(id, file);
    }
  }
  if (files.size === 0) throw unsupported('This PAR2 file describes no files.');
  return { files: [...files].map(([id, file]) => ({ ...file, name: unicodeNames.get(id) ?? file.name })) };
}

/** Descriptions and names, each once its hash was found right. */
function* packetsOf(bytes: Buffer): Generator<Packet> {
  let at = bytes.indexOf(MAGIC);
  while (at >= 0 && at + HEADER_BYTES <= bytes.length) {
    const length = Number(bytes.readBigUInt64LE(at + 8));
    const packet = packetAt(bytes, at, length);
    if (packet !== null) yield packet;
    const isWhole = packet !== null || isSkippable(bytes, at, length);
    at = bytes.indexOf(MAGIC, isWhole ? at + length : at + MAGIC.length);
  }
}

function packetAt(bytes: Buffer, at: number, length: number): Packet | null {
  if (length < HEADER_BYTES + 16 || length > MAX_DESCRIPTION_BYTES || at + length > bytes.length) return null;
  const type = bytes.subarray(at + 48, at + HEADER_BYTES);
  if (!type.equals(FILE_DESCRIPTION) && !type.equals(UNICODE_NAME)) return null;
  const hash = createHash('md5')
    .update(bytes.subarray(at + 32, at + length))
    .digest();
  if (!hash.equals(bytes.subarray(at + 16, at + 32))) return null;
  return { type, body: bytes.subarray(at + HEADER_BYTES, at + length) };
}

/** A packet of another kind, followed by one more or the end: its inside need not be searched. */
function isSkippable(bytes: Buffer, at: number, length: number): boolean {
  if (length < HEADER_BYTES || length % 4 !== 0 || at + length > bytes.length) return false;
  return at + length === bytes.length || bytes.subarray(at + length, at + length + MAGIC.length).equals(MAGIC);
}

function fileOf(body: Buffer): Par2File | null {
  if (body.length <= NAME_OFFSET) return null;
  const sizeBytes = Number(body.readBigUInt64LE(48));
  if (!Number.isSafeInteger(sizeBytes)) return null;
  return {
    name: textOf(body.subarray(NAME_OFFSET), 'utf-8'),
    sizeBytes,
    md5First16k: body.toString('hex', 32, 48),
    md5: body.toString('hex', 16, 32),
  };
}

/** Padded with zeros to a multiple of four bytes. */
function textOf(bytes: Uint8Array, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes).replace(/\0+$/, '');
}
