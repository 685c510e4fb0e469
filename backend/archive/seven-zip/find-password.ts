// Which of several passwords opens the data of a 7z whose header is plain. Nothing in the archive says so but the data:
// the zeros that fill its last block, or a beginning that is known.

import { createDecipheriv } from 'node:crypto';
import type { OpenArchiveOptions } from '../archive.js';
import type { JoinedFile } from '../joined-file.js';
import { readBytes } from '../read-bytes.js';
import { SNIFF_BYTES, sniffFormat } from '../sniff-format.js';
import type { AesSettings } from './aes-key.js';
import { describeFolder } from './coders.js';
import type { KeyRing } from './key-ring.js';
import type { SevenZipEntry } from './parse-header.js';
import { START_BYTES } from './start-header.js';

type Folder = SevenZipEntry['folder'];

const BLOCK_BYTES = 16;
/** With fewer zeros a wrong password might pass; with these one in sixteen million does. */
const TELLING_ZEROS = 3;

/** Null when nothing is encrypted, or none fits. @throws what reading throws */
export async function findPassword(
  joined: JoinedFile,
  entries: readonly SevenZipEntry[],
  keys: KeyRing,
  options: OpenArchiveOptions,
): Promise<string | null> {
  const locked = lockedFolders(entries);
  const chosen = locked.find(({ folder }) => paddingOf(folder) >= TELLING_ZEROS) ?? locked[0];
  if (chosen === undefined) return null;
  const { folder, aes } = chosen;
  const padding = paddingOf(folder);
  const tail = await readTail(joined, folder, options);
  const candidates = [];
  for (const password of options.passwords) {
    const key = await keys.keyOf(password, aes);
    const end = decrypt(tail.bytes, key, tail.iv ?? aes.iv);
    if (end.subarray(end.length - padding).every((byte) => byte === 0)) candidates.push({ password, key });
  }
  if (padding >= TELLING_ZEROS) return candidates[0]?.password ?? null;
  const head = await readHead(joined, folder, options);
  const known = candidates.find(({ key }) => sniffFormat(decrypt(head, key, aes.iv)) !== null);
  const lone = padding > 0 && candidates.length === 1 ? candidates[0] : undefined;
  return (known ?? lone)?.password ?? null;
}

function decrypt(bytes: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  return createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false).update(bytes);
}

function lockedFolders(entries: readonly SevenZipEntry[]): { folder: Folder; aes: AesSettings }[] {
  return [...new Set(entries.map(({ folder }) => folder))].flatMap((folder) => {
    const { isStored, aes } = describeFolder(folder);
    const isWhole = folder.packedBytes >= folder.sizeBytes && folder.packedBytes % BLOCK_BYTES === 0;
    return isStored && aes !== null && isWhole && folder.packedBytes > 0 ? [{ folder, aes }] : [];
  });
}

function paddingOf(folder: Folder): number {
  const padding = folder.packedBytes - folder.sizeBytes;
  return padding < BLOCK_BYTES ? padding : 0;
}

/** The last block; `iv` is the one before it, null when there is none. */
async function readTail(joined: JoinedFile, folder: Folder, options: OpenArchiveOptions) {
  const start = START_BYTES + folder.packedStart;
  const end = start + folder.packedBytes;
  const from = Math.max(start, end - 2 * BLOCK_BYTES);
  const bytes = await readBytes(joined, { start: from, end }, options);
  if (bytes.length === BLOCK_BYTES) return { bytes, iv: null };
  return { bytes: bytes.subarray(BLOCK_BYTES), iv: bytes.subarray(0, BLOCK_BYTES) };
}

async function readHead(joined: JoinedFile, folder: Folder, options: OpenArchiveOptions): Promise<Uint8Array> {
  const start = START_BYTES + folder.packedStart;
  return readBytes(joined, { start, end: start + Math.min(folder.packedBytes, SNIFF_BYTES) }, options);
}
