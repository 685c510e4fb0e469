// The hash that subtitle databases know a video by (OpenSubtitles): its size and the 64-bit words of its first and last
// 64 KiB, summed. Knows no database. Reads as background: nobody who watches waits for it.

import { CorruptDataError, TimeoutError } from '../content/index.js';
import type { ByteRange, MediaFile } from '../content/index.js';
import type { Clock } from '../platform/index.js';

export interface VideoHashOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const END_BYTES = 65_536;
/** Shorter files have no two ends. */
const MIN_SIZE_BYTES = 2 * END_BYTES;
const READ_TIMEOUT_MS = 60_000;

/** 16 hexadecimal digits. `head` and `tail` are exactly the first and last 64 KiB of a file of `sizeBytes`. */
export function formatVideoHash(sizeBytes: number, head: Uint8Array, tail: Uint8Array): string {
  let sum = BigInt(sizeBytes);
  for (const { buffer, byteOffset, byteLength } of [head, tail]) {
    const view = new DataView(buffer, byteOffset, byteLength);
    for (let at = 0; at + 8 <= byteLength; at += 8) sum += view.getBigUint64(at, true);
  }
  return BigInt.asUintN(64, sum).toString(16).padStart(16, '0');
}

/**
 * The hash of `file`; null for one of less than 128 KiB.
 * @throws {HeadstartError} when its ends cannot be had, or not within a minute; the signal's reason
 */
export async function readVideoHash(file: MediaFile, { clock, signal }: VideoHashOptions): Promise<string | null> {
  const { sizeBytes } = file;
  signal.throwIfAborted();
  if (sizeBytes < MIN_SIZE_BYTES) return null;
  const late = new AbortController();
  const timer = clock.after(READ_TIMEOUT_MS, () => late.abort(new TimeoutError('Reading took too long.')));
  const either = AbortSignal.any([signal, late.signal]);
  try {
    const head = await read(file, { start: 0, end: END_BYTES }, either);
    const tail = await read(file, { start: sizeBytes - END_BYTES, end: sizeBytes }, either);
    return formatVideoHash(sizeBytes, head, tail);
  } finally {
    timer.cancel();
  }
}

async function read(file: MediaFile, range: ByteRange, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = new Uint8Array(range.end - range.start);
  let filled = 0;
  for await (const chunk of file.open(range, { signal, priority: 'background' })) {
    const room = chunk.subarray(0, bytes.length - filled);
    bytes.set(room, filled);
    filled += room.length;
  }
  if (filled < bytes.length) throw new CorruptDataError('The file ended early.');
  return bytes;
}
