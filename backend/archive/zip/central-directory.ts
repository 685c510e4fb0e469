// The list of files in a ZIP (APPNOTE 4.3.12), zip64 sizes included. Pure.

import { unsupported } from '../refusals.js';

export interface ZipEntry {
  /** As it is written; folders end with `/`. */
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** The volume its local header lies in, and where. */
  readonly disk: number;
  readonly headerOffset: number;
}

const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const ZIP64_EXTRA = 0x0001;
const UINT16_MAX = 0xffff;
const UINT32_MAX = 0xffffffff;
const FLAG_ENCRYPTED = 0x0001;
const FLAG_UTF8 = 0x0800;
const MAX_ENTRIES = 65_536;

/** @throws {UnplayableError} `ARCHIVE_UNSUPPORTED` when it is damaged or absurd */
export function parseCentralDirectory(bytes: Uint8Array): readonly ZipEntry[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: ZipEntry[] = [];
  for (let at = 0; at + ENTRY_BYTES <= buffer.length && buffer.readUInt32LE(at) === ENTRY;) {
    const nameEnd = at + ENTRY_BYTES + buffer.readUInt16LE(at + 28);
    const extraEnd = nameEnd + buffer.readUInt16LE(at + 30);
    const end = extraEnd + buffer.readUInt16LE(at + 32);
    if (end > buffer.length || entries.length >= MAX_ENTRIES) throw damaged();
    entries.push(entryAt(buffer, at, nameEnd, extraEnd));
    at = end;
  }
  if (entries.length === 0) throw unsupported('The ZIP archive is empty or damaged.');
  return entries;
}

function entryAt(buffer: Buffer, at: number, nameEnd: number, extraEnd: number): ZipEntry {
  const flags = buffer.readUInt16LE(at + 8);
  const nameBytes = buffer.subarray(at + ENTRY_BYTES, nameEnd);
  const large = largeNumbers(buffer.subarray(nameEnd, extraEnd));
  // The numbers that do not fit stand in the extra field, in this order.
  const sizeBytes = large(buffer.readUInt32LE(at + 24));
  const packedBytes = large(buffer.readUInt32LE(at + 20));
  const headerOffset = large(buffer.readUInt32LE(at + 42));
  const disk = buffer.readUInt16LE(at + 34);
  return {
    name: new TextDecoder((flags & FLAG_UTF8) === 0 ? encodingOf(nameBytes) : 'utf-8').decode(nameBytes),
    method: buffer.readUInt16LE(at + 10),
    isEncrypted: (flags & FLAG_ENCRYPTED) !== 0,
    packedBytes,
    sizeBytes,
    disk: disk === UINT16_MAX ? 0 : disk,
    headerOffset,
  };
}

/** Each call takes a number of the record, or the next of the zip64 extra field in its place. */
function largeNumbers(extra: Buffer): (number: number) => number {
  const field = zip64Field(extra);
  let at = 0;
  return (number) => {
    if (number !== UINT32_MAX || field === null) return number;
    if (at + 8 > field.length) throw damaged();
    const large = Number(field.readBigUInt64LE(at));
    at += 8;
    if (!Number.isSafeInteger(large)) throw damaged();
    return large;
  };
}

function zip64Field(extra: Buffer): Buffer | null {
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === ZIP64_EXTRA) return extra.subarray(at + 4, end);
    at = end;
  }
  return null;
}

/** Without the flag it may be UTF-8 all the same. */
function encodingOf(bytes: Uint8Array): string {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'latin1';
  }
}

function damaged(): Error {
  return unsupported('The directory of the ZIP archive is damaged.');
}
