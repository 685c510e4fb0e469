// NZB documents as they come from outside: maybe packed with gzip, of any size. Unpacked within bounds, and read without
// holding up everybody else.

import { setImmediate as turn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { InputError, TooLargeError, UnplayableError } from '../../content/index.js';
import type { Nzb } from './nzb/nzb.js';
import { NzbParser } from './nzb/nzb-parser.js';

/** As it is sent. */
export const MAX_NZB_BYTES = 100 * 1000 * 1000;
/** Unpacked. */
const MAX_UNPACKED_BYTES = 400 * 1000 * 1000;
/** NZBs pack to a fifth or a tenth; far more than that is made to fill memory. */
const MAX_RATIO = 200;
const RATIO_FROM_BYTES = 4 * 1000 * 1000;
const SLICE_BYTES = 512 * 1024;

/**
 * The document itself: `bytes`, or what they hold when they are gzip.
 * @throws {InputError} `NZB_INVALID` when empty; {TooLargeError} over 100 MB, or 400 MB unpacked; {UnplayableError} `NZB_INVALID` when
 * it cannot be unpacked
 */
export async function decompressNzb(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes.length === 0) throw new InputError('The NZB is empty.', { code: 'NZB_INVALID' });
  if (bytes.length > MAX_NZB_BYTES) throw new TooLargeError('The NZB is larger than 100 MB.');
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes) : bytes;
}

/** Reads a document (not packed), giving way to others between slices. @throws {UnplayableError} `NZB_INVALID` */
export async function readNzb(bytes: Uint8Array, options: { readonly signal?: AbortSignal } = {}): Promise<Nzb> {
  const parser = new NzbParser();
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    options.signal?.throwIfAborted();
    parser.push(bytes.subarray(at, at + SLICE_BYTES));
    await turn();
  }
  return parser.finish();
}

async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const unpacking = createGunzip({ chunkSize: 256 * 1024 });
  unpacking.end(bytes);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of unpacking as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > MAX_UNPACKED_BYTES) throw new TooLargeError('The NZB is larger than 400 MB once unpacked.');
      if (size > RATIO_FROM_BYTES && size > MAX_RATIO * bytes.length) throw invalid();
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof TooLargeError || error instanceof UnplayableError ? error : invalid(error);
  }
  return Buffer.concat(parts, size);
}

function invalid(cause?: unknown): UnplayableError {
  return new UnplayableError('The NZB cannot be unpacked.', 'NZB_INVALID', { cause });
}
