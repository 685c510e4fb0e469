// The cookie that carries a session, and how it is told from a forged request. Knows headers, not what a session opens.

import type { IncomingMessage } from 'node:http';

const NAME = 'headstart_session';
const TOKEN = /^[\w-]{16,256}$/;

/** The session token a request carries, or null. */
export function readSessionCookie(req: Pick<IncomingMessage, 'headers'>): string | null {
  for (const pair of (req.headers.cookie ?? '').slice(0, 8192).split(';')) {
    const [name, value] = pair.split('=', 2);
    if (name?.trim() === NAME && value !== undefined && TOKEN.test(value.trim())) return value.trim();
  }
  return null;
}

export interface CookieOptions {
  /** The origin the browser uses: decides `Secure` and `Path`. */
  readonly origin: string;
  /** Whole seconds from now; 0 takes the cookie back. */
  readonly maxAgeSeconds: number;
}

/** A `Set-Cookie` value (RFC 6265): not readable by scripts, never sent along from another site. */
export function formatSessionCookie(token: string, options: CookieOptions): string {
  const { protocol, pathname } = new URL(options.origin);
  const secure = protocol === 'https:' ? '; Secure' : '';
  return `${NAME}=${token}; Path=${pathname}; Max-Age=${options.maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`;
}

/**
 * Whether a form was sent by our own page. Browsers say so by `Sec-Fetch-Site`, older ones by `Origin`; a program that
 * sends neither carries no cookie by accident and may pass.
 */
export function isOwnForm(req: Pick<IncomingMessage, 'headers'>, origin: string): boolean {
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const sent = req.headers.origin;
  return sent === undefined || sent === new URL(origin).origin;
}
