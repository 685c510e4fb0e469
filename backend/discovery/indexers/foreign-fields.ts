// Single values of an indexer's answer, made safe: one line, bounded, in range, or null. Pure.

import type { InfoHash } from '../../content/index.js';
import { normalizeInfoHash } from '../../engines/torrent/index.js';

const MAX_URL_CHARACTERS = 4_096;
/** Nothing that is offered as one release is larger; what claims to be, lies. */
const MAX_SIZE_BYTES = 100 * 1024 ** 4;
const MAX_COUNT = 10_000_000;
/** Before there were releases, and after anybody reads this. */
const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);
const MAX_DATE_CHARACTERS = 64;
/** Without one, JavaScript takes any number for a date. */
const YEAR = /\b(?:19|20)\d\d\b/;

/** `text` as one line of at most `maxCharacters`, without control and direction characters; '' when nothing is left. */
export function oneLine(text: string, maxCharacters: number): string {
  const line = text
    .slice(0, maxCharacters * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= maxCharacters ? line : [...line.slice(0, maxCharacters)].slice(0, -1).join('').trim();
}

/** An http or https address of at most 4096 characters. */
export function keepUrl(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '' || trimmed.length > MAX_URL_CHARACTERS || !URL.canParse(trimmed)) return null;
  const url = new URL(trimmed);
  const isUsable = /^https?:$/.test(url.protocol) && url.hostname !== '' && url.href.length <= MAX_URL_CHARACTERS;
  return isUsable ? url.href : null;
}

/** Bytes of a whole release; nothing, less than nothing and more than 100 TiB are not told. */
export function keepSize(text: string | number | null | undefined): number | null {
  const size = wholeNumber(text);
  return size !== null && size > 0 && size <= MAX_SIZE_BYTES ? size : null;
}

/** How many seed or leech, at most ten millions. */
export function keepCount(text: string | number | null | undefined): number | null {
  const count = wholeNumber(text);
  return count !== null && count >= 0 && count <= MAX_COUNT ? count : null;
}

/** Epoch ms of a date as RFC 2822 or ISO 8601 write it, between 1990 and 2100. */
export function keepDate(text: string | null | undefined): number | null {
  if (text === null || text === undefined || text.length > MAX_DATE_CHARACTERS || !YEAR.test(text)) return null;
  const at = Date.parse(text);
  return at >= EARLIEST && at < LATEST ? at : null;
}

/** Hexadecimal or base32. */
export function keepInfoHash(text: string | null | undefined): InfoHash | null {
  try {
    return normalizeInfoHash((text ?? '').trim());
  } catch {
    return null;
  }
}

function wholeNumber(value: string | number | null | undefined): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  const text = value?.trim() ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
