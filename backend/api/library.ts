// `/api/library`: what was prepared and is kept, to be seen, marked as favourite, removed. The admin's.

import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { NotFoundError } from '../content/index.js';
import { requireAdmin } from './admin-guard.js';
import type { LibraryDeps, LibraryItem } from './library-deps.js';
import { itemPlaylistRoute, libraryPlaylistRoute } from './library-playlist.js';
import { readItemId, readLibraryChange, readLibraryFilter, readLibraryPage } from './library-request.js';
import { formatLibraryItem } from './library-views.js';
import { originCors } from './origin-cors.js';
import { prepareErrorHandler } from './prepare-error.js';

const PATH = '/api/library';
const BODY_LIMIT = '4kb';
const NO_CONTENT = 204;
/** A list tells the rest by their number. */
const MAX_LISTED_FILES = 50;
const MAX_FILES = 10_000;

/** `GET /api/library`, `GET|PUT|DELETE /api/library/:id`, `GET …/playlist.m3u8` of both. */
export function createLibraryRoutes(deps: LibraryDeps): Router {
  const router = express.Router();
  const calls = new LibraryCalls(deps);
  const admin: RequestHandler[] = [requireAdmin(deps), express.json({ limit: BODY_LIMIT })];
  router.use(PATH, originCors(deps.corsOrigins, ['GET', 'PUT', 'DELETE', 'OPTIONS']), (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.get(PATH, ...admin, calls.list);
  router.get(`${PATH}/playlist.m3u8`, ...admin, libraryPlaylistRoute(deps));
  router.get(`${PATH}/:id`, ...admin, calls.get);
  router.put(`${PATH}/:id`, ...admin, calls.change);
  router.delete(`${PATH}/:id`, ...admin, calls.remove);
  router.get(`${PATH}/:id/playlist.m3u8`, ...admin, itemPlaylistRoute(deps));
  router.use(PATH, prepareErrorHandler(deps.log, 'api'));
  return router;
}

class LibraryCalls {
  constructor(private readonly deps: LibraryDeps) {}

  readonly list = (req: Request, res: Response): void => {
    const wish = { ...readLibraryFilter(req.query), ...readLibraryPage(req.query) };
    const { items, total } = this.deps.index.library(wish);
    res.json({ items: items.map((item) => this.#format(req, item, MAX_LISTED_FILES)), total });
  };

  readonly get = (req: Request, res: Response): void => {
    res.json(this.#format(req, this.#find(req), MAX_FILES));
  };

  readonly change = (req: Request, res: Response): void => {
    const { id } = this.#find(req);
    this.deps.items.setFavourite(id, readLibraryChange(req.body).isFavourite);
    res.json(this.#format(req, this.#find(req), MAX_FILES));
  };

  readonly remove = async (req: Request, res: Response): Promise<void> => {
    if (!(await this.deps.items.remove(this.#find(req).id))) throw noSuchItem();
    res.status(NO_CONTENT).end();
  };

  #find(req: Request): LibraryItem {
    const item = this.deps.index.listed(readItemId(req.params['id']));
    if (item === null) throw noSuchItem();
    return item;
  }

  #format(req: Request, item: LibraryItem, maxFiles: number) {
    return formatLibraryItem(this.deps, item, { origin: this.deps.originOf(req), maxFiles });
  }
}

function noSuchItem(): NotFoundError {
  return new NotFoundError('There is no such item.');
}
