// The written forms of an infohash.

import type { InfoHash } from '../../content/index.js';
import { InputError, isInfoHash } from '../../content/index.js';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * Reads 40 hex characters or 32 base32 characters (RFC 4648 §6) of any case, as magnets write infohashes (BEP 9).
 * @throws {InputError} for anything else.
 */
export function normalizeInfoHash(text: string): InfoHash {
  const lower = text.toLowerCase();
  if (isInfoHash(lower)) return lower;
  const decoded = /^[a-z2-7]{32}$/.test(lower) ? hexOfBase32(lower) : '';
  if (isInfoHash(decoded)) return decoded;
  throw new InputError('An infohash is 40 hexadecimal or 32 base32 characters.');
}

/** 32 characters of 5 bits are 20 bytes exactly. */
function hexOfBase32(text: string): string {
  let value = 0n;
  for (const character of text) value = value * 32n + BigInt(BASE32.indexOf(character));
  return value.toString(16).padStart(40, '0');
}
