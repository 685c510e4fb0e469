// The openness of bytes and the addon's JSON: any page may read them, none may send its cookies along.

import type { IncomingMessage, ServerResponse } from 'node:http';

const ALLOWED_HEADERS = 'Range, X-Api-Key, Authorization, Content-Type';
const EXPOSED_HEADERS = 'Content-Length, Content-Range, Accept-Ranges, ETag';
const PREFLIGHT_SECONDS = 86_400;

/** Fits express and plain node alike. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

/** Sets the CORS headers and answers `OPTIONS` with 204. `methods` defaults to `GET, HEAD, OPTIONS`. */
export function byteCors(o: { readonly methods?: readonly string[] } = {}): Middleware {
  return (req, res, next) => {
    setCorsHeaders(res);
    if (req.method === 'OPTIONS') answerPreflight(res, o.methods);
    else next();
  };
}

/** `*` never goes with credentials: `Access-Control-Allow-Credentials` is not sent, and removed if somebody set it. */
export function setCorsHeaders(res: ServerResponse): void {
  res.removeHeader('Access-Control-Allow-Credentials');
  res.setHeader('Access-Control-Allow-Origin', '*');
  res.setHeader('Access-Control-Expose-Headers', EXPOSED_HEADERS);
  res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
}

/** Answers `OPTIONS`; the CORS headers must be set already. */
export function answerPreflight(res: ServerResponse, methods: readonly string[] = ['GET', 'HEAD', 'OPTIONS']): void {
  const list = methods.join(', ');
  res.statusCode = 204;
  res.setHeader('Allow', list);
  res.setHeader('Access-Control-Allow-Methods', list);
  res.setHeader('Access-Control-Allow-Headers', ALLOWED_HEADERS);
  res.setHeader('Access-Control-Max-Age', PREFLIGHT_SECONDS);
  res.end();
}
