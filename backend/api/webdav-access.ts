// Who may mount the library: the account made for it, or the API key as any user's password, in the query or as a header.
// Who guesses is told to wait. With AUTH=none nobody is asked: the server listens on this machine alone then, and requests of
// foreign pages are kept out before; programs there can read its data folder, and with it every key, anyhow.

import { createHash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { LRUCache } from 'lru-cache';
import { SignInAttempts } from '../access/index.js';
import { sendError } from '../delivery/index.js';
import type { Clock, Logger } from '../platform/index.js';
import type { NzbAccess } from './nzb-deps.js';
import { isAllowed, keyNeeded } from './nzb-keys.js';

export interface WebdavAccessOptions {
  readonly access: Pick<NzbAccess, 'isOpen' | 'isApiKey' | 'isApiKeyHash'>;
  readonly account: { isAccount(user: string, password: string): boolean };
  /** Address of who asks, proxies taken into account. */
  readonly clientOf: (req: Request) => string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What `Authorization: Basic` says. */
export interface BasicCredentials {
  readonly user: string;
  readonly password: string;
}

const MAX_HEADER_CHARACTERS = 2_048;
const TOO_MANY_REQUESTS = 429;
/** Wrong credentials remembered; when full, the ones seen longest ago count as new guesses. */
const MAX_REFUSED = 10_000;
const REFUSED_TTL_MS = 5 * 60_000;

/**
 * Lets pass who may, always; answers others 401, and 429 with `Retry-After` while their address is guessing. A program that
 * repeats one wrong password is no guesser: only credentials that were not refused before are counted.
 */
export function requireWebdavAccess(options: WebdavAccessOptions): RequestHandler {
  const { access, clock, clientOf, log } = options;
  const attempts = new SignInAttempts(clock);
  const refused = new LRUCache<string, true>({
    max: MAX_REFUSED,
    ttl: REFUSED_TTL_MS,
    ttlResolution: 0,
    perf: { now: () => clock.now() },
  });
  return (req, res, next) => {
    if (access.isOpen) return next();
    const shown = shownBy(req);
    if (shown === '') return refuse(res);
    // First, so that somebody else's guesses behind the same address keep nobody out who has the password.
    if (mayPass(options, req)) return next();
    const client = clientOf(req);
    const waitSeconds = attempts.waitSeconds(client);
    if (waitSeconds > 0) {
      res.status(TOO_MANY_REQUESTS).setHeader('Retry-After', waitSeconds);
      res.type('text/plain').send('Too many wrong passwords came from your address. Wait a little.\n');
      return;
    }
    const guess = createHash('sha256').update(`${client}\n${shown}`).digest('base64');
    if (!refused.has(guess)) {
      refused.set(guess, true);
      attempts.noteFailure(client);
      log.warn({ client }, 'A wrong WebDAV password was refused');
    }
    refuse(res);
  };
}

/** Null for what is no Basic header (RFC 7617), or no UTF-8. */
export function parseBasic(header: string | undefined): BasicCredentials | null {
  if (header === undefined || header.length > MAX_HEADER_CHARACTERS) return null;
  const encoded = /^basic +([a-z0-9+/]+={0,2}) *$/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function mayPass({ access, account }: WebdavAccessOptions, req: Request): boolean {
  if (isAllowed(access, req)) return true;
  const basic = parseBasic(req.headers.authorization);
  return basic !== null && (account.isAccount(basic.user, basic.password) || access.isApiKey(basic.password));
}

/** All credentials of the request as one text; empty where there are none. */
function shownBy({ headers, query }: Request): string {
  const keys = [headers.authorization, headers['x-api-key'], query['apikey'], query['download_key']];
  return keys.every((key) => key === undefined) ? '' : JSON.stringify(keys);
}

function refuse(res: Parameters<RequestHandler>[1]): void {
  res.setHeader('WWW-Authenticate', 'Basic realm="Headstart"');
  sendError(res, keyNeeded());
}
