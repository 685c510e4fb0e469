// `GET|HEAD /api/files/stream`: the bytes of a file of an item, by its virtual path. The address authenticates by itself and
// lasts as long as the item, restarts included.

import express, { type Request, type RequestHandler, type Router } from 'express';
import { BusyError, GoneError, InputError, NotFoundError, type ContentId, type MediaFile } from '../content/index.js';
import { byteCors, httpStatusOf, sendError } from '../delivery/index.js';
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
      const file = await openFile(deps, place, goneSignal(res));
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
function findFile({ items, library }: NzbDeps, path: string): FilePlace {
  const place = splitVirtualPath(path);
  if (place === null) throw new NotFoundError('There is no such file here.');
  const { category, folder, filePath } = place;
  const item = items.byFolder(category, folder);
  if (item === null && items.isRemovedFolder(category, folder)) throw new GoneError('This was removed.');
  const contentId = item?.contentId ?? null;
  if (contentId !== null && library.isRemoved(contentId)) throw new GoneError('This was removed.');
  const files = contentId === null ? [] : (library.get(contentId)?.files ?? []);
  const file = files.find((one) => one.path === filePath && !one.isPadding);
  if (contentId === null || file === undefined) throw new NotFoundError('There is no such file here.');
  return { contentId, fileIndex: file.index };
}

/** The file, or `BusyError` after `maxWaitMs`. */
async function openFile(
  { clock, jobs, maxWaitMs }: NzbDeps,
  { contentId, fileIndex }: FilePlace,
  gone: AbortSignal,
): Promise<MediaFile> {
  const late = new AbortController();
  const deadline = clock.after(maxWaitMs, () => late.abort(new BusyError('The file is not open yet.')));
  try {
    return await jobs.openContent(contentId, fileIndex, { signal: AbortSignal.any([gone, late.signal]) });
  } finally {
    deadline.cancel();
  }
}
