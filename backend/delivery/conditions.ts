// Conditional requests (RFC 9110 §13): whether the client's copy is still good, and whether its Range still fits.
// Pure; header names are lower case.

import { parseHttpDate } from './http-date.js';

/** Request headers as node gives them: lower-case names. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What identifies the bytes now. `lastModifiedMs` is whole seconds in ms, null when unknown. */
export interface Validators {
  /** Strong, with its quotes. */
  readonly etag: string;
  readonly lastModifiedMs: number | null;
}

/** Evaluates the preconditions of a GET or HEAD in the order of RFC 9110 §13.2.2. */
export function checkConditions(headers: RequestHeaders, now: Validators): 'proceed' | 'not-modified' | 'failed' {
  const ifMatch = headerText(headers, 'if-match');
  if (ifMatch !== undefined) {
    if (!listMatches(ifMatch, now.etag, 'strong')) return 'failed';
  } else if (isModifiedSince(headerText(headers, 'if-unmodified-since'), now) === true) {
    return 'failed';
  }
  const ifNoneMatch = headerText(headers, 'if-none-match');
  if (ifNoneMatch !== undefined) return listMatches(ifNoneMatch, now.etag, 'weak') ? 'not-modified' : 'proceed';
  return isModifiedSince(headerText(headers, 'if-modified-since'), now) === false ? 'not-modified' : 'proceed';
}

/**
 * Whether the Range header may be used: no If-Range, or one that names exactly these bytes. A date counts when it equals
 * Last-Modified; it is a strong validator here because the bytes behind one id never change (RFC 9110 §8.8.2.2).
 */
export function isRangeCurrent(headers: RequestHeaders, now: Validators): boolean {
  const ifRange = headerText(headers, 'if-range');
  if (ifRange === undefined) return true;
  if (ifRange.startsWith('"') || ifRange.startsWith('W/')) return ifRange === now.etag;
  const date = parseHttpDate(ifRange);
  return date !== null && date === now.lastModifiedMs;
}

/** One header as text: repeated ones joined, as the RFC's lists are. */
export function headerText(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  const text = Array.isArray(value) ? value.join(', ') : value;
  return text?.trim();
}

/** Null: no date to compare with. */
function isModifiedSince(text: string | undefined, now: Validators): boolean | null {
  const date = text === undefined ? null : parseHttpDate(text);
  return date === null || now.lastModifiedMs === null ? null : now.lastModifiedMs > date;
}

/** A malformed list matches nothing beyond what was readable before the fault. */
function listMatches(list: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (list === '*') return true;
  const entry = /[ \t,]*(W\/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?:,|$)/y;
  for (let match = entry.exec(list); match !== null; match = entry.exec(list)) {
    const isComparable = comparison === 'weak' || match[1] === undefined;
    if (isComparable && match[2] === etag) return true;
  }
  return false;
}
