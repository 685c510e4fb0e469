// NZB documents as they come from outside: maybe packed with gzip, of any size. Unpacked within bounds, and read without
// holding up everybody else.

import { setImmediate as turn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { InputError, TooLargeError, UnplayableError } from '../../content/index.js';
import type { Nzb } from './nzb/nzb.js';
import { NzbParser } from './nzb/nzb-parser.js';

/** As it is sent. */
export const MAX_NZB_BYTES = 100 * 1000 * 1000;
/** Unpacked: twice what as many articles as are taken need. */
export const MAX_UNPACKED_BYTES = 200 * 1000 * 1000;
/** NZBs pack to a fifth or a tenth; far more than that is made to fill memory. */
const MAX_RATIO = 200;
const RATIO_FROM_BYTES = 4 * 1000 * 1000;

/**
 * The document itself: `bytes`, or what they hold when they are gzip.
 * @throws {InputError} `NZB_INVALID` when empty; {TooLargeError} over 100 MB, or `maxBytes` (default 200 MB) unpacked;
 * {UnplayableError} `NZB_INVALID` when it cannot be unpacked
 */
export async function decompressNzb(bytes: Uint8Array, maxBytes = MAX_UNPACKED_BYTES): Promise<Uint8Array> {
  if (bytes.length === 0) throw new InputError('The NZB is empty.', { code: 'NZB_INVALID' });
  if (bytes.length > MAX_NZB_BYTES) throw new TooLargeError('The NZB is larger than 100 MB.');
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes, maxBytes) : bytes;
}

/** Reads a document (not packed), giving way to others between slices. @throws {UnplayableError} `NZB_INVALID` */
export async function readNzb(bytes: Uint8Array, options: { readonly signal?: AbortSignal } = {}): Promise<Nzb> {
  const parser = new NzbParser();
  await givingWay(parser.pushing(bytes), options.signal);
  return givingWay(parser.finishing(), options.signal);
}

async function givingWay<Result>(steps: Generator<void, Result>, signal: AbortSignal | undefined): Promise<Result> {
  for (;;) {
    signal?.throwIfAborted();
    const step = steps.next();
    if (step.done === true) return step.value;
    await turn();
  }
}

/** How large a packed document says it is unpacked, a plain one as it is: a hint. */
export function unpackedSizeHint(bytes: Uint8Array): number {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes.length < 18) return bytes.length;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(bytes.length - 4);
}

/** Into one buffer of the size it announces, when that is true: it is never held twice. */
async function gunzip(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const announced = Math.min(unpackedSizeHint(bytes), maxBytes, MAX_RATIO * bytes.length);
  const whole = Buffer.allocUnsafeSlow(announced);
  const unpacking = createGunzip({ chunkSize: 256 * 1024 });
  unpacking.end(bytes);
  const parts: Uint8Array[] = [];
  let [filled, size] = [0, 0];
  try {
    for await (const part of unpacking as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > maxBytes) throw new TooLargeError(`The NZB is larger than ${maxBytes / 1e6} MB once unpacked.`);
      if (size > RATIO_FROM_BYTES && size > MAX_RATIO * bytes.length) throw invalid();
      if (size <= announced) {
        whole.set(part, filled);
        filled = size;
      } else parts.push(part);
    }
  } catch (error) {
    throw error instanceof TooLargeError || error instanceof UnplayableError ? error : invalid(error);
  }
  const beginning = whole.subarray(0, filled);
  return parts.length === 0 ? beginning : Buffer.concat([beginning, ...parts], size);
}

function invalid(cause?: unknown): UnplayableError {
  return new UnplayableError('The NZB cannot be unpacked.', 'NZB_INVALID', { cause });
}
