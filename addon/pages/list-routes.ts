// What the pages' scripts call about lists: the preview, for the admin and for whoever has the addon's key; and, for the
// latter, the list preferences themselves (the admin's are the backend's `/api/preferences`).

import express, { Router, type Request, type RequestHandler } from 'express';
import { createPreferencesHandlers, readPreferences, requireAdmin } from '../../backend/api/index.js';
import { requestOrigin } from '../../backend/delivery/index.js';
import type { AddonDeps } from '../addon-deps.js';
import { requireKey } from '../caller.js';
import { EXAMPLE_KINDS } from './example-releases.js';
import { previewList } from './list-preview.js';
import { isSignedIn } from './signed-in.js';

export type ListRoutesDeps = Pick<AddonDeps, 'access' | 'config' | 'keepPreferences' | 'preferences'>;

const BODY_LIMIT = '64kb';

/** `POST …/preview?example=film|episode` takes preferences whole and keeps nothing. */
export function createListRoutes(deps: ListRoutesDeps): Router {
  const { access, config, keepPreferences, preferences } = deps;
  const router = Router();
  const admin = requireAdmin({
    access,
    isSignedIn: (req) => isSignedIn(req, access),
    originOf: (req) => requestOrigin(req, config),
  });
  const viewer: RequestHandler<Record<string, string>> = requireKey(deps);
  const body = express.json({ limit: BODY_LIMIT });
  const { read, write } = createPreferencesHandlers({ get: preferences, set: keepPreferences });
  router.post('/api/preferences/preview', admin, body, preview);
  router.use('/stremio/:key/preferences', viewer);
  router.get('/stremio/:key/preferences', read);
  router.put('/stremio/:key/preferences', ...write);
  router.post('/stremio/:key/preferences/preview', body, preview);
  return router;
}

const preview: RequestHandler = (req, res) => {
  res.setHeader('Cache-Control', 'no-store');
  res.json(previewList(readPreferences(req.body), exampleKindOf(req)));
};

function exampleKindOf(req: Request): (typeof EXAMPLE_KINDS)[number] {
  return EXAMPLE_KINDS.find((kind) => kind === req.query['example']) ?? 'film';
}
