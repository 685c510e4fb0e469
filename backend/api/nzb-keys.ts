// Who may use the NZB dialect: the API key as everywhere, or its hash as `download_key`.

import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { AccessError } from '../content/index.js';
import { hasKey } from './guard.js';
import type { NzbAccess } from './nzb-deps.js';

const HASH = /^[0-9a-f]{64}$/;

type KeyHolder = Pick<NzbAccess, 'isOpen' | 'isApiKey' | 'isApiKeyHash'>;

/** True when the request, or the `download_key` that came with it, shows the API key; always with `AUTH=none`. */
export function isAllowed(access: KeyHolder, req: Request, downloadKey: unknown = req.query['download_key']): boolean {
  return access.isOpen || hasKey(req, access) || (isHash(downloadKey) && access.isApiKeyHash(downloadKey));
}

/** True when `downloadKey` was made by this server for exactly this path. */
export function isPathKey(access: NzbAccess, path: string, downloadKey: unknown): boolean {
  return isHash(downloadKey) && access.isSignedPath(path, downloadKey);
}

/** Lets pass who is allowed; hands others' error to the dialect. */
export function requireNzbKey(access: NzbAccess): RequestHandler {
  return (req: Request, _res: Response, next: NextFunction) => {
    if (isAllowed(access, req)) next();
    else next(keyNeeded());
  };
}

export function keyNeeded(): AccessError {
  return new AccessError('An API key is needed, and this is not it or none was sent.', 'UNAUTHORIZED');
}

function isHash(text: unknown): text is string {
  return typeof text === 'string' && HASH.test(text);
}
