// The NZB dialect: which file answers what. Everything else is theirs.

import express, { type Router } from 'express';
import { createFilesStreamRoutes } from './files-stream.js';
import type { NzbDeps } from './nzb-deps.js';
import { createNzbStreamsRoutes } from './nzb-streams.js';
import { createQueueRoutes } from './queue.js';

/** `/api/nzb/streams`, `/api/files/stream` and `/api/queue`. */
export function createNzbRoutes(deps: NzbDeps): Router {
  const router = express.Router();
  router.use(createNzbStreamsRoutes(deps), createFilesStreamRoutes(deps), createQueueRoutes(deps));
  return router;
}
