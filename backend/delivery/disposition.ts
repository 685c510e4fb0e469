// Content-Disposition (RFC 6266, RFC 8187) for names from outside. Pure.

import { encodeExtended } from 'content-disposition';

const MAX_NAME_LENGTH = 240;

export type DispositionType = 'inline' | 'attachment';

/**
 * Header value for a file: `filename*` first, which every current client reads, and a quoted ASCII `filename` behind it
 * for those that read nothing else (curl). Folders, control characters and lone surrogates are replaced.
 */
export function formatDisposition(type: DispositionType, name: string): string {
  const safe = safeName(name);
  return `${type}; filename*=${encodeExtended(safe)}; filename=${quoteAscii(safe)}`;
}

/** As `formatDisposition`, but the plain name comes first, and alone when it is ASCII. */
export function formatPlainDisposition(type: DispositionType, name: string): string {
  const safe = safeName(name);
  const quoted = quoteAscii(safe);
  const isPlain = /^[\x20-\x7e]*$/.test(safe) && !safe.includes('%');
  return isPlain ? `${type}; filename=${quoted}` : `${type}; filename=${quoted}; filename*=${encodeExtended(safe)}`;
}

function safeName(name: string): string {
  const clean = name.replace(/[\x00-\x1f\x7f/\\]/g, '_').replace(/\p{Surrogate}/gu, '\ufffd');
  return clean.length <= MAX_NAME_LENGTH ? clean : shorten(clean);
}

/** Keeps the extension: it is what a player goes by. */
function shorten(name: string): string {
  const extension = /\.[^.]{1,10}$/.exec(name)?.[0] ?? '';
  return name.slice(0, MAX_NAME_LENGTH - extension.length).replace(/\p{Surrogate}$/u, '') + extension;
}

/** `%` goes because some clients decode it even here (RFC 6266 appendix D). */
function quoteAscii(name: string): string {
  return `"${name.replace(/[^\x20-\x7e]|%/gu, '_').replace(/"/g, '\\"')}"`;
}
