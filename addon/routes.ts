// Puts the parts of the Stremio face into one router. Order matters: the exact paths come before what answers for
// everything below the addon's key.

import { Router, type ErrorRequestHandler } from 'express';
import { httpStatusOf, sendError } from '../backend/delivery/index.js';
import type { AddonDeps } from './addon-deps.js';
import { createPageRoutes } from './pages/page-routes.js';
import { NextEpisodes } from './play/next-episodes.js';
import { createPlayByUrlRoutes } from './play/play-by-url.js';
import { createPlayRoutes } from './play/play-routes.js';
import { createStremioRoutes } from './stremio/stremio-routes.js';
import { createEmbeddedRoutes } from './subtitles/embedded-routes.js';
import { createSidecarRoutes } from './subtitles/sidecar-routes.js';

/** One router for '/', holding no resource that would have to be closed. */
export function createAddonRoutes(deps: AddonDeps): Router {
  const nextEpisodes = new NextEpisodes({ ...deps, isEnabled: deps.config.prefetchNext });
  const router = Router();
  router.use(createPlayRoutes({ ...deps, nextEpisodes }));
  router.use(createPlayByUrlRoutes(deps));
  router.use(createSidecarRoutes(deps));
  router.use(createEmbeddedRoutes(deps));
  router.use(createPageRoutes(deps));
  router.use(createStremioRoutes({ ...deps, nextEpisodes }));
  router.use(answerError(deps));
  return router;
}

/** What no route answered for itself: an address that cannot be decoded, a form that is too large, a fault of ours. */
function answerError({ log }: Pick<AddonDeps, 'log'>): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    if (httpStatusOf(error) >= 500) log.error({ err: error }, 'A request to the addon failed');
    sendError(res, error);
  };
}
