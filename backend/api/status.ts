// What the server is doing, for its admin: who plays what, how full the cache is, where the addon is installed from.

import type { Router } from 'express';
import express from 'express';
import { NotFoundError } from '../content/index.js';
import type { Delivery } from '../delivery/index.js';
import type { Logger } from '../platform/index.js';
import type { KeyAccess } from './guard.js';
import { requireKey } from './guard.js';
import { originCors } from './origin-cors.js';
import { prepareErrorHandler } from './prepare-error.js';

export interface StatusDeps {
  readonly access: KeyAccess;
  readonly delivery: Pick<Delivery, 'sessions' | 'end'>;
  readonly corsOrigins: readonly string[];
  readonly log: Logger;
  readonly version: string;
  readonly manifestUrlOf: (req: express.Request) => string;
  /** Numbers of the moment, by name. */
  readonly numbers: () => Readonly<Record<string, unknown>>;
}

/** `GET /api/status`, `GET /api/stream/sessions`, `DELETE /api/stream/sessions/:id`: the admin's. */
export function createStatusRoutes(deps: StatusDeps): Router {
  const { access, delivery } = deps;
  const router = express.Router();
  const admin = requireKey(access);
  const paths = ['/api/status', '/api/stream/sessions'];
  router.use(paths, originCors(deps.corsOrigins, ['GET', 'DELETE', 'OPTIONS']), (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.get('/api/status', admin, (req, res) => {
    res.json({ version: deps.version, manifestUrl: deps.manifestUrlOf(req), ...deps.numbers() });
  });
  router.get('/api/stream/sessions', admin, (_req, res) => {
    res.json({ sessions: delivery.sessions() });
  });
  router.delete('/api/stream/sessions/:id', admin, (req, res) => {
    if (!delivery.end(String(req.params['id']))) throw new NotFoundError('There is no such session.');
    res.status(204).end();
  });
  router.use(paths, prepareErrorHandler(deps.log, 'api'));
  return router;
}
