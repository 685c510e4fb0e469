// `Content-Range` of an answer (RFC 9110 §14.4). Pure.

import type { ByteRange } from '../../content/index.js';

/** What an answer covers; `range` is null where it covers nothing (`bytes *` + `/N`), `sizeBytes` where it is not told. */
export interface ContentRange {
  readonly range: ByteRange | null;
  readonly sizeBytes: number | null;
}

/** Null for anything malformed or in another unit. */
export function parseContentRange(header: string | undefined): ContentRange | null {
  const match = /^\s*bytes\s+(?:(\d{1,15})-(\d{1,15})|\*)\/(?:(\d{1,15})|\*)\s*$/i.exec(header ?? '');
  if (match === null) return null;
  const [, first, last, size] = match;
  const sizeBytes = size === undefined ? null : Number(size);
  if (first === undefined || last === undefined) return { range: null, sizeBytes };
  const range = { start: Number(first), end: Number(last) + 1 };
  const isSound = range.start < range.end && (sizeBytes === null || range.end <= sizeBytes);
  return isSound ? { range, sizeBytes } : null;
}
