// A ZIP archive over its joined volumes: the central directory lists the members, the local header in front of each says
// where its bytes begin (read when they are first wanted). Stored members only.

import type { Archive, ArchiveMember, OpenArchiveOptions, PackedExtent, ReadOptions } from '../archive.js';
import type { JoinedFile } from '../joined-file.js';
import { baseNameOf, cleanMemberPath } from '../member-path.js';
import { readBytes } from '../read-bytes.js';
import { compressed, encryptedZip, incomplete, unsupported } from '../refusals.js';
import type { UnplayableError } from '../../content/index.js';
import type { ZipEntry } from './central-directory.js';
import { parseCentralDirectory } from './central-directory.js';
import { findDirectory } from './find-directory.js';

const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const STORED = 0;
const AES_ENCRYPTED = 99;

/** @throws {UnplayableError} `ARCHIVE_INCOMPLETE` without its end, `ARCHIVE_UNSUPPORTED` when it is damaged */
export async function openZip(joined: JoinedFile, options: OpenArchiveOptions): Promise<Archive> {
  const directory = await findDirectory(joined, options).catch(async (error: unknown) => {
    if (await joined.confirm(options)) throw error;
    return findDirectory(joined, options);
  });
  const { starts } = joined;
  // Offsets of a spanned archive count from the beginning of a volume; others from the beginning of the whole.
  const baseOf = (disk: number): number => (directory.isSpanned ? (starts[disk] ?? Number.NaN) : directory.shift);
  const start = directory.offset + baseOf(directory.disk);
  if (!(start >= 0 && start + directory.sizeBytes <= joined.sizeBytes)) throw incomplete();
  const bytes = await readBytes(joined, { start, end: start + directory.sizeBytes }, options);
  const entries = parseCentralDirectory(bytes).filter(({ name }) => !name.endsWith('/'));
  return {
    format: 'zip',
    members: entries.map((entry, index) => zipMember(joined, entry, entry.headerOffset + baseOf(entry.disk), index)),
    confirm: async (reading) => {
      if (!(await joined.confirm(reading)))
        throw incomplete('The volumes of the archive are not as long as they seemed.');
    },
  };
}

function zipMember(joined: JoinedFile, entry: ZipEntry, headerStart: number, index: number): ArchiveMember {
  const path = cleanMemberPath(entry.name, `file ${index + 1}`);
  let dataStart: number | null = null;
  return {
    path,
    name: baseNameOf(path),
    sizeBytes: entry.sizeBytes,
    packedBytes: entry.packedBytes,
    cipher: null,
    refusal: refusalOf(entry),
    locate: async (offset, options) => {
      dataStart ??= await findData(joined, headerStart, options);
      return within(await joined.locate(dataStart + offset, options), entry.packedBytes - offset);
    },
  };
}

async function findData(joined: JoinedFile, start: number, options: ReadOptions): Promise<number> {
  const end = start + LOCAL_HEADER_BYTES;
  if (!(start >= 0 && end <= joined.sizeBytes)) throw incomplete();
  const header = Buffer.from(await readBytes(joined, { start, end }, options));
  if (header.readUInt32LE(0) !== LOCAL_HEADER) throw unsupported('A header of the ZIP archive is damaged.');
  return end + header.readUInt16LE(26) + header.readUInt16LE(28);
}

function within(extent: PackedExtent, bytes: number): PackedExtent {
  if (bytes <= 0) throw incomplete();
  const { start, end } = extent.range;
  return { ...extent, range: { start, end: Math.min(end, start + bytes) } };
}

function refusalOf(entry: ZipEntry): UnplayableError | null {
  if (entry.method === AES_ENCRYPTED || entry.isEncrypted) return encryptedZip();
  if (entry.method !== STORED) return compressed();
  return entry.packedBytes === entry.sizeBytes ? null : unsupported('A member of the ZIP archive is damaged.');
}
