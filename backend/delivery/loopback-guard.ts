// Without keys, a page in the same machine's browser is the only stranger left: it is told by its Host or Origin.

import { AccessError } from '../content/index.js';
import type { Middleware } from './byte-cors.js';
import { isLoopbackName, parseAuthority } from './host.js';
import { sendError } from './send-error.js';

/**
 * For `AUTH=none`: refuses a Host that is not loopback (DNS rebinding) and an Origin that is neither loopback nor listed
 * in `allowedOrigins`. Programs send no Origin and pass.
 */
export function loopbackGuard(o: { readonly allowedOrigins?: readonly string[] } = {}): Middleware {
  return (req, res, next) => {
    const host = parseAuthority(req.headers.host ?? '');
    const isHome = host !== null && isLoopbackName(host.name);
    const { origin } = req.headers;
    if (isHome && (origin === undefined || isKnownOrigin(origin, o.allowedOrigins ?? []))) return next();
    sendError(res, new AccessError('This server answers programs on its own machine only.', 'FORBIDDEN'));
  };
}

function isKnownOrigin(origin: string, allowed: readonly string[]): boolean {
  if (allowed.includes(origin)) return true;
  const match = /^https?:\/\/([^/]+)$/i.exec(origin);
  const authority = match?.[1] === undefined ? null : parseAuthority(match[1]);
  return authority !== null && isLoopbackName(authority.name);
}
