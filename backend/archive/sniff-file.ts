// What a file is, by its first bytes, read.

import type { RandomAccessFile, ReadOptions } from './archive.js';
import { readBytes } from './read-bytes.js';
import type { Sniffed } from './sniff-format.js';
import { SNIFF_BYTES, sniffFormat } from './sniff-format.js';

/** As `sniffFormat`. @throws what reading throws */
export async function sniffFile(file: RandomAccessFile, options: ReadOptions): Promise<Sniffed | null> {
  const size = Math.min(SNIFF_BYTES, await file.measure(options));
  return sniffFormat(await readBytes(file, { start: 0, end: size }, options));
}
