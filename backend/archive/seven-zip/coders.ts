// Which coders of 7z are understood: none at all, AES, and LZMA for headers.

import type { Folder } from './streams-info.js';
import type { AesSettings } from './aes-key.js';
import { parseAesSettings } from './aes-key.js';

const COPY = '00';
const AES = '06f10701';
export const LZMA = '030101';
export const LZMA2 = '21';

export interface StoredFolder {
  readonly isStored: boolean;
  /** Null when it is not encrypted. */
  readonly aes: AesSettings | null;
}

/** How a folder's bytes lie in the archive: as they are, encrypted, or packed. @throws {UnplayableError} */
export function describeFolder({ chain }: Folder): StoredFolder {
  if (chain === null) return { isStored: false, aes: null };
  const encrypted = chain.filter(({ id }) => id === AES);
  const isStored = chain.every(({ id }) => id === COPY || id === AES) && encrypted.length <= 1;
  return { isStored, aes: encrypted[0] === undefined ? null : parseAesSettings(encrypted[0].properties) };
}
