// Finds where a RAR archive begins: at once, or behind the program of a self-extractor.

import { unsupported } from '../refusals.js';
import type { RarFormat } from './block-reader.js';
import type { VolumeWindow } from './volume-window.js';

export interface FoundSignature {
  readonly format: RarFormat;
  readonly start: number;
  readonly end: number;
}

const RAR4 = Uint8Array.of(0x52, 0x61, 0x72, 0x21, 0x1a, 0x07, 0x00);
const RAR5 = Uint8Array.of(0x52, 0x61, 0x72, 0x21, 0x1a, 0x07, 0x01, 0x00);
/** The longest program that is searched. */
const MAX_STUB_BYTES = 1024 * 1024;

/** @throws {UnplayableError} `ARCHIVE_UNSUPPORTED` when there is none; what reading throws */
export async function findSignature(window: VolumeWindow): Promise<FoundSignature> {
  const head = await window.read(0, RAR5.length);
  const found = signatureAt(head, 0);
  if (found !== null) return found;
  if (isProgram(head)) {
    const stub = Buffer.from(await window.read(0, MAX_STUB_BYTES));
    for (let at = stub.indexOf(RAR4.subarray(0, 6)); at !== -1; at = stub.indexOf(RAR4.subarray(0, 6), at + 1)) {
      const behind = signatureAt(stub, at);
      if (behind !== null) return behind;
    }
  }
  throw unsupported('This is no RAR archive that can be opened here.');
}

function signatureAt(bytes: Uint8Array, start: number): FoundSignature | null {
  const begins = (magic: Uint8Array): boolean => magic.every((byte, at) => bytes[start + at] === byte);
  if (begins(RAR5)) return { format: 'rar5', start, end: start + RAR5.length };
  return begins(RAR4) ? { format: 'rar4', start, end: start + RAR4.length } : null;
}

function isProgram(head: Uint8Array): boolean {
  return (head[0] === 0x4d && head[1] === 0x5a) || (head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c);
}
