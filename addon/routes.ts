// Puts the parts of the Stremio face into one router. Order matters: the exact paths come before what answers for
// everything below the addon's key.

import { Router } from 'express';
import type { AddonDeps } from './addon-deps.js';
import { createPageRoutes } from './pages/page-routes.js';
import { createPlayRoutes } from './play/play-routes.js';
import { createStremioRoutes } from './stremio/stremio-routes.js';
import { createSidecarRoutes } from './subtitles/sidecar-routes.js';

/** One router for '/', holding no resource that would have to be closed. */
export function createAddonRoutes(deps: AddonDeps): Router {
  const router = Router();
  router.use(createPlayRoutes(deps));
  router.use(createSidecarRoutes(deps));
  router.use(createPageRoutes(deps));
  router.use(createStremioRoutes(deps));
  return router;
}
