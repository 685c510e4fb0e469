// What a Range header asks of a file of known size (RFC 9110 §14.1). Pure; knows nothing of HTTP messages.

import type { ByteRange } from '../content/index.js';

/** More parts than this after merging, and the header is ignored (RFC 9110 §14.2 allows it, §17.15 says why). */
export const MAX_RANGE_PARTS = 16;

/** `whole`: no usable header, answer as if there were none. `partial`: at least one range, each inside the file. */
export type RangeChoice =
  | { readonly kind: 'whole' }
  | { readonly kind: 'unsatisfiable' }
  | { readonly kind: 'partial'; readonly ranges: readonly ByteRange[] };

const WHOLE: RangeChoice = { kind: 'whole' };
const UNSATISFIABLE: RangeChoice = { kind: 'unsatisfiable' };

/**
 * Reads a Range header for a file of `sizeBytes`. Malformed, foreign or too many ranges are `whole`; overlapping ones
 * are merged and keep the order of the request; those outside the file are dropped. Never throws. Costs
 * O(n log n) of the number of ranges, which the HTTP parser's limit on header bytes bounds.
 */
export function parseRange(header: string | undefined, sizeBytes: number): RangeChoice {
  const specs = header === undefined ? null : splitSpecs(header);
  if (specs === null) return WHOLE;
  const ranges: ByteRange[] = [];
  for (const spec of specs) {
    const range = parseSpec(spec, sizeBytes);
    if (range === 'malformed') return WHOLE;
    if (range !== 'outside') ranges.push(range);
  }
  if (ranges.length === 0) return UNSATISFIABLE;
  const merged = mergeOverlaps(ranges);
  return merged.length > MAX_RANGE_PARTS ? WHOLE : { kind: 'partial', ranges: merged };
}

/** The value of `Content-Range` for one range: positions are inclusive here and nowhere else. */
export function formatContentRange(range: ByteRange, sizeBytes: number): string {
  return `bytes ${range.start}-${range.end - 1}/${sizeBytes}`;
}

/** The value of `Content-Range` that tells the size to whoever asked outside the file. */
export function formatUnsatisfied(sizeBytes: number): string {
  return `bytes */${sizeBytes}`;
}

/** Null when the unit is not bytes or nothing is asked. Empty list elements are skipped (RFC 9110 §5.6.1.2). */
function splitSpecs(header: string): string[] | null {
  const equals = header.indexOf('=');
  if (equals < 0 || header.slice(0, equals).toLowerCase() !== 'bytes') return null;
  const specs = header
    .slice(equals + 1)
    .split(',')
    .map((spec) => spec.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((spec) => spec !== '');
  return specs.length === 0 ? null : specs;
}

function parseSpec(spec: string, sizeBytes: number): ByteRange | 'malformed' | 'outside' {
  const match = /^(\d*)-(\d*)$/.exec(spec);
  if (match === null) return 'malformed';
  const [first = '', last = ''] = match.slice(1);
  if (first === '') return last === '' ? 'malformed' : suffixRange(Number(last), sizeBytes);
  const start = Number(first);
  const lastPosition = last === '' ? Infinity : Number(last);
  if (start > lastPosition) return 'malformed';
  if (start >= sizeBytes) return 'outside';
  return { start, end: Math.min(lastPosition + 1, sizeBytes) };
}

function suffixRange(length: number, sizeBytes: number): ByteRange | 'outside' {
  if (length === 0 || sizeBytes === 0) return 'outside';
  return { start: Math.max(0, sizeBytes - length), end: sizeBytes };
}

/** Merged ranges stand where the first of them stood in the request (RFC 9110 §15.3.7.2). */
function mergeOverlaps(ranges: readonly ByteRange[]): ByteRange[] {
  const sorted = ranges.map((range, order) => ({ ...range, order })).sort((a, b) => a.start - b.start);
  const merged: { start: number; end: number; order: number }[] = [];
  for (const range of sorted) {
    const previous = merged.at(-1);
    if (previous !== undefined && range.start < previous.end) {
      previous.end = Math.max(previous.end, range.end);
      previous.order = Math.min(previous.order, range.order);
    } else {
      merged.push(range);
    }
  }
  return merged.sort((a, b) => a.order - b.order).map(({ start, end }) => ({ start, end }));
}
