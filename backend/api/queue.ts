// `GET /api/queue/:id`: where an item stands. The same words are told as events.

import express, { type Router } from 'express';
import { NotFoundError } from '../content/index.js';
import type { Item } from '../jobs/index.js';
import type { NzbDeps } from './nzb-deps.js';
import { queueErrorHandler } from './nzb-error.js';
import { requireNzbKey } from './nzb-keys.js';
import { originCors } from './origin-cors.js';

const PATH = '/api/queue/:id';

export function createQueueRoutes(deps: Pick<NzbDeps, 'access' | 'corsOrigins' | 'items' | 'log'>): Router {
  const { access, corsOrigins, items, log } = deps;
  const router = express.Router();
  router.use('/api/queue', originCors(corsOrigins));
  router.get(PATH, requireNzbKey(access), (req, res) => {
    const id = String(req.params['id']);
    const item = /^\d{1,15}$/.test(id) ? items.get(Number(id)) : null;
    if (item === null) throw new NotFoundError('There is no such item.');
    res.setHeader('Cache-Control', 'no-store');
    res.json(formatItem(item));
  });
  router.use('/api/queue', queueErrorHandler(log));
  return router;
}

export function formatItem({ id, name, status, stage, percentage, error }: Item): Record<string, unknown> {
  return { id, name, status, stage, percentage, error };
}
