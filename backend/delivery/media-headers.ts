// The headers that every answer about a media file carries. Reads the request that belongs to the response; writes no body.

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MediaFile } from '../content/index.js';
import { setCorsHeaders } from './byte-cors.js';
import { headerText } from './conditions.js';
import type { Validators } from './conditions.js';
import { formatDisposition } from './disposition.js';
import { formatHttpDate } from './http-date.js';
import { mediaTypeOf } from './media-type.js';

/** What is known of a file so far. A length is announced only where it is exact. */
export interface MediaFacts {
  readonly name: string;
  readonly sizeBytes?: number;
  /** A MediaFile's `id`; the ETag is made from it. */
  readonly id?: string;
  readonly modifiedAt?: Date;
  /** Default true: a URL is taken for a secret unless the caller knows better. */
  readonly isSecretUrl?: boolean;
}

/**
 * Sets every header that does not depend on ranges: type, disposition (`?download=true` asks for `attachment`), length and
 * validators when known, caching, CORS, DLNA. For `HEAD` before the content is known, set these and end the response.
 */
export function setMediaHeaders(res: ServerResponse, facts: MediaFacts): void {
  setCorsHeaders(res);
  setDlnaHeaders(res);
  res.setHeader('Accept-Ranges', 'bytes');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Content-Type', mediaTypeOf(facts.name));
  res.setHeader('Content-Disposition', formatDisposition(isDownload(res.req) ? 'attachment' : 'inline', facts.name));
  if (facts.isSecretUrl !== false) res.setHeader('Cache-Control', 'private, no-store');
  if (facts.sizeBytes !== undefined) res.setHeader('Content-Length', facts.sizeBytes);
  if (facts.id !== undefined) res.setHeader('ETag', etagOf(facts.id, facts.sizeBytes));
  if (facts.modifiedAt !== undefined) setLastModified(res, facts.modifiedAt);
}

/** What identifies a file's bytes to clients; equal after a restart as long as `id`, size and `modifiedAt` are. */
export function validatorsOf(file: Pick<MediaFile, 'id' | 'sizeBytes' | 'modifiedAt'>): Validators {
  return { etag: etagOf(file.id, file.sizeBytes), lastModifiedMs: wholeSeconds(file.modifiedAt) };
}

/** A strong validator that says nothing of the id it is made from. */
function etagOf(id: string, sizeBytes: number | undefined): string {
  return `"${createHash('sha256')
    .update(`${id}\n${sizeBytes ?? ''}`)
    .digest('hex')
    .slice(0, 32)}"`;
}

function setLastModified(res: ServerResponse, modifiedAt: Date): void {
  const seconds = wholeSeconds(modifiedAt);
  if (seconds !== null) res.setHeader('Last-Modified', formatHttpDate(seconds));
}

function wholeSeconds(date: Date): number | null {
  const epoch = date.getTime();
  return Number.isFinite(epoch) ? Math.floor(epoch / 1000) * 1000 : null;
}

/** DLNA guidelines 7.5.4.3: renderers ask for these before they play; their values come in any case. */
function setDlnaHeaders(res: ServerResponse): void {
  const { headers } = res.req;
  if (headerText(headers, 'transfermode.dlna.org')?.toLowerCase() === 'streaming') {
    res.setHeader('transferMode.dlna.org', 'Streaming');
  }
  if (headerText(headers, 'getcontentfeatures.dlna.org') === '1') {
    res.setHeader('contentFeatures.dlna.org', 'DLNA.ORG_OP=01;DLNA.ORG_CI=0');
  }
}

function isDownload(req: IncomingMessage): boolean {
  const query = req.url?.split('?', 2)[1];
  return query !== undefined && new URLSearchParams(query).get('download') === 'true';
}
