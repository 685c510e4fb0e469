// The frame of multipart/byteranges (RFC 9110 §14.6). Pure; the bytes of the parts come from elsewhere.

import { createHash } from 'node:crypto';
import type { ByteRange } from '../content/index.js';
import { formatContentRange } from './range.js';

/** One part: what is written before its bytes, and which bytes. */
export interface BodyPart {
  readonly preamble: Buffer | null;
  readonly range: ByteRange;
}

/** A whole body: its parts in order, what follows them, and its exact length. */
export interface BodyLayout {
  readonly parts: readonly BodyPart[];
  readonly closing: Buffer | null;
  readonly lengthBytes: number;
}

/** The body that is one range and nothing else. */
export function plainLayout(range: ByteRange): BodyLayout {
  return { parts: [{ preamble: null, range }], closing: null, lengthBytes: range.end - range.start };
}

/**
 * The boundary for a file: derived from its ETag, so that HEAD and GET announce the same one. A file cannot contain it by
 * accident, nor on purpose where the ETag comes from a hash of the content.
 */
export function boundaryOf(etag: string): string {
  return `headstart-${createHash('sha256').update(`boundary ${etag}`).digest('hex').slice(0, 32)}`;
}

/** The body for several ranges of one file. */
export function multipartLayout(
  ranges: readonly ByteRange[],
  o: { readonly boundary: string; readonly mediaType: string; readonly sizeBytes: number },
): BodyLayout {
  const parts = ranges.map((range, index) => ({ range, preamble: Buffer.from(preambleOf(range, index), 'latin1') }));
  const closing = Buffer.from(`\r\n--${o.boundary}--\r\n`, 'latin1');
  const framed = parts.reduce((sum, { preamble, range }) => sum + preamble.length + (range.end - range.start), 0);
  return { parts, closing, lengthBytes: framed + closing.length };

  function preambleOf(range: ByteRange, index: number): string {
    const lead = index === 0 ? '' : '\r\n';
    const contentRange = formatContentRange(range, o.sizeBytes);
    return `${lead}--${o.boundary}\r\nContent-Type: ${o.mediaType}\r\nContent-Range: ${contentRange}\r\n\r\n`;
  }
}
