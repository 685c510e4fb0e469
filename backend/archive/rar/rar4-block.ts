// RAR4 headers (1.5 to 4.x): bytes in, blocks out.

import { ByteCursor } from './byte-cursor.js';
import { headerCrc } from '../header-crc.js';
import type { FileBlock, RarBlock } from './rar-block.js';
import { decodeRar4Name } from './rar4-name.js';
import { corruptArchive } from './corrupt-archive.js';

/** Of the checksum, type, flags and length every header begins with. */
export const RAR4_PREFIX_BYTES = 7;

const STORED = 0x30;
/** Encryption before RAR 2.9 is another one. */
const FIRST_AES_VERSION = 29;

type BlockSize = Pick<RarBlock, 'headerBytes' | 'dataBytes'>;

/** Bytes of the whole header whose first `RAR4_PREFIX_BYTES` (or more) are given. @throws {UnplayableError} `ARCHIVE_CORRUPT` */
export function rar4HeaderBytes(prefix: Uint8Array): number {
  const headerBytes = new ByteCursor(prefix, 5).u16();
  if (headerBytes < RAR4_PREFIX_BYTES) throw corruptArchive('a header has an impossible length');
  return headerBytes;
}

/** Parses one whole header. Nothing of `bytes` is kept. @throws {UnplayableError} `ARCHIVE_CORRUPT` */
export function parseRar4Block(bytes: Uint8Array): RarBlock {
  const headerBytes = rar4HeaderBytes(bytes);
  if (headerBytes > bytes.length) throw corruptArchive('a header ends too early');
  const cursor = new ByteCursor(bytes, 0, headerBytes);
  const crc = cursor.u16();
  const type = cursor.u8();
  const flags = cursor.u16();
  cursor.u16();
  const check = (): void => {
    // An old comment inside a main or file header is left out of its checksum.
    const hasComment = (type === 0x73 && flags & 0x02) || (type === 0x74 && flags & 0x08);
    if (hasComment) return;
    if (crc !== (headerCrc(bytes.subarray(2, headerBytes)) & 0xffff))
      throw corruptArchive('a header fails its checksum');
  };
  if (type < 0x72 || type > 0x7b) throw corruptArchive('a header of an unknown kind');
  if (type === 0x73 || type === 0x74 || type === 0x7a || type === 0x7b) check();
  if (type === 0x73) return mainBlock(flags, { headerBytes, dataBytes: 0 });
  if (type === 0x74) return fileBlock(cursor, flags, headerBytes);
  if (type === 0x7b) return endBlock(cursor, flags, { headerBytes, dataBytes: 0 });
  if (type === 0x7a) return { kind: 'other', headerBytes, dataBytes: fileBlock(cursor, flags, headerBytes).dataBytes };
  return { kind: 'other', headerBytes, dataBytes: flags & 0x8000 ? cursor.u32() : 0 };
}

function mainBlock(flags: number, size: BlockSize): RarBlock {
  const isVolume = (flags & 0x01) !== 0;
  const isNewNaming = (flags & 0x10) !== 0;
  const isFirst = (flags & 0x100) !== 0;
  return {
    kind: 'main',
    isVolume,
    isSolid: (flags & 0x08) !== 0,
    hasEncryptedHeaders: (flags & 0x80) !== 0,
    volumeNumber: isVolume && !isFirst ? null : 0,
    // Only RAR 3 and later mark the first volume; RAR 2, which has no new naming, does not.
    isFirstVolume: isFirst || !isVolume ? true : isNewNaming ? false : null,
    ...size,
  };
}

function fileBlock(cursor: ByteCursor, flags: number, headerBytes: number): FileBlock {
  const packedLow = cursor.u32();
  const sizeLow = cursor.u32();
  cursor.take(1 + 4 + 4); // operating system, checksum, time
  const version = cursor.u8();
  const method = cursor.u8();
  const nameBytes = cursor.u16();
  cursor.u32(); // attributes
  const isLarge = (flags & 0x100) !== 0;
  const dataBytes = packedLow + (isLarge ? cursor.u32() * 2 ** 32 : 0);
  const sizeBytes = sizeLow + (isLarge ? cursor.u32() * 2 ** 32 : 0);
  const name = cursor.take(nameBytes);
  const salt = flags & 0x400 ? cursor.take(8).slice() : null;
  const hasUnknownSize = sizeLow === 0xffffffff && (!isLarge || !Number.isSafeInteger(sizeBytes));
  if (!Number.isSafeInteger(dataBytes)) throw corruptArchive('a number is too large');
  return {
    kind: 'file',
    rawPath: decodeRar4Name(name, (flags & 0x200) !== 0),
    isFolderOrLink: (flags & 0xe0) === 0xe0,
    sizeBytes: hasUnknownSize || !Number.isSafeInteger(sizeBytes) ? null : sizeBytes,
    isStored: method === STORED,
    isSolid: (flags & 0x10) !== 0,
    isSplitBefore: (flags & 0x01) !== 0,
    isSplitAfter: (flags & 0x02) !== 0,
    encryption:
      (flags & 0x04) === 0
        ? null
        : salt === null || version < FIRST_AES_VERSION
          ? 'unsupported'
          : { format: 'rar4', salt },
    headerBytes,
    dataBytes,
  };
}

function endBlock(cursor: ByteCursor, flags: number, size: BlockSize): RarBlock {
  if (flags & 0x02) cursor.u32(); // checksum of the volume
  const volumeNumber = flags & 0x08 ? cursor.u16() : null;
  return { kind: 'end', isLastVolume: (flags & 0x01) === 0, volumeNumber, ...size };
}
