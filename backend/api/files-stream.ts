// `GET|HEAD /api/files/stream`: the bytes of a file of an item, by its virtual path. The address authenticates by itself and
// lasts as long as the item, restarts included.

import express, { type Request, type RequestHandler, type Router } from 'express';
import { InputError, NotFoundError, type ContentId } from '../content/index.js';
import { byteCors, httpStatusOf, sendError } from '../delivery/index.js';
import { fileAt, itemAt, openItemFile } from './item-files.js';
import type { NzbDeps } from './nzb-deps.js';
import { isAllowed, isPathKey, keyNeeded } from './nzb-keys.js';
import { splitVirtualPath } from './nzb-paths.js';
import { goneSignal } from './prepare-stream.js';

const PATH = '/api/files/stream';

export function createFilesStreamRoutes(deps: NzbDeps): Router {
  const router = express.Router();
  router.all(PATH, byteCors());
  router.get(PATH, streamRoute(deps));
  return router;
}

interface FilePlace {
  readonly contentId: ContentId;
  readonly fileIndex: number;
}

function streamRoute(deps: NzbDeps): RequestHandler {
  return async (req, res) => {
    try {
      const place = findFile(deps, pathOf(deps, req));
      const file = await openItemFile(deps, place, goneSignal(res));
      await deps.delivery.deliver(req, res, file, { isSecretUrl: true });
    } catch (error) {
      if (httpStatusOf(error, 'bytes') === 500) deps.log.error({ err: error }, 'a file could not be opened');
      sendError(res, error, { audience: 'bytes' });
    }
  };
}

/** The asked path, of a caller who may have it. Its own key is enough, whatever other credentials come along. */
function pathOf({ access }: NzbDeps, req: Request): string {
  const { path } = req.query;
  const isOwnKey = typeof path === 'string' && isPathKey(access, path, req.query['download_key']);
  if (!isOwnKey && !isAllowed(access, req)) throw keyNeeded();
  if (typeof path !== 'string') throw new InputError('Give the path of one file.');
  return path;
}

/** @throws {GoneError} for what was removed; {NotFoundError} */
function findFile(deps: NzbDeps, path: string): FilePlace {
  const place = splitVirtualPath(path);
  if (place === null) throw new NotFoundError('There is no such file here.');
  const { contentId } = itemAt(deps, place);
  const file = fileAt(deps.library.get(contentId)?.files ?? [], place.filePath);
  if (file === null) throw new NotFoundError('There is no such file here.');
  return { contentId, fileIndex: file.index };
}
