// What Stremio itself asks for: manifest, catalog, meta, streams, subtitles. Looks at the key, hands the request to the SDK's router
// for the address it came by, and has the last word on CORS and caching.

import type { ServerResponse } from 'node:http';
import { Router, type NextFunction, type Request, type Response } from 'express';
import { byteCors, sendError } from '../../backend/delivery/index.js';
import type { AddonDeps } from '../addon-deps.js';
import { callerOf, requireKey } from '../caller.js';
import { SdkRouters, type SdkRoutersDeps } from './sdk-routers.js';

export type StremioDeps = SdkRoutersDeps & Pick<AddonDeps, 'access' | 'config' | 'log'>;

/** Paths of the addon protocol: `/manifest.json`, `/stream/movie/tt1.json`, `/catalog/other/x/skip=1.json`. */
const RESOURCE = /^\/(?:manifest\.json|(?:catalog|meta|stream|subtitles)\/[^/]+\/[^/]+(?:\/[^/]+)?\.json)$/;

const EMPTY_ANSWERS: Readonly<Record<string, object>> = {
  catalog: { metas: [] },
  meta: { meta: {} },
  stream: { streams: [] },
  subtitles: { subtitles: [] },
};

/** Routes below `/stremio/:key`, and at the root where nobody needs a key. */
export function createStremioRoutes(deps: StremioDeps): Router {
  const routers = new SdkRouters(deps);
  const router = Router();
  const cors = byteCors();
  const ask = askSdk(deps, routers);
  router.use('/stremio/:key', cors, keepPrivate, requireKey(deps), ask);
  if (deps.access.isOpen) {
    router.use((req, res, next) => {
      if (!RESOURCE.test(req.path)) return next();
      cors(req, res, () => keepPrivate(req, res, () => ask(req, res, next)));
    });
  }
  router.use('/stremio/:key', (error: unknown, req: Request, res: Response, _next: NextFunction) => {
    answerBrokenId(deps, error, req, res);
  });
  return router;
}

function askSdk(deps: StremioDeps, routers: SdkRouters): (req: Request, res: Response, next: NextFunction) => void {
  return (req, res, next) => {
    if (!RESOURCE.test(req.path)) return next();
    const url = req.url;
    // The SDK takes extras from the whole last part of the address: a query behind it would be read as one of them.
    req.url = req.path;
    routers.get(callerOf(req, deps))(req, res, (error?: unknown) => {
      req.url = url;
      next(error);
    });
  };
}

/** An id whose percent-encoding is broken is an id nobody knows: an empty answer, not an error row. */
function answerBrokenId(deps: StremioDeps, error: unknown, req: Request, res: Response): void {
  if (!(error instanceof URIError) || !RESOURCE.test(req.path)) {
    deps.log.warn({ err: error }, 'A Stremio request failed');
    return sendError(res, error);
  }
  res.json(EMPTY_ANSWERS[req.path.split('/')[1] ?? ''] ?? {});
}

/** Sets the last word on caching when the head is written: for this client alone, briefly, and errors not at all. */
function keepPrivate(_req: Request, res: Response, next: () => void): void {
  const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => ServerResponse;
  res.writeHead = ((...args: unknown[]) => {
    res.setHeader('Cache-Control', privately(res));
    return writeHead(...args);
  }) as typeof res.writeHead;
  next();
}

/** Seconds a manifest is kept: it changes with the version only, but a new version should be seen. */
const MANIFEST_MAX_AGE = 60;

function privately(res: Response): string {
  const set = String(res.getHeader('Cache-Control') ?? '');
  if (res.statusCode >= 400 || set.includes('no-store')) return 'private, no-store';
  const maxAge = /max-age=(\d+)/.exec(set)?.[1] ?? String(MANIFEST_MAX_AGE);
  return maxAge === '0' ? 'private, no-store' : `private, max-age=${maxAge}`;
}
