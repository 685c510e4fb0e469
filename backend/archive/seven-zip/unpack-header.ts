// A packed (and perhaps encrypted) 7z header in memory, made plain.

import { createDecipheriv } from 'node:crypto';
import { headerCrc } from '../header-crc.js';
import { passwordNeeded, unsupported } from '../refusals.js';
import { damaged } from './byte-reader.js';
import { describeFolder, LZMA, LZMA2 } from './coders.js';
import type { KeyRing } from './key-ring.js';
import { decodeLzma, decodeLzma2 } from './lzma-decoder.js';
import { MAX_HEADER_BYTES } from './parse-header.js';
import type { Coder, Folder } from './streams-info.js';

export interface UnpackedHeader {
  readonly bytes: Uint8Array;
  /** The one that fits; null when none was needed. */
  readonly password: string | null;
}

/**
 * `packed` are the bytes of the folder's stream. Tries the passwords in order.
 * @throws {UnplayableError} `ARCHIVE_PASSWORD` when none fits, `ARCHIVE_UNSUPPORTED` when it is damaged
 */
export async function unpackHeader(
  packed: Uint8Array,
  folder: Folder,
  { passwords, keys }: { readonly passwords: readonly string[]; readonly keys: KeyRing },
): Promise<UnpackedHeader> {
  if (folder.sizes.some((size) => size > MAX_HEADER_BYTES)) throw unsupported('The header of the 7z is too large.');
  const { aes } = describeFolder(folder);
  if (aes === null) return { bytes: unpackWith(packed, folder, null), password: null };
  for (const password of passwords) {
    const key = await keys.keyOf(password, aes);
    try {
      return { bytes: unpackWith(packed, folder, { key, iv: aes.iv }), password };
    } catch {
      // What comes out of a wrong password is no header: the next one may fit.
    }
  }
  throw passwordNeeded();
}

interface Cipher {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

function unpackWith(packed: Uint8Array, folder: Folder, cipher: Cipher | null): Uint8Array {
  let bytes = packed;
  (folder.chain ?? []).forEach((coder, index) => {
    bytes = undo(coder, bytes, folder.sizes[index] ?? 0, cipher);
  });
  if (bytes.length < folder.sizeBytes || folder.chain === null) throw damaged();
  bytes = bytes.subarray(0, folder.sizeBytes);
  if (folder.crc32 !== null && headerCrc(bytes) !== folder.crc32) throw damaged();
  return bytes;
}

function undo(coder: Coder, bytes: Uint8Array, sizeBytes: number, cipher: Cipher | null): Uint8Array {
  switch (coder.id) {
    case '00':
      return bytes;
    case LZMA:
      return decodeLzma(bytes, coder.properties, sizeBytes);
    case LZMA2:
      return decodeLzma2(bytes, sizeBytes);
    case '06f10701': {
      if (cipher === null || bytes.length % 16 !== 0) throw damaged();
      const decipher = createDecipheriv('aes-256-cbc', cipher.key, cipher.iv).setAutoPadding(false);
      return decipher.update(bytes).subarray(0, sizeBytes);
    }
    default:
      throw unsupported('The header of the 7z archive is packed in a way that is not known.');
  }
}
