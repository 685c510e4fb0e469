// Reads one block's header where it lies: plain, or encrypted behind a salt (RAR4) or a vector (RAR5) of its own.

import { createDecipheriv } from 'node:crypto';

import { corruptArchive } from './corrupt-archive.js';
import type { RarBlock } from './rar-block.js';
import { RAR4_PREFIX_BYTES, parseRar4Block, rar4HeaderBytes } from './rar4-block.js';
import { RAR5_PREFIX_BYTES, parseRar5Block, rar5HeaderBytes } from './rar5-block.js';
import type { VolumeWindow } from './volume-window.js';

export type RarFormat = 'rar4' | 'rar5';

/** Opens encrypted headers; `lead` is what precedes each. */
export interface HeaderKey {
  keyFor(lead: Uint8Array): Promise<{ readonly key: Uint8Array; readonly iv: Uint8Array }>;
}

/** A block and where its data begins, in its volume. */
export interface PlacedBlock<Block extends RarBlock = RarBlock> {
  readonly block: Block;
  readonly dataOffset: number;
}

const AES_BLOCK_BYTES = 16;
const DIALECTS = {
  rar4: { prefixBytes: RAR4_PREFIX_BYTES, headerBytes: rar4HeaderBytes, parse: parseRar4Block, leadBytes: 8 },
  rar5: { prefixBytes: RAR5_PREFIX_BYTES, headerBytes: rar5HeaderBytes, parse: parseRar5Block, leadBytes: 16 },
};

/** Bytes a header of `plainBytes` takes in its volume. */
export function storedHeaderBytes(plainBytes: number, format: RarFormat, isEncrypted: boolean): number {
  return isEncrypted ? DIALECTS[format].leadBytes + padded(plainBytes) : plainBytes;
}

/**
 * The block at `offset`, null where the volume ends instead.
 * @throws {UnplayableError} `ARCHIVE_CORRUPT`, also when `key` is wrong; what reading and `key` throw
 */
export async function readBlock(
  window: VolumeWindow,
  offset: number,
  format: RarFormat,
  key: HeaderKey | null,
): Promise<PlacedBlock | null> {
  const header =
    key === null ? await readPlain(window, offset, format) : await readEncrypted(window, offset, format, key);
  if (header === null) return null;
  const block = DIALECTS[format].parse(header);
  const dataOffset = offset + storedHeaderBytes(block.headerBytes, format, key !== null);
  if (!Number.isSafeInteger(dataOffset + block.dataBytes)) throw corruptArchive('a number is too large');
  return { block, dataOffset };
}

async function readPlain(window: VolumeWindow, offset: number, format: RarFormat): Promise<Uint8Array | null> {
  const { prefixBytes, headerBytes } = DIALECTS[format];
  const prefix = await window.read(offset, prefixBytes);
  if (prefix.length < prefixBytes) return null;
  const size = headerBytes(prefix);
  const header = await window.read(offset, size);
  return header.length < size ? null : header;
}

async function readEncrypted(
  window: VolumeWindow,
  offset: number,
  format: RarFormat,
  headerKey: HeaderKey,
): Promise<Uint8Array | null> {
  const { leadBytes, headerBytes } = DIALECTS[format];
  const start = await window.read(offset, leadBytes + AES_BLOCK_BYTES);
  if (start.length < leadBytes + AES_BLOCK_BYTES) return null;
  const { key, iv } = await headerKey.keyFor(start.subarray(0, leadBytes));
  const algorithm = format === 'rar5' ? 'aes-256-cbc' : 'aes-128-cbc';
  const decrypt = (bytes: Uint8Array): Uint8Array =>
    createDecipheriv(algorithm, key, iv).setAutoPadding(false).update(bytes);
  const size = headerBytes(decrypt(start.subarray(leadBytes)));
  const stored = padded(size);
  const bytes = await window.read(offset + leadBytes, stored);
  return bytes.length < stored ? null : decrypt(bytes).subarray(0, size);
}

function padded(bytes: number): number {
  return Math.ceil(bytes / AES_BLOCK_BYTES) * AES_BLOCK_BYTES;
}
