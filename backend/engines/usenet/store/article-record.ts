// The form of decoded articles on disk. A pack is records one after another, each in whole blocks: the bytes, and at the end a
// trailer that says what the article said of itself and which records the pack has up to here, so that the last trailer tells
// what a pack holds. Computes only.

import { createHash } from 'node:crypto';
import type { ArticlePart } from '../article.js';
import { crc32 as checksumOf } from '../yenc/crc32.js';

/** One article in a pack. Where it lies follows from the sizes of those before it. */
export interface PackRecord {
  /** As `articleKey` gives it. */
  readonly key: string;
  readonly sizeBytes: number;
}

/** What a trailer says. */
export interface ArticleTrailer {
  /** CRC-32 of the article's bytes. */
  readonly crc32: number;
  readonly part: ArticlePart;
  /** The records of the pack from its beginning; the last is the one that this trailer ends. */
  readonly records: readonly PackRecord[];
}

export const TRAILER_BYTES = 1024;
/** What a pack holds at most: as many entries as a trailer has. */
export const MAX_RECORDS = 16;
export const BLOCK_BYTES = 4096;
const MAGIC = 0x48535033; // "HSP3": another form gets another number
const NUMBERS_AT = 8;
const NAME_LENGTH_AT = 40;
const COUNT_AT = 42;
const ENCODING_AT = 43;
const RECORDS_AT = 44;
const KEY_BYTES = 16;
const RECORD_BYTES = KEY_BYTES + 4;
const NAME_AT = RECORDS_AT + MAX_RECORDS * RECORD_BYTES;
/** Of the trailer up to here: what an article said of itself decides where its bytes belong. */
const CHECKSUM_AT = TRAILER_BYTES - 4;
const MAX_NAME_BYTES = CHECKSUM_AT - NAME_AT;
const NO_NAME = 0xffff;
const ENCODINGS = ['yenc', 'uu'] as const;
const MAX_ARTICLE_BYTES = 16 * 1024 * 1024;

/** What an article goes by in memory and on disk: 32 hex characters. */
export function articleKey(messageId: string): string {
  return createHash('sha256').update(messageId).digest('hex').slice(0, 32);
}

export function formatPackName(number: number): string {
  return `${number}.pack`;
}

/** Null for what is not one of ours. */
export function parsePackName(name: string): number | null {
  const match = /^(0|[1-9]\d{0,14})\.pack$/.exec(name);
  return match === null ? null : Number(match[1]);
}

/** Room on disk of so many bytes, in whole blocks, as file systems count. */
export function blocksOf(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}

/** Room on disk of an article of so many bytes: what it adds to a pack. */
export function roomOf(sizeBytes: number): number {
  return blocksOf(sizeBytes + TRAILER_BYTES);
}

/** What follows the article's bytes, up to the end of its last block. Null for one that cannot be kept on disk. */
export function formatRecordTail({ crc32, part, records }: ArticleTrailer): Buffer | null {
  const name = part.fileName === null ? null : Buffer.from(part.fileName);
  const sizeBytes = records.at(-1)?.sizeBytes ?? Infinity;
  if (sizeBytes > MAX_ARTICLE_BYTES || records.length > MAX_RECORDS) return null;
  if ((name?.length ?? 0) > MAX_NAME_BYTES) return null;
  const tail = Buffer.alloc(roomOf(sizeBytes) - sizeBytes);
  const trailer = tail.subarray(tail.length - TRAILER_BYTES);
  trailer.writeUInt32BE(MAGIC, 0);
  trailer.writeUInt32BE(crc32, 4);
  numbersOf(part).forEach((value, index) => trailer.writeDoubleBE(value ?? -1, NUMBERS_AT + 8 * index));
  trailer.writeUInt16BE(name?.length ?? NO_NAME, NAME_LENGTH_AT);
  trailer.writeUInt8(records.length, COUNT_AT);
  trailer.writeUInt8(ENCODINGS.indexOf(part.encoding), ENCODING_AT);
  records.forEach((record, index) => {
    const at = RECORDS_AT + RECORD_BYTES * index;
    trailer.write(record.key, at, 'hex');
    trailer.writeUInt32BE(record.sizeBytes, at + KEY_BYTES);
  });
  name?.copy(trailer, NAME_AT);
  trailer.writeUInt32BE(checksumOf(trailer.subarray(0, CHECKSUM_AT), 0), CHECKSUM_AT);
  return tail;
}

/** Null for what is not a whole trailer of ours. */
export function parseTrailer(bytes: Uint8Array): ArticleTrailer | null {
  const trailer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (trailer.length !== TRAILER_BYTES || trailer.readUInt32BE(0) !== MAGIC) return null;
  if (trailer.readUInt32BE(CHECKSUM_AT) !== checksumOf(trailer.subarray(0, CHECKSUM_AT), 0)) return null;
  const numbers = [0, 1, 2, 3].map((index) => trailer.readDoubleBE(NUMBERS_AT + 8 * index));
  if (!numbers.every((value) => Number.isSafeInteger(value) && value >= -1)) return null;
  const nameLength = trailer.readUInt16BE(NAME_LENGTH_AT);
  if (nameLength !== NO_NAME && nameLength > MAX_NAME_BYTES) return null;
  const encoding = ENCODINGS[trailer.readUInt8(ENCODING_AT)];
  const records = parseRecords(trailer);
  if (encoding === undefined || records === null) return null;
  const [begin, fileSizeBytes, partNumber, partCount] = numbers.map((value) => (value === -1 ? null : value));
  const part: ArticlePart = {
    encoding,
    begin: begin ?? null,
    fileName: nameLength === NO_NAME ? null : trailer.toString('utf8', NAME_AT, NAME_AT + nameLength),
    fileSizeBytes: fileSizeBytes ?? null,
    partNumber: partNumber ?? null,
    partCount: partCount ?? null,
  };
  return { crc32: trailer.readUInt32BE(4), part, records };
}

function parseRecords(trailer: Buffer): PackRecord[] | null {
  const count = trailer.readUInt8(COUNT_AT);
  if (count === 0 || count > MAX_RECORDS) return null;
  const records: PackRecord[] = [];
  for (let at = RECORDS_AT; records.length < count; at += RECORD_BYTES) {
    const sizeBytes = trailer.readUInt32BE(at + KEY_BYTES);
    if (sizeBytes > MAX_ARTICLE_BYTES) return null;
    records.push({ key: trailer.toString('hex', at, at + KEY_BYTES), sizeBytes });
  }
  return records;
}

function numbersOf(part: ArticlePart): (number | null)[] {
  return [part.begin, part.fileSizeBytes, part.partNumber, part.partCount];
}
