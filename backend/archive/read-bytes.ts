// Reads a short range of a file into memory: headers, mostly.

import type { ByteRange } from '../content/index.js';
import type { RandomAccessFile, ReadOptions } from './archive.js';
import { incomplete } from './refusals.js';

/** All bytes of `range`, in a buffer of its own; the caller bounds its length. @throws {UnplayableError} `ARCHIVE_INCOMPLETE` */
export async function readBytes(
  file: Pick<RandomAccessFile, 'open'>,
  range: ByteRange,
  { signal, priority = 'prepare' }: ReadOptions,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(range.end - range.start);
  let length = 0;
  for await (const chunk of file.open(range, { signal, priority })) {
    bytes.set(chunk.subarray(0, bytes.length - length), length);
    length = Math.min(bytes.length, length + chunk.length);
  }
  if (length < bytes.length) throw incomplete('A file of the archive ended early.');
  return bytes;
}
