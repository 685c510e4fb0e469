// A 7z archive over its joined volumes: the start header says where the header lies (at the end), the header what is
// inside. Stored members only, encrypted or not.

import type { Archive, ArchiveMember, MemberCipher, OpenArchiveOptions, PackedExtent } from '../archive.js';
import type { JoinedFile } from '../joined-file.js';
import { baseNameOf, cleanMemberPath } from '../member-path.js';
import { headerCrc } from '../rar/header-crc.js';
import { readBytes } from '../read-bytes.js';
import { compressed, incomplete, passwordNeeded, unsupported } from '../refusals.js';
import { damaged } from './byte-reader.js';
import { describeFolder } from './coders.js';
import { findPassword } from './find-password.js';
import { KeyRing } from './key-ring.js';
import type { SevenZipEntry, SevenZipHeader } from './parse-header.js';
import { MAX_HEADER_BYTES, parseSevenZipHeader } from './parse-header.js';
import { START_BYTES } from './start-header.js';
import { unpackHeader } from './unpack-header.js';

/** A packed header may be packed again; nobody does it oftener. */
const MAX_PACKINGS = 4;

/** @throws {UnplayableError} `ARCHIVE_INCOMPLETE`, `ARCHIVE_PASSWORD`, `ARCHIVE_UNSUPPORTED`; what reading throws */
export async function openSevenZip(joined: JoinedFile, options: OpenArchiveOptions): Promise<Archive> {
  const keys = new KeyRing(options.signal);
  const { entries, password } = await readEntries(joined, keys, options);
  const known = password === null ? options : { ...options, passwords: [password] };
  const fitting = await findPassword(joined, entries, keys, known);
  const members: ArchiveMember[] = [];
  for (const [index, entry] of entries.entries()) {
    members.push(await sevenZipMember(joined, entry, { index, keys, password: fitting }));
  }
  return {
    format: '7z',
    members,
    confirm: async (reading) => {
      if (!(await joined.confirm(reading)))
        throw incomplete('The volumes of the archive are not as long as they seemed.');
    },
  };
}

async function readEntries(joined: JoinedFile, keys: KeyRing, options: OpenArchiveOptions) {
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

async function sevenZipMember(
  joined: JoinedFile,
  entry: SevenZipEntry,
  { index, keys, password }: { readonly index: number; readonly keys: KeyRing; readonly password: string | null },
): Promise<ArchiveMember> {
  const { folder, sizeBytes, offset } = entry;
  const { isStored, aes } = describeFolder(folder);
  const path = cleanMemberPath(entry.path, `file ${index + 1}`);
  let cipher: MemberCipher | null = null;
  if (isStored && aes !== null && password !== null) {
    const key = await keys.keyOf(password, aes);
    cipher = { algorithm: 'aes-256-cbc', key, iv: aes.iv, leadBytes: offset };
  }
  // Encrypted files of one folder share one stream of blocks; plain ones just follow each other.
  const packed =
    aes === null
      ? { start: START_BYTES + folder.packedStart + offset, bytes: sizeBytes }
      : { start: START_BYTES + folder.packedStart, bytes: folder.packedBytes };
  return {
    path,
    name: baseNameOf(path),
    sizeBytes,
    packedBytes: packed.bytes,
    cipher,
    refusal: refusalOf(entry, isStored, aes !== null && password === null),
    locate: async (at, reading) => within(await joined.locate(packed.start + at, reading), packed.bytes - at),
  };
}

function within(extent: PackedExtent, bytes: number): PackedExtent {
  if (bytes <= 0) throw incomplete();
  const { start, end } = extent.range;
  return { ...extent, range: { start, end: Math.min(end, start + bytes) } };
}

function refusalOf({ folder }: SevenZipEntry, isStored: boolean, isLocked: boolean) {
  if (!isStored) return compressed();
  if (folder.packedBytes < folder.sizeBytes) return unsupported('A member of the 7z archive is damaged.');
  return isLocked ? passwordNeeded() : null;
}
