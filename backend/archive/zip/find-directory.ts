// Where the central directory of a ZIP lies: its end record stands at the end of the archive, before a comment.

import type { ReadOptions } from '../archive.js';
import type { JoinedFile } from '../joined-file.js';
import { readBytes } from '../read-bytes.js';
import { incomplete, unsupported } from '../refusals.js';

export interface ZipDirectory {
  /** In its volume when spanned, else in the whole. */
  readonly offset: number;
  readonly sizeBytes: number;
  /** The volume it begins in. */
  readonly disk: number;
  readonly isSpanned: boolean;
  /** Bytes before the archive (a program that unpacks it): all offsets count from there. */
  readonly shift: number;
}

const END = 0x06054b50;
const END_BYTES = 22;
const ZIP64_END = 0x06064b50;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_BYTES = 56;
const MAX_COMMENT_BYTES = 65_535;
const UINT16_MAX = 0xffff;
const UINT32_MAX = 0xffffffff;
/** A directory with a hundred thousand names is smaller. */
const MAX_DIRECTORY_BYTES = 16 * 1024 * 1024;

/** @throws {UnplayableError} `ARCHIVE_INCOMPLETE` when there is no end record; `ARCHIVE_UNSUPPORTED` when it makes no sense */
export async function findDirectory(joined: JoinedFile, options: ReadOptions): Promise<ZipDirectory> {
  const size = joined.sizeBytes;
  const tailStart = Math.max(0, size - END_BYTES - ZIP64_LOCATOR_BYTES);
  // Few archives have a comment: the last bytes alone come first.
  const near = await endRecordIn(joined, tailStart, options);
  const far = near ?? (await endRecordIn(joined, Math.max(0, tailStart - MAX_COMMENT_BYTES), options));
  if (far === null) throw incomplete('The end of the ZIP archive is missing.');
  const { bytes, at, start } = far;
  const plain = {
    disk: bytes.readUInt16LE(at + 6),
    sizeBytes: bytes.readUInt32LE(at + 12),
    offset: bytes.readUInt32LE(at + 16),
    isSpanned: bytes.readUInt16LE(at + 4) > 0 && bytes.readUInt16LE(at + 4) !== UINT16_MAX,
    shift: 0,
  };
  const isLarge = [plain.sizeBytes, plain.offset].includes(UINT32_MAX) || plain.disk === UINT16_MAX;
  if (isLarge) return checked(await zip64Directory(joined, far, options));
  const shift = plain.isSpanned ? 0 : start + at - plain.sizeBytes - plain.offset;
  return checked({ ...plain, shift: Math.max(0, shift) });
}

interface Found {
  readonly bytes: Buffer;
  /** Of the end record, in `bytes`. */
  readonly at: number;
  /** Of `bytes`, in the archive. */
  readonly start: number;
}

/** The last end record whose comment reaches exactly to the end. */
async function endRecordIn(joined: JoinedFile, start: number, options: ReadOptions): Promise<Found | null> {
  const bytes = Buffer.from(await readBytes(joined, { start, end: joined.sizeBytes }, options));
  for (let at = bytes.length - END_BYTES; at >= 0; at -= 1) {
    if (bytes.readUInt32LE(at) !== END) continue;
    if (at + END_BYTES + bytes.readUInt16LE(at + 20) === bytes.length) return { bytes, at, start };
  }
  return null;
}

async function zip64Directory(joined: JoinedFile, end: Found, options: ReadOptions): Promise<ZipDirectory> {
  const locator = end.at - ZIP64_LOCATOR_BYTES;
  if (locator < 0 || end.bytes.readUInt32LE(locator) !== ZIP64_LOCATOR) throw damaged();
  const disk = end.bytes.readUInt32LE(locator + 4);
  const isSpanned = end.bytes.readUInt32LE(locator + 16) > 1;
  const start = Number(end.bytes.readBigUInt64LE(locator + 8)) + (isSpanned ? (joined.starts[disk] ?? 0) : 0);
  if (!(start + ZIP64_END_BYTES <= joined.sizeBytes)) throw damaged();
  const record = Buffer.from(await readBytes(joined, { start, end: start + ZIP64_END_BYTES }, options));
  if (record.readUInt32LE(0) !== ZIP64_END) throw damaged();
  return {
    disk: record.readUInt32LE(20),
    sizeBytes: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
    isSpanned,
    shift: 0,
  };
}

function checked(directory: ZipDirectory): ZipDirectory {
  if (directory.sizeBytes > MAX_DIRECTORY_BYTES) throw unsupported('The directory of the ZIP archive is too large.');
  return directory;
}

function damaged(): Error {
  return unsupported('The directory of the ZIP archive is damaged.');
}
