// Who may call: keys as requests carry them, and signatures in addresses. Says nothing of what a call does.

import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { AccessError } from '../content/index.js';

/** The part of access that routes use. */
export interface RouteAccess {
  /** Nothing needs a key (`AUTH=none`). */
  readonly isOpen: boolean;
  isApiKey(key: string): boolean;
  sign(scope: string): string;
  isSigned(scope: string, signature: string): boolean;
}

/** The parts of access that only tell whether a caller may pass. */
export type KeyAccess = Pick<RouteAccess, 'isOpen' | 'isApiKey'>;

/** Longer than any key; longer ones are not even compared. */
const MAX_KEY_CHARACTERS = 512;

/** True when the request carries the API key: `X-Api-Key`, `Authorization: Bearer`, or `?apikey=`. */
export function hasKey(req: Request, access: Pick<KeyAccess, 'isApiKey'>): boolean {
  const { authorization } = req.headers;
  const bearer = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  return [req.headers['x-api-key'], bearer, req.query['apikey']].some(
    (key) => typeof key === 'string' && key.length <= MAX_KEY_CHARACTERS && access.isApiKey(key),
  );
}

/**
 * Lets pass who has the API key (or, where `isSignedIn` is given, a session of the pages); everybody with `AUTH=none`.
 * Hands an `AccessError` to the next error handler for others, whose dialect answers.
 */
export function requireKey(
  access: KeyAccess,
  options: { readonly isSignedIn?: (req: Request) => boolean } = {},
): RequestHandler {
  return (req: Request, _res: Response, next: NextFunction) => {
    if (access.isOpen || hasKey(req, access) || options.isSignedIn?.(req) === true) next();
    else next(new AccessError('An API key is needed, and this is not it or none was sent.', 'UNAUTHORIZED'));
  };
}

/**
 * Lets pass whose `?access=` is signed for the scope of this request, whatever other credentials come along; all others
 * are `requireKey`'s to judge.
 */
export function requireSignature(
  access: Pick<RouteAccess, 'isSigned'>,
  options: { readonly scopeOf: (req: Request) => string; readonly otherwise: RequestHandler },
): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    const signature = req.query['access'];
    if (typeof signature === 'string' && access.isSigned(options.scopeOf(req), signature)) next();
    else options.otherwise(req, res, next);
  };
}

/** `?access=…` for an address of this scope, empty with `AUTH=none`. */
export function accessQuery(access: Pick<RouteAccess, 'isOpen' | 'sign'>, scope: string): string {
  return access.isOpen ? '' : `?access=${access.sign(scope)}`;
}
