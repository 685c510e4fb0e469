// Who may change what the admin alone may: the API key, or a session of the pages in a request that only a page of ours can
// have sent. A browser sends the session's cookie along by itself; the rest of this file is about whether it was meant.

import type { Request, RequestHandler } from 'express';
import { AccessError, InputError } from '../content/index.js';
import { hasKey, type KeyAccess } from './guard.js';

/** What tells the admin from others. */
export interface AdminAccess {
  readonly access: KeyAccess;
  /** True when the request carries a session of the pages. */
  readonly isSignedIn: (req: Request) => boolean;
  /** Origin (and path prefix) that the caller used. */
  readonly originOf: (req: Request) => string;
}

/**
 * Lets pass who has the API key, and everybody with `AUTH=none` (other pages are kept out there before). A session counts
 * only where the browser says that a page of ours asks, and what is sent must be JSON, which no form of a foreign page is.
 * Hands others to the next error handler: `UNAUTHORIZED`, `FORBIDDEN`, or `INPUT` for another type.
 */
export function requireAdmin({ access, isSignedIn, originOf }: AdminAccess): RequestHandler {
  return (req, _res, next) => {
    if (access.isOpen || hasKey(req, access)) return next();
    if (!isSignedIn(req)) {
      return next(new AccessError('The API key is needed, and this is not it or none was sent.', 'UNAUTHORIZED'));
    }
    if (!isFromOwnPage(req, originOf(req))) {
      return next(new AccessError('This was not asked by a page of this server.', 'FORBIDDEN'));
    }
    if (['POST', 'PUT'].includes(req.method) && !isJson(req)) {
      return next(new InputError('Send it as JSON (Content-Type: application/json).'));
    }
    next();
  };
}

/**
 * By `Sec-Fetch-Site`; where the browser sends none (plain http on a local network) by `Origin`, which comes with every
 * request that changes something. Reading needs neither: what a foreign page would get, its browser keeps from it.
 */
function isFromOwnPage(req: Request, ownOrigin: string): boolean {
  const isReading = req.method === 'GET' || req.method === 'HEAD';
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || (isReading && site === 'none');
  const { origin } = req.headers;
  return origin === undefined ? isReading : origin === new URL(ownOrigin).origin;
}

function isJson(req: Request): boolean {
  return /^application\/json\s*(?:;|$)/i.test(req.headers['content-type'] ?? '');
}
