// Decides what a GET or HEAD for a file is answered with, from headers and facts alone. Pure: no socket, no bytes.

import { checkConditions, headerText, isRangeCurrent } from './conditions.js';
import type { RequestHeaders, Validators } from './conditions.js';
import { boundaryOf, multipartLayout, plainLayout } from './multipart.js';
import type { BodyLayout } from './multipart.js';
import { formatContentRange, parseRange } from './range.js';
import type { ByteRange } from '../content/index.js';

/** Headers that differ from those of the whole file. */
type Overrides = Readonly<Record<string, string>>;

/** The answer to be given; `body` also says how long it would be where none is sent (HEAD). */
export type Reply =
  | { readonly kind: 'not-modified' }
  | { readonly kind: 'precondition-failed' }
  | { readonly kind: 'unsatisfiable' }
  | { readonly kind: 'body'; readonly status: 200 | 206; readonly layout: BodyLayout; readonly headers: Overrides };

/** The file as far as an answer depends on it. */
export interface ReplySubject {
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly validators: Validators;
}

/** Preconditions first, then If-Range, then Range: the order of RFC 9110 §13.2.2. */
export function decideReply(headers: RequestHeaders, file: ReplySubject): Reply {
  const condition = checkConditions(headers, file.validators);
  if (condition === 'failed') return { kind: 'precondition-failed' };
  if (condition === 'not-modified') return { kind: 'not-modified' };
  const header = isRangeCurrent(headers, file.validators) ? headerText(headers, 'range') : undefined;
  const choice = parseRange(header, file.sizeBytes);
  if (choice.kind === 'unsatisfiable') return { kind: 'unsatisfiable' };
  return choice.kind === 'whole' ? wholeReply(file) : partialReply(choice.ranges, file);
}

function wholeReply(file: ReplySubject): Reply {
  return { kind: 'body', status: 200, layout: plainLayout({ start: 0, end: file.sizeBytes }), headers: {} };
}

function partialReply(ranges: readonly ByteRange[], file: ReplySubject): Reply {
  const [only] = ranges;
  if (only !== undefined && ranges.length === 1) {
    const headers = { 'Content-Range': formatContentRange(only, file.sizeBytes) };
    return { kind: 'body', status: 206, layout: plainLayout(only), headers };
  }
  const boundary = boundaryOf(file.validators.etag);
  const layout = multipartLayout(ranges, { boundary, mediaType: file.mediaType, sizeBytes: file.sizeBytes });
  return {
    kind: 'body',
    status: 206,
    layout,
    headers: { 'Content-Type': `multipart/byteranges; boundary=${boundary}` },
  };
}
