// Bytes that look random and can be made again: AES in counter mode over zeros, so any offset can be had directly.

import { createCipheriv, createHash } from 'node:crypto';

const zeros = Buffer.alloc(1 << 20);

/** Yields `sizeBytes` pseudo-random bytes determined by `seed`, in chunks of at most 1 MiB. */
export function* pseudoRandom(seed: string, sizeBytes: number): Generator<Buffer> {
  const key = createHash('sha256').update(seed).digest().subarray(0, 16);
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  for (let left = sizeBytes; left > 0; left -= zeros.length)
    yield cipher.update(zeros.subarray(0, Math.min(left, zeros.length)));
}

/** `length` of the bytes that `pseudoRandom(seed, …)` yields, from `offset` on. */
export function pseudoRandomAt(seed: string, offset: number, length: number): Buffer {
  const key = createHash('sha256').update(seed).digest().subarray(0, 16);
  const counter = Buffer.alloc(16);
  counter.writeBigUInt64BE(BigInt(Math.floor(offset / 16)), 8);
  const skipped = offset % 16;
  const cipher = createCipheriv('aes-128-ctr', key, counter);
  const padding =
    skipped + length <= zeros.length ? zeros.subarray(0, skipped + length) : Buffer.alloc(skipped + length);
  return cipher.update(padding).subarray(skipped);
}

/** The same bytes in one buffer; for small sizes. */
export function pseudoRandomBytes(seed: string, sizeBytes: number): Buffer {
  return Buffer.concat([...pseudoRandom(seed, sizeBytes)]);
}

/** Numbers in [0, 1) determined by `seed` (mulberry32), so that a failing test can be repeated. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
