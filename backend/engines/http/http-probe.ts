// What a server tells of a file: asks for its first byte, because what HEAD claims and what a range gives differ too often.

import { constants } from 'node:http2';
import { UnplayableError, UpstreamError } from '../../content/index.js';
import type { HttpClient } from '../../platform/index.js';
import { parseContentRange } from './content-range.js';
import { fileNameOf } from './file-name.js';

/** A file as it is on its server now. */
export interface RemoteFile {
  readonly url: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** Fit for `If-Range` (RFC 9110 §13.1.5): a strong ETag, else a date; null where the server has neither. */
  readonly validator: string | null;
  readonly modifiedAt: Date | null;
}

const { HTTP_STATUS_OK, HTTP_STATUS_PARTIAL_CONTENT, HTTP_STATUS_NOT_FOUND, HTTP_STATUS_GONE } = constants;
const { HTTP_STATUS_RANGE_NOT_SATISFIABLE, HTTP_STATUS_UNAUTHORIZED, HTTP_STATUS_FORBIDDEN } = constants;

/**
 * Looks a file up.
 * @throws {UpstreamError} RANGE_UNSUPPORTED, HTTP_REFUSED, UPSTREAM; {UnplayableError} FILE_MISSING, FILE_EMPTY
 */
export async function probeFile(
  client: HttpClient,
  url: string,
  options: { readonly signal: AbortSignal },
): Promise<RemoteFile> {
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  try {
    const answer = await client.stream(url, { signal, headers: { range: 'bytes=0-0' } });
    assertPartial(answer.status, answer.headers, url);
    const sizeBytes = parseContentRange(answer.headers['content-range'])?.sizeBytes ?? null;
    if (sizeBytes === null) throw rangeUnsupported(url);
    return { url, name: fileNameOf(answer.url, answer.headers), sizeBytes, ...validity(answer.headers) };
  } finally {
    ending.abort();
  }
}

/** Fit for `If-Range`, and the date of the last change, as an answer's headers tell. */
export function validity(headers: Readonly<Record<string, string>>): Pick<RemoteFile, 'validator' | 'modifiedAt'> {
  const { etag, 'last-modified': lastModified } = headers;
  const ms = Date.parse(lastModified ?? '');
  const modifiedAt = Number.isFinite(ms) && ms > 0 ? new Date(ms) : null;
  if (etag !== undefined && /^"[^"]*"$/.test(etag)) return { validator: etag, modifiedAt };
  return { validator: modifiedAt === null ? null : (lastModified ?? null), modifiedAt };
}

/** @throws unless the answer is a part of the file. */
export function assertPartial(status: number, headers: Readonly<Record<string, string>>, url: string): void {
  if (status === HTTP_STATUS_PARTIAL_CONTENT) return;
  const { hostname } = new URL(url);
  switch (status) {
    case HTTP_STATUS_OK:
      throw rangeUnsupported(url);
    case HTTP_STATUS_NOT_FOUND:
    case HTTP_STATUS_GONE:
      throw new UnplayableError(`${hostname} has no such file.`, 'FILE_MISSING');
    case HTTP_STATUS_RANGE_NOT_SATISFIABLE:
      if (parseContentRange(headers['content-range'])?.sizeBytes !== 0) throw rangeUnsupported(url);
      throw new UnplayableError('The file is empty.', 'FILE_EMPTY');
    case HTTP_STATUS_UNAUTHORIZED:
    case HTTP_STATUS_FORBIDDEN:
      throw new UpstreamError(`${hostname} refuses access (${status}).`, 'HTTP_REFUSED');
    default:
      throw new UpstreamError(`${hostname} answered with status ${status}.`, 'UPSTREAM');
  }
}

function rangeUnsupported(url: string): UpstreamError {
  return new UpstreamError(`${new URL(url).hostname} cannot give parts of the file.`, 'RANGE_UNSUPPORTED');
}
