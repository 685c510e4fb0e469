// Torrents over HTTP as rqbit's clients know them: list, details, progress, adding, pausing, removing, playlists, bytes.
// This file says which call is which; each has its own file. Knows no swarm and no bytes.

import express, { type Router } from 'express';
import { NotFoundError } from '../content/index.js';
import { byteCors } from '../delivery/index.js';
import { MAX_TORRENT_FILE_BYTES } from '../engines/torrent/index.js';
import { originCors } from './origin-cors.js';
import { TorrentCalls } from './torrents-calls.js';
import type { TorrentsDeps } from './torrents-deps.js';
import { torrentsErrorHandler } from './torrents-error.js';
import { playlistRoute } from './torrents-playlist.js';
import { requireContentAccess, streamRoute } from './torrents-stream.js';

/** Everything below `/torrents`. Every error there is `{error_kind, human_readable, status}`. */
export function createTorrentRoutes(deps: TorrentsDeps): Router {
  const { requireAccess } = deps;
  const calls = new TorrentCalls(deps);
  const router = express.Router();
  router.use(createPlayerRoutes(deps));
  router.use('/torrents', originCors(deps.corsOrigins ?? [], ['GET', 'POST', 'OPTIONS']));
  router.get('/torrents', requireAccess, calls.list);
  router.post('/torrents', requireAccess, express.raw({ type: () => true, limit: MAX_TORRENT_FILE_BYTES }), calls.add);
  router.get('/torrents/:id', requireAccess, calls.details);
  router.get('/torrents/:id/stats/v1', requireAccess, calls.stats);
  router.post('/torrents/:id/pause', requireAccess, calls.setPaused(true));
  router.post('/torrents/:id/start', requireAccess, calls.setPaused(false));
  router.post('/torrents/:id/forget', requireAccess, calls.remove({ deleteFiles: false }));
  router.post('/torrents/:id/delete', requireAccess, calls.remove({ deleteFiles: true }));
  const json = express.json({ type: () => true, limit: '2mb' });
  router.post('/torrents/:id/update_only_files', requireAccess, json, calls.updateOnlyFiles);
  router.use('/torrents', () => {
    throw new NotFoundError('There is no such call.');
  });
  router.use(torrentsErrorHandler(deps.log, 'api'));
  return router;
}

/** What players open: bytes for anybody with the URL, from any origin. The file name in a stream URL is decoration. */
function createPlayerRoutes(deps: TorrentsDeps): Router {
  const stream = /^\/torrents\/([^/]+)\/stream\/([^/]+)(?:\/.*)?$/;
  const playlist = /^\/torrents\/([^/]+)\/playlist\/?$/;
  const router = express.Router();
  router.all([stream, playlist, '/torrents/playlist'], byteCors());
  router.get(stream, requireContentAccess(deps), streamRoute(deps));
  router.get('/torrents/playlist', deps.requireAccess, playlistRoute(deps));
  router.get(playlist, requireContentAccess(deps), playlistRoute(deps));
  router.use(torrentsErrorHandler(deps.log, 'bytes'));
  return router;
}
