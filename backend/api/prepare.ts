// The async preparation API: start, poll, play. This file says which call is which. Knows no engine and no bytes.

import express, { type Request, type RequestHandler, type Router } from 'express';
import { byteCors } from '../delivery/index.js';
import { requireKey, requireSignature } from './guard.js';
import type { PrepareDeps } from './prepare-deps.js';
import { jobNotFound, prepareErrorHandler } from './prepare-error.js';
import { readPrepareRequest } from './prepare-request.js';
import { ReadyRoute } from './prepare-stream.js';
import { formatPrepared, formatStatus, jobScope } from './prepare-views.js';
import { proxyRoute } from './proxy.js';

/** Also the limit for a body of many trackers. */
const BODY_LIMIT = '100kb';

/** `/stream/prepare`, `/stream/status`, `/stream/ready` and `/stream/proxy`. */
export function createPrepareRoutes(deps: PrepareDeps): Router {
  const router = express.Router();
  router.use(createPollRoutes(deps), createByteRoutes(deps));
  return router;
}

function createPollRoutes(deps: PrepareDeps): Router {
  const router = express.Router();
  const key = requireKey(deps.access);
  const body = [express.json({ limit: BODY_LIMIT }), express.urlencoded({ limit: BODY_LIMIT, extended: false })];
  router.use(['/stream/prepare', '/stream/status'], byteCors({ methods: ['GET', 'HEAD', 'POST', 'OPTIONS'] }));
  router.post(['/stream/prepare/:infoHash', '/stream/prepare'], key, ...body, prepareRoute(deps));
  router.get('/stream/status/:jobId', requireJobAccess(deps), statusRoute(deps));
  router.use(['/stream/prepare', '/stream/status'], prepareErrorHandler(deps.log, 'api'));
  return router;
}

function createByteRoutes(deps: PrepareDeps): Router {
  const router = express.Router();
  router.use(['/stream/ready', '/stream/proxy'], byteCors());
  router.get('/stream/ready/:jobId', requireJobAccess(deps), new ReadyRoute(deps).handle);
  router.get('/stream/proxy/:infoHash', requireKey(deps.access), proxyRoute(deps));
  router.use(['/stream/ready', '/stream/proxy'], prepareErrorHandler(deps.log, 'bytes'));
  return router;
}

/** Lets pass whose `access` is signed for the job in the path, or who has a key. */
function requireJobAccess({ access }: PrepareDeps): RequestHandler {
  const scopeOf = (req: Request): string => jobScope(String(req.params['jobId']));
  return requireSignature(access, { scopeOf, otherwise: requireKey(access) });
}

function prepareRoute({ access, jobs, library }: PrepareDeps): RequestHandler {
  return async (req, res) => {
    const content = req.params['infoHash'];
    const asked = {
      content: typeof content === 'string' ? content : null,
      query: req.query,
      body: req.body as unknown,
    };
    const job = await jobs.prepare(readPrepareRequest(asked, library));
    res.setHeader('Cache-Control', 'no-store');
    res.json(formatPrepared(access, job));
  };
}

function statusRoute({ access, jobs }: PrepareDeps): RequestHandler {
  return (req, res) => {
    const id = String(req.params['jobId']);
    jobs.touch(id);
    const job = jobs.get(id);
    if (job === null) throw jobNotFound();
    res.setHeader('Cache-Control', 'no-store');
    res.json({ success: true, ...formatStatus(access, job) });
  };
}
