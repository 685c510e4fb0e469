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
import type { Folder } from './streams-info.js';

const BLOCK_BYTES = 16;
/** With fewer zeros a wrong password might pass: one in a million does. */
const TELLING_ZEROS = 3;

/** Null when nothing is encrypted, or none fits. @throws what reading throws */
export async function findPassword(
  joined: JoinedFile,
  entries: readonly SevenZipEntry[],
  keys: KeyRing,
  options: OpenArchiveOptions,
): Promise<string | null> {
  const locked = lockedFolders(entries);
  const paddedAt = locked.findIndex(({ folder }) => paddingOf(folder) >= TELLING_ZEROS);
  const chosen = locked[Math.max(0, paddedAt)];
  if (chosen === undefined) return null;
  const { folder, aes } = chosen;
  const isPadded = paddedAt >= 0;
  const sample = await readSample(joined, folder, isPadded, options);
  for (const password of options.passwords) {
    const key = await keys.keyOf(password, aes);
    const iv = sample.iv ?? aes.iv;
    const plain = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false).update(sample.bytes);
    if (isPadded ? plain.subarray(-paddingOf(folder)).every((byte) => byte === 0) : sniffFormat(plain) !== null) {
      return password;
    }
  }
  return null;
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

/** The last block with the one before it, or the first kilobyte. */
async function readSample(joined: JoinedFile, folder: Folder, isPadded: boolean, options: OpenArchiveOptions) {
  const start = START_BYTES + folder.packedStart;
  const end = start + folder.packedBytes;
  if (!isPadded) {
    const length = Math.min(folder.packedBytes, SNIFF_BYTES);
    return { bytes: await readBytes(joined, { start, end: start + length }, options), iv: null };
  }
  const from = Math.max(start, end - 2 * BLOCK_BYTES);
  const bytes = await readBytes(joined, { start: from, end }, options);
  return end - from < 2 * BLOCK_BYTES
    ? { bytes, iv: null }
    : { bytes: bytes.subarray(BLOCK_BYTES), iv: bytes.subarray(0, BLOCK_BYTES) };
}
