// A 7z archive over its joined volumes: the start header says where the header lies (at the end), the header what is
// inside. Stored members only, encrypted or not.

import type { Archive, ArchiveMember, MemberCipher, OpenArchiveOptions, PackedExtent } from '../archive.js';
import type { JoinedFile } from '../joined-file.js';
import { KeyDerivationGate } from '../key-derivation-gate.js';
import { baseNameOf, cleanMemberPath } from '../member-path.js';
import { compressed, incomplete, passwordNeeded, unsupported } from '../refusals.js';
import { describeFolder } from './coders.js';
import { findPassword } from './find-password.js';
import { KeyRing } from './key-ring.js';
import type { SevenZipEntry } from './parse-header.js';
import { readEntries } from './read-entries.js';
import { START_BYTES } from './start-header.js';

/** @throws {UnplayableError} `ARCHIVE_INCOMPLETE`, `ARCHIVE_PASSWORD`, `ARCHIVE_UNSUPPORTED`; what reading throws */
export async function openSevenZip(joined: JoinedFile, options: OpenArchiveOptions): Promise<Archive> {
  const keys = new KeyRing(options.signal, options.gate ?? new KeyDerivationGate());
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
