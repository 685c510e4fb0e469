// The form of one decoded article on disk: its name, a header of fixed size with what the article said of itself, its bytes.
// Computes only.

import { createHash } from 'node:crypto';
import type { ArticlePart } from '../article.js';

/** What the header says; `sizeBytes` and `crc32` are of the bytes that follow it. */
export interface ArticleHeader {
  readonly sizeBytes: number;
  readonly crc32: number;
  readonly part: ArticlePart;
}

/** What a file's name says. */
export interface ArticleFileName {
  readonly key: string;
  readonly sizeBytes: number;
}

export const HEADER_BYTES = 512;
const MAGIC = 0x48534131; // "HSA1": another form of the header gets another number
const NUMBERS_AT = 12;
const NAME_LENGTH_AT = 44;
const NAME_AT = 46;
const NO_NAME = 0xffff;
const MAX_ARTICLE_BYTES = 16 * 1024 * 1024;
const BLOCK_BYTES = 4096;

/** What an article goes by in memory and on disk: 32 hex characters. */
export function articleKey(messageId: string): string {
  return createHash('sha256').update(messageId).digest('hex').slice(0, 32);
}

/** A key and the number of decoded bytes, so that a folder's listing tells the room it takes. */
export function formatArticleFileName({ key, sizeBytes }: ArticleFileName): string {
  return `${key}.${sizeBytes}`;
}

/** Null for what is not one of ours. */
export function parseArticleFileName(name: string): ArticleFileName | null {
  const match = /^([0-9a-f]{32})\.(0|[1-9]\d{0,7})$/.exec(name);
  return match === null ? null : { key: match[1]!, sizeBytes: Number(match[2]) };
}

/** Room on disk of an article of so many bytes: header included, in whole blocks, as file systems count. */
export function roomOf(sizeBytes: number): number {
  return Math.ceil((HEADER_BYTES + sizeBytes) / BLOCK_BYTES) * BLOCK_BYTES;
}

/** Null for an article that cannot be kept on disk: too large, or with a file name beyond reason. */
export function formatArticleHeader({ sizeBytes, crc32, part }: ArticleHeader): Uint8Array | null {
  const name = part.fileName === null ? null : Buffer.from(part.fileName);
  if (sizeBytes > MAX_ARTICLE_BYTES || (name?.length ?? 0) > HEADER_BYTES - NAME_AT) return null;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(MAGIC, 0);
  header.writeUInt32BE(crc32, 4);
  header.writeUInt32BE(part.encoding === 'yenc' ? sizeBytes : sizeBytes + 0x8000_0000, 8);
  numbersOf(part).forEach((value, index) => header.writeDoubleBE(value ?? -1, NUMBERS_AT + 8 * index));
  header.writeUInt16BE(name?.length ?? NO_NAME, NAME_LENGTH_AT);
  name?.copy(header, NAME_AT);
  return header;
}

/** Null for what is not a whole header of ours. */
export function parseArticleHeader(bytes: Uint8Array): ArticleHeader | null {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (header.length < HEADER_BYTES || header.readUInt32BE(0) !== MAGIC) return null;
  const size = header.readUInt32BE(8);
  const sizeBytes = size % 0x8000_0000;
  const numbers = [0, 1, 2, 3].map((index) => header.readDoubleBE(NUMBERS_AT + 8 * index));
  const nameLength = header.readUInt16BE(NAME_LENGTH_AT);
  if (sizeBytes > MAX_ARTICLE_BYTES || !numbers.every((value) => Number.isSafeInteger(value) && value >= -1))
    return null;
  if (nameLength !== NO_NAME && nameLength > HEADER_BYTES - NAME_AT) return null;
  const [begin, fileSizeBytes, partNumber, partCount] = numbers.map((value) => (value === -1 ? null : value));
  const part: ArticlePart = {
    encoding: size === sizeBytes ? 'yenc' : 'uu',
    begin: begin ?? null,
    fileName: nameLength === NO_NAME ? null : header.toString('utf8', NAME_AT, NAME_AT + nameLength),
    fileSizeBytes: fileSizeBytes ?? null,
    partNumber: partNumber ?? null,
    partCount: partCount ?? null,
  };
  return { sizeBytes, crc32: header.readUInt32BE(4), part };
}

function numbersOf(part: ArticlePart): (number | null)[] {
  return [part.begin, part.fileSizeBytes, part.partNumber, part.partCount];
}
