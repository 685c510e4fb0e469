// Bytes that can be read anywhere without lying in memory: what the lab posts, packs and compares. Knows nothing of Usenet.

import { pseudoRandomAt } from './pseudo-random.js';

/** Content of known size. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Exactly `length` bytes from `offset` on; the range lies inside. The buffer is not to be written to. */
  read(offset: number, length: number): Buffer;
  /** Equal keys mean equal bytes, so that what was made from them can be used again; absent or null where that is not known. */
  keyOf?(offset: number, length: number): string | null;
}

/** What lies in memory. */
export function sourceOfBytes(bytes: Uint8Array): ByteSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { sizeBytes: buffer.length, read: (offset, length) => buffer.subarray(offset, offset + length) };
}

/** The bytes of `pseudoRandom(seed, sizeBytes)`, made when asked for. */
export function pseudoRandomSource(seed: string, sizeBytes: number): ByteSource {
  return { sizeBytes, read: (offset, length) => pseudoRandomAt(seed, offset, length) };
}

/** `template` over and over: as large as one likes, and its parts of the template's length are encoded only once. */
export function repeatedSource(template: Uint8Array, sizeBytes: number): ByteSource {
  const period = template.length;
  const read = (offset: number, length: number): Buffer => {
    const bytes = Buffer.allocUnsafe(length);
    for (let filled = 0; filled < length;) {
      const from = (offset + filled) % period;
      const piece = template.subarray(from, Math.min(period, from + length - filled));
      bytes.set(piece, filled);
      filled += piece.length;
    }
    return bytes;
  };
  return { sizeBytes, read, keyOf: (offset, length) => `${String(offset % period)}:${String(length)}` };
}

/** All of it, in chunks of at most `chunkBytes`. */
export function* chunksOf(source: ByteSource, chunkBytes = 1 << 20): Generator<Buffer> {
  for (let offset = 0; offset < source.sizeBytes; offset += chunkBytes) {
    yield source.read(offset, Math.min(chunkBytes, source.sizeBytes - offset));
  }
}
