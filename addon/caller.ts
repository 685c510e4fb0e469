// Who asks, and whether the key in their address is the right one. Reads requests; keeps nothing.

import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { AccessError } from '../backend/content/index.js';
import { requestOrigin, sendError } from '../backend/delivery/index.js';
import type { AddonDeps } from './addon-deps.js';
import type { Caller } from './links.js';

/** The address a request came by, and the key its answer's links will carry. */
export function callerOf(req: IncomingMessage, deps: Pick<AddonDeps, 'access' | 'config'>): Caller {
  return { origin: requestOrigin(req, deps.config), addonKey: deps.access.addonKey };
}

/** Whether whoever has this addon key may watch. */
export function isViewer(key: string | undefined, access: AddonDeps['access']): boolean {
  return access.isOpen || (key !== undefined && access.isAddonKey(key));
}

/** Answers a wrong key with 401. CORS headers must be set before, or players see a network error instead. */
export function requireKey(deps: Pick<AddonDeps, 'access'>): RequestHandler<Record<string, string>> {
  return (req, res, next) => {
    if (isViewer(req.params['key'], deps.access)) return next();
    sendError(res, new AccessError('The key in this address is not valid. Install the addon again.', 'UNAUTHORIZED'));
  };
}
