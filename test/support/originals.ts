// Reads ranges of the original file that a test compares with.

import { open } from 'node:fs/promises';

/** Bytes `[start, end)` of a file. */
export async function originalRange(path: string, start: number, end: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(end - start);
    await file.read(bytes, 0, bytes.length, start);
    return bytes;
  } finally {
    await file.close();
  }
}
