// `/api/providers`: how the news servers are doing, and what is wrong with one of them. For whoever has the API key. Knows
// neither accounts nor sockets: what it tells is picked field by field, so that a secret beside them stays where it is.

import express, { type Request, type Response, type Router } from 'express';
import { BusyError, TimeoutError } from '../content/index.js';
import type { Clock, Logger } from '../platform/index.js';
import { requireKey, type KeyAccess } from './guard.js';
import { originCors } from './origin-cors.js';
import { prepareErrorHandler } from './prepare-error.js';
import { formatProvider, formatProviderTest, type ProviderFigures, type ProviderFindings } from './provider-views.js';

/** The part of the article pool that is told and tried here. */
export interface ProviderPool {
  /** Live, in the order they are asked. */
  providers(): readonly ProviderFigures[];
  /** Dials once, beside the pool's own connections. @throws {NotFoundError} for an unknown id. */
  test(providerId: string, options: { readonly signal: AbortSignal }): Promise<ProviderFindings>;
}

export interface ProvidersDeps {
  readonly pool: ProviderPool;
  readonly access: KeyAccess;
  readonly corsOrigins: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** Below the 25 s within which every request is answered. */
const TEST_TIMEOUT_MS = 20_000;

/** `GET /api/providers`, `POST /api/providers/:id/test`: the admin's. One test per provider at a time. */
export function createProvidersRoutes(deps: ProvidersDeps): Router {
  const { access, pool } = deps;
  const underTest = new Set<string>();
  const router = express.Router();
  const admin = requireKey(access);
  router.use('/api/providers', originCors(deps.corsOrigins, ['GET', 'POST', 'OPTIONS']), (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.get('/api/providers', admin, (_req, res) => {
    res.json({ providers: pool.providers().map(formatProvider) });
  });
  router.post('/api/providers/:id/test', admin, async (req: Request, res: Response) => {
    const id = String(req.params['id']);
    if (underTest.has(id)) throw new BusyError('This provider is being tested already.');
    underTest.add(id);
    try {
      const findings = await testInTime(deps, id, res);
      if (findings !== null) res.json(formatProviderTest(id, findings));
    } finally {
      underTest.delete(id);
    }
  });
  router.use('/api/providers', prepareErrorHandler(deps.log, 'api'));
  return router;
}

/** Null when the caller went away meanwhile. */
async function testInTime(deps: ProvidersDeps, id: string, res: Response): Promise<ProviderFindings | null> {
  const ending = new AbortController();
  const timer = deps.clock.after(TEST_TIMEOUT_MS, () =>
    ending.abort(new TimeoutError('The news server did not answer in time.')),
  );
  const gone = (): void => ending.abort();
  res.once('close', gone);
  try {
    return await deps.pool.test(id, { signal: ending.signal });
  } catch (error) {
    if (res.destroyed || res.closed) return null;
    throw error;
  } finally {
    timer.cancel();
    res.off('close', gone);
  }
}
