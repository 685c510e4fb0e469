// What is in a 7z: finds the header at the end of the archive, through the start header, and makes it plain.

import type { OpenArchiveOptions } from '../archive.js';
import type { JoinedFile } from '../joined-file.js';
import { headerCrc } from '../header-crc.js';
import { readBytes } from '../read-bytes.js';
import { incomplete, unsupported } from '../refusals.js';
import { damaged } from './byte-reader.js';
import type { KeyRing } from './key-ring.js';
import type { SevenZipEntry, SevenZipHeader } from './parse-header.js';
import { MAX_HEADER_BYTES, parseSevenZipHeader } from './parse-header.js';
import { START_BYTES } from './start-header.js';
import { unpackHeader } from './unpack-header.js';

export interface SevenZipList {
  readonly entries: readonly SevenZipEntry[];
  /** Null when the header was not encrypted. */
  readonly password: string | null;
}

/** A packed header may be packed again; nobody does it oftener. */
const MAX_PACKINGS = 4;

/**
 * The header, unpacked as often as it was packed, and the password that it took.
 * @throws {UnplayableError} `ARCHIVE_INCOMPLETE`, `ARCHIVE_PASSWORD`, `ARCHIVE_UNSUPPORTED`; what reading throws
 */
export async function readEntries(
  joined: JoinedFile,
  keys: KeyRing,
  options: OpenArchiveOptions,
): Promise<SevenZipList> {
  let header = parseSevenZipHeader(await readHeader(joined, options));
  let password: string | null = null;
  for (let packings = 0; header.kind === 'packed'; packings += 1) {
    if (packings === MAX_PACKINGS) throw damaged();
    const unpacked = await unpackOnce(joined, header, keys, options);
    password = unpacked.password ?? password;
    header = parseSevenZipHeader(unpacked.bytes);
  }
  return { entries: header.entries, password };
}

async function unpackOnce(
  joined: JoinedFile,
  { folder }: SevenZipHeader & { readonly kind: 'packed' },
  keys: KeyRing,
  options: OpenArchiveOptions,
) {
  if (folder.packedBytes > MAX_HEADER_BYTES) throw damaged();
  const start = START_BYTES + folder.packedStart;
  if (start + folder.packedBytes > joined.sizeBytes) throw incomplete();
  const packed = await readBytes(joined, { start, end: start + folder.packedBytes }, options);
  return unpackHeader(packed, folder, { passwords: options.passwords, keys });
}

/** The header at the end. That the volumes are as long as assumed shows in its place and in its checksum. */
async function readHeader(joined: JoinedFile, options: OpenArchiveOptions): Promise<Uint8Array> {
  if (joined.sizeBytes < START_BYTES) throw incomplete();
  const head = Buffer.from(await readBytes(joined, { start: 0, end: START_BYTES }, options));
  if (headerCrc(head.subarray(12)) !== head.readUInt32LE(8)) throw damaged();
  const offset = Number(head.readBigUInt64LE(12));
  const size = Number(head.readBigUInt64LE(20));
  if (size > MAX_HEADER_BYTES) throw unsupported('The header of the 7z archive is too large.');
  const start = START_BYTES + offset;
  if (start + size !== joined.sizeBytes) await joined.confirm(options);
  if (start + size > joined.sizeBytes) throw incomplete('The end of the 7z archive is missing.');
  const isRight = (bytes: Uint8Array): boolean => headerCrc(bytes) === head.readUInt32LE(28);
  const bytes = await readBytes(joined, { start, end: start + size }, options);
  if (!isRight(bytes)) throw damaged();
  return bytes;
}
