// RAR5 headers: bytes in, blocks out.

import { createHash } from 'node:crypto';

import { unsupported } from '../refusals.js';
import { ByteCursor } from './byte-cursor.js';
import { corruptArchive } from './corrupt-archive.js';
import { headerCrc } from '../header-crc.js';
import type { FileBlock, MainBlock, RarBlock, Rar5Encryption } from './rar-block.js';

/** Of the checksum and the longest length that may follow it. */
export const RAR5_PREFIX_BYTES = 7;

/** What the format allows a header to be. */
const MAX_HEADER_BYTES = 2 * 1024 * 1024;
/** The archiver writes 15 and would read 24, which takes seconds that cannot be cut short. */
const MAX_ROUNDS_LOG2 = 18;

const HAS_EXTRA = 0x01;
const HAS_DATA = 0x02;
const SPLIT_BEFORE = 0x08;
const SPLIT_AFTER = 0x10;

interface Extra {
  readonly type: number;
  readonly cursor: ByteCursor;
}

/** Bytes of the whole header whose first `RAR5_PREFIX_BYTES` (or more) are given. @throws {UnplayableError} `ARCHIVE_CORRUPT` */
export function rar5HeaderBytes(prefix: Uint8Array): number {
  const cursor = new ByteCursor(prefix.subarray(0, RAR5_PREFIX_BYTES), 4);
  const size = cursor.vint();
  if (size === 0 || size > MAX_HEADER_BYTES) throw corruptArchive('a header has an impossible length');
  return cursor.position + size;
}

/**
 * Parses one whole header. Nothing of `bytes` is kept.
 * @throws {UnplayableError} `ARCHIVE_CORRUPT`; `ARCHIVE_UNSUPPORTED` for an encryption unknown here
 */
export function parseRar5Block(bytes: Uint8Array): RarBlock {
  const headerBytes = rar5HeaderBytes(bytes);
  const cursor = new ByteCursor(bytes, 0, Math.min(headerBytes, bytes.length));
  if (headerBytes > bytes.length) throw corruptArchive('a header ends too early');
  if (cursor.u32() !== headerCrc(bytes.subarray(4, headerBytes))) throw corruptArchive('a header fails its checksum');
  cursor.vint();
  const type = cursor.vint();
  const flags = cursor.vint();
  const extraBytes = flags & HAS_EXTRA ? cursor.vint() : 0;
  const dataBytes = flags & HAS_DATA ? cursor.vint() : 0;
  if (extraBytes > cursor.remaining) throw corruptArchive('a header ends too early');
  const body = new ByteCursor(bytes, cursor.position, headerBytes - extraBytes);
  const extras = (): Extra[] => extrasOf(new ByteCursor(bytes, headerBytes - extraBytes, headerBytes));
  const size = { headerBytes, dataBytes };
  if (type === 1) return mainBlock(body, size);
  if (type === 2) return fileBlock(body, extras(), flags, size);
  if (type === 4) return { kind: 'encryption', encryption: encryptionOf(body, false), ...size };
  if (type === 5) return { kind: 'end', isLastVolume: (body.vint() & 1) === 0, volumeNumber: null, ...size };
  return { kind: 'other', ...size };
}

function mainBlock(body: ByteCursor, size: { headerBytes: number; dataBytes: number }): MainBlock {
  const flags = body.vint();
  const isVolume = (flags & 0x01) !== 0;
  const volumeNumber = flags & 0x02 ? body.vint() : 0;
  return {
    kind: 'main',
    isVolume,
    isSolid: (flags & 0x04) !== 0,
    hasEncryptedHeaders: false,
    volumeNumber,
    isFirstVolume: volumeNumber === 0,
    ...size,
  };
}

function fileBlock(
  body: ByteCursor,
  extras: readonly Extra[],
  headerFlags: number,
  size: { headerBytes: number; dataBytes: number },
): FileBlock {
  const flags = body.vint();
  const sizeBytes = body.vint();
  body.vint(); // attributes
  if (flags & 0x02) body.u32(); // modification time
  if (flags & 0x04) body.u32(); // checksum of the data
  const compression = body.vint();
  body.vint(); // operating system
  const name = body.take(body.vint());
  const encryption = extras.find((extra) => extra.type === 1);
  return {
    kind: 'file',
    rawPath: Buffer.from(name).toString('utf8'),
    isFolderOrLink: (flags & 0x01) !== 0 || extras.some((extra) => extra.type === 5),
    sizeBytes: flags & 0x08 ? null : sizeBytes,
    isStored: (compression & 0x380) === 0,
    isSolid: (compression & 0x40) !== 0,
    isSplitBefore: (headerFlags & SPLIT_BEFORE) !== 0,
    isSplitAfter: (headerFlags & SPLIT_AFTER) !== 0,
    encryption: encryption === undefined ? null : encryptionOrUnsupported(encryption.cursor),
    ...size,
  };
}

/** A file that is encrypted in an unknown way does not spoil its neighbours. */
function encryptionOrUnsupported(cursor: ByteCursor): Rar5Encryption | 'unsupported' {
  try {
    return encryptionOf(cursor, true);
  } catch {
    return 'unsupported';
  }
}

function encryptionOf(cursor: ByteCursor, hasIv: boolean): Rar5Encryption {
  if (cursor.vint() !== 0) throw unsupported('The archive is encrypted in an unknown way.');
  const hasCheck = (cursor.vint() & 0x01) !== 0;
  const roundsLog2 = cursor.u8();
  if (roundsLog2 > MAX_ROUNDS_LOG2) throw unsupported('The password of the archive would take too long to try.');
  const salt = cursor.take(16).slice();
  const iv = hasIv ? cursor.take(16).slice() : new Uint8Array(0);
  return { format: 'rar5', roundsLog2, salt, iv, check: hasCheck ? checkOf(cursor) : null };
}

/** The check value has a check of its own: a damaged one would refuse the right password. */
function checkOf(cursor: ByteCursor): Uint8Array | null {
  const check = cursor.take(8).slice();
  const sum = cursor.take(4);
  return createHash('sha256').update(check).digest().subarray(0, 4).equals(sum) ? check : null;
}

/** At most one record per two bytes of a header. A record that is cut off ends the list: it says nothing we need. */
function extrasOf(cursor: ByteCursor): Extra[] {
  const extras: Extra[] = [];
  while (cursor.remaining > 1) {
    const size = cursor.vint();
    if (size === 0 || size > cursor.remaining) break;
    const record = cursor.take(size);
    const inner = new ByteCursor(record);
    extras.push({ type: inner.vint(), cursor: inner });
  }
  return extras;
}
