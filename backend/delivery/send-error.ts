// Answers a request with an error as JSON, or, when an answer has begun, cuts it. Logs nothing: the caller does, once.

import type { ServerResponse } from 'node:http';
import { RangeNotSatisfiableError } from '../content/index.js';
import { httpStatusOf, isAbort, publicErrorOf, retryAfterOf } from './error-table.js';
import type { Audience, PublicError } from './error-table.js';
import { formatUnsatisfied } from './range.js';

/** Shapes the JSON of an error for a dialect that has its own. */
export type ErrorBody = (error: PublicError & { readonly status: number }) => unknown;

export interface SendErrorOptions {
  /** Default `api`. */
  readonly audience?: Audience;
  /** Default `{error: message, code}`. */
  readonly body?: ErrorBody;
}

const HEADERS_OF_THE_FILE = [
  'Content-Disposition',
  'Content-Length',
  'Content-Range',
  'Content-Type',
  'ETag',
  'Last-Modified',
];

/**
 * Sends status, JSON, and `Retry-After`, `Content-Range` or `WWW-Authenticate` where they belong. Once a header is out
 * the socket is destroyed instead, so that half an answer never looks whole. Nothing is sent to who has gone. Headers
 * already set stay, those that describe a file do not.
 */
export function sendError(res: ServerResponse, error: unknown, o: SendErrorOptions = {}): void {
  if (res.destroyed || res.writableEnded) return;
  if (res.headersSent || (isAbort(error) && isDisconnected(res))) {
    res.destroy();
    return;
  }
  const status = httpStatusOf(error, o.audience);
  const told = publicErrorOf(error);
  const content = o.body?.({ ...told, status }) ?? { error: told.message, code: told.code };
  for (const name of HEADERS_OF_THE_FILE) res.removeHeader(name);
  setErrorHeaders(res, error, status, o.audience);
  sendJson(res, status, content);
}

/** Refuses a method that delivery does not answer. */
export function refuseMethod(res: ServerResponse): void {
  res.setHeader('Allow', 'GET, HEAD, OPTIONS');
  sendJson(res, 405, { error: 'Only GET, HEAD and OPTIONS are answered here.', code: 'METHOD_NOT_ALLOWED' });
}

/** Refuses a request whose own condition does not hold (RFC 9110 §15.5.13). */
export function refuseCondition(res: ServerResponse): void {
  sendJson(res, 412, { error: 'The file is not the one the request named.', code: 'PRECONDITION_FAILED' });
}

function setErrorHeaders(res: ServerResponse, error: unknown, status: number, audience?: Audience): void {
  const retryAfter = retryAfterOf(error, audience);
  if (retryAfter !== null) res.setHeader('Retry-After', retryAfter);
  if (error instanceof RangeNotSatisfiableError) res.setHeader('Content-Range', formatUnsatisfied(error.sizeBytes));
  if (status === 401 && !res.hasHeader('WWW-Authenticate'))
    res.setHeader('WWW-Authenticate', 'Bearer realm="Headstart"');
}

function sendJson(res: ServerResponse, status: number, content: unknown): void {
  const body = Buffer.from(JSON.stringify(content), 'utf8');
  res.statusCode = status;
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', body.length);
  res.setHeader('X-Content-Type-Options', 'nosniff');
  if (!res.hasHeader('Cache-Control')) res.setHeader('Cache-Control', 'no-store');
  res.end(body);
}

function isDisconnected(res: ServerResponse): boolean {
  return res.req.socket.destroyed;
}
