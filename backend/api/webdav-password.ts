// `POST /api/webdav/password`: a new password for who mounts the library, told once in the answer. For the admin.

import express, { type Request, type Response, type Router } from 'express';
import type { Logger } from '../platform/index.js';
import { requireAdmin, type AdminAccess } from './admin-guard.js';
import { originCors } from './origin-cors.js';
import { prepareErrorHandler } from './prepare-error.js';

export interface WebdavPasswordDeps extends AdminAccess {
  /** `renew` throws `InputError` where the settings give the password. */
  readonly account: { readonly user: string; renew(): Promise<string> };
  readonly corsOrigins: readonly string[];
  readonly log: Logger;
}

const PATH = '/api/webdav/password';

/** Answers `{user, password}`; the former password opens nothing from then on. */
export function createWebdavPasswordRoutes(deps: WebdavPasswordDeps): Router {
  const { account } = deps;
  const router = express.Router();
  router.use(PATH, originCors(deps.corsOrigins, ['POST', 'OPTIONS']), (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.post(PATH, requireAdmin(deps), async (_req: Request, res: Response) => {
    const password = await account.renew();
    deps.log.info({ user: account.user }, 'The WebDAV password was renewed');
    res.json({ user: account.user, password });
  });
  router.use(PATH, prepareErrorHandler(deps.log, 'api'));
  return router;
}
