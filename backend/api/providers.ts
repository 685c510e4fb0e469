// `/api/providers`: how the news servers are doing, and what is wrong with one of them. For the admin. Knows
// neither accounts nor sockets: what it tells is picked field by field, so that a secret beside them stays where it is.

import express, { type Request, type Response, type Router } from 'express';
import type { Clock, Logger } from '../platform/index.js';
import { requireAdmin, type AdminAccess } from './admin-guard.js';
import { originCors } from './origin-cors.js';
import { prepareErrorHandler } from './prepare-error.js';
import { formatProvider, formatProviderTest, type ProviderFigures, type ProviderFindings } from './provider-views.js';
import { TestTurns } from './test-turns.js';

/** The part of the article pool that is told and tried here. */
export interface ProviderPool {
  /** Live, in the order they are asked. */
  providers(): readonly ProviderFigures[];
  /** Dials once, beside the pool's own connections. @throws {NotFoundError} for an unknown id. */
  test(providerId: string, options: { readonly signal: AbortSignal }): Promise<ProviderFindings>;
}

export interface ProvidersDeps extends AdminAccess {
  readonly pool: ProviderPool;
  readonly corsOrigins: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** `GET /api/providers`, `POST /api/providers/:id/test`: the admin's. One test per provider at a time. */
export function createProvidersRoutes(deps: ProvidersDeps): Router {
  const { pool } = deps;
  const turns = new TestTurns({ clock: deps.clock, what: 'news server' });
  const router = express.Router();
  const admin = requireAdmin(deps);
  router.use('/api/providers', originCors(deps.corsOrigins, ['GET', 'POST', 'OPTIONS']), (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.get('/api/providers', admin, (_req, res) => {
    res.json({ providers: pool.providers().map(formatProvider) });
  });
  router.post('/api/providers/:id/test', admin, async (req: Request, res: Response) => {
    const id = String(req.params['id']);
    const findings = await turns.run(id, res, (signal) => pool.test(id, { signal }));
    if (findings !== null) res.json(formatProviderTest(id, findings));
  });
  router.use('/api/providers', prepareErrorHandler(deps.log, 'api'));
  return router;
}
