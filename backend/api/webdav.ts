// `/webdav`: the library as a folder that is mounted and read (RFC 4918, class 1). What stands where is the tree's, bytes are
// delivery's. It changes nothing but that items, and files of them, can be removed: programs that tidy up after themselves, or
// move what they import, do that.
//
// A GET of a folder is answered with a line for people who try the address in a browser: programs list by PROPFIND, and an
// error there would look like a wrong address or password.

import { once } from 'node:events';
import express from 'express';
import type { ErrorRequestHandler, Request, RequestHandler, Response, Router } from 'express';
import { AccessError, GoneError, NotFoundError } from '../content/index.js';
import { byteCors, httpStatusOf, sendError } from '../delivery/index.js';
import { goneSignal } from './prepare-stream.js';
import { requireWebdavAccess } from './webdav-access.js';
import type { WebdavDeps } from './webdav-deps.js';
import { openDocument, openPlacedFile } from './webdav-files.js';
import { formatResponse, MULTISTATUS_BEGIN, MULTISTATUS_END } from './webdav-multistatus.js';
import { parseWebdavPath, WEBDAV_ROOT } from './webdav-paths.js';
import { MAX_PROPFIND_BYTES, parseDepth, parsePropfind } from './webdav-propfind.js';
import { filesBelow, WebdavTree } from './webdav-tree.js';
import type { Place } from './webdav-tree.js';

const METHODS = ['OPTIONS', 'GET', 'HEAD', 'PROPFIND', 'DELETE'];
/** They would change what is mounted: understood, and not allowed here. */
const REFUSED_METHODS = ['PUT', 'MKCOL', 'MOVE', 'COPY', 'PROPPATCH'];
const [MULTISTATUS, NO_CONTENT, METHOD_NOT_ALLOWED] = [207, 204, 405];
const FOLDER_TEXT = 'This is a WebDAV folder: open it with a player, a file manager or rclone.\n';

/** Everything below `/webdav`. */
export function createWebdavRoutes(deps: WebdavDeps): Router {
  // What is called otherwise, `/WebDAV`, is not here: every address in a listing begins with `/webdav`.
  const router = express.Router({ caseSensitive: true });
  const body = express.text({ type: () => true, limit: MAX_PROPFIND_BYTES });
  router.use(WEBDAV_ROOT, announce, byteCors({ methods: METHODS }), requireWebdavAccess(deps));
  router.use(WEBDAV_ROOT, (req, res, next) => (req.method === 'PROPFIND' ? body(req, res, next) : next()));
  router.use(WEBDAV_ROOT, answer(deps), answerError(deps));
  return router;
}

const announce: RequestHandler = (_req, res, next) => {
  res.setHeader('DAV', '1');
  next();
};

function answer(deps: WebdavDeps): RequestHandler {
  const tree = new WebdavTree(deps);
  return async (req, res) => {
    if (REFUSED_METHODS.includes(req.method)) throw readOnly();
    if (!METHODS.includes(req.method)) return refuseMethod(res);
    const path = parseWebdavPath(req.path);
    if (req.method === 'PROPFIND') return answerPropfind(deps, tree, path, req, res);
    if (req.method === 'DELETE') return remove(deps, await findThere(tree, path), res);
    return sendPlace(deps, await tree.find(path), req, res);
  };
}

async function answerPropfind(
  deps: WebdavDeps,
  tree: WebdavTree,
  path: readonly string[],
  req: Request,
  res: Response,
): Promise<void> {
  const depth = parseDepth(req.get('depth'));
  const wish = parsePropfind(typeof req.body === 'string' ? req.body : '');
  const prefix = deps.prefixOf(req);
  const place = await findThere(tree, path);
  res.status(MULTISTATUS).setHeader('Content-Type', 'application/xml; charset=utf-8');
  res.setHeader('Cache-Control', 'private, no-store');
  const gone = goneSignal(res);
  res.write(MULTISTATUS_BEGIN);
  for await (const page of tree.list(place, depth)) {
    const isFull = !res.write(page.map((entry) => formatResponse(entry, prefix, wish)).join(''));
    if (gone.aborted) return;
    if (isFull && !(await hasDrained(res, gone))) return;
  }
  res.end(MULTISTATUS_END);
}

/** False when the client went away instead. */
async function hasDrained(res: Response, gone: AbortSignal): Promise<boolean> {
  try {
    await once(res, 'drain', { signal: gone });
    return true;
  } catch (error) {
    if (gone.aborted) return false;
    throw error;
  }
}

/** What was removed is nowhere: it is not said to be gone where listings leave it out. */
async function findThere(tree: WebdavTree, path: readonly string[]): Promise<Place> {
  try {
    return await tree.find(path);
  } catch (error) {
    if (error instanceof GoneError) throw new NotFoundError('There is no such file or folder here.');
    throw error;
  }
}

async function sendPlace(deps: WebdavDeps, place: Place, req: Request, res: Response): Promise<void> {
  const { delivery, documents } = deps;
  if (place.kind === 'file') {
    const file = await openPlacedFile(deps, place, goneSignal(res));
    return delivery.deliver(req, res, file);
  }
  if (place.kind === 'document') return delivery.deliver(req, res, await openDocument(documents, place.document));
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.type('text/plain').send(FOLDER_TEXT);
}

/** With the last of its files an item goes. */
async function remove({ items }: WebdavDeps, place: Place, res: Response): Promise<void> {
  if (place.kind !== 'folder' && place.kind !== 'file') throw readOnly();
  const { item, files } = place.shown;
  const paths = (place.kind === 'file' ? [place.file] : filesBelow(place)).map(({ path }) => path);
  if (paths.length === files.length) await items.remove(item.id);
  else items.removeFiles(item.id, paths);
  res.status(NO_CONTENT).end();
}

function readOnly(): AccessError {
  return new AccessError('This is read-only, but that releases and files of them can be removed.', 'FORBIDDEN');
}

function refuseMethod(res: Response): void {
  res.status(METHOD_NOT_ALLOWED).setHeader('Allow', METHODS.join(', '));
  res.type('text/plain').send(`Only ${METHODS.join(', ')} are answered here.\n`);
}

/** Express knows it by its four parameters. */
function answerError({ log }: WebdavDeps): ErrorRequestHandler {
  return (error: unknown, req: Request, res: Response, _next) => {
    if (httpStatusOf(error, 'bytes') === 500) log.error({ err: error, method: req.method }, 'WebDAV could not answer');
    sendError(res, error, { audience: 'bytes' });
  };
}
