// `GET /health`: the process answers. Public, and fast: it looks at nothing that could wait.

import express, { type Router } from 'express';

export interface HealthDeps {
  readonly version: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly clock: { now(): number };
}

export function createHealthRoutes(deps: HealthDeps): Router {
  const router = express.Router();
  router.get('/health', (_req, res) => {
    const uptimeSeconds = Math.max(0, Math.floor((deps.clock.now() - deps.startedAt) / 1000));
    res.setHeader('Cache-Control', 'no-store');
    res.json({ status: 'ok', version: deps.version, uptimeSeconds });
  });
  return router;
}
