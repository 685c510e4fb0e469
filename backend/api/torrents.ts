// Torrents over HTTP as rqbit's clients know them: list, details, progress, adding, pausing, removing, playlists, bytes.
// This file says which call is which; each has its own file. Knows no swarm and no bytes.

import type { Request, RequestHandler, Router } from 'express';
import express from 'express';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { InputError, NotFoundError } from '../content/index.js';
import { byteCors } from '../delivery/index.js';
import { MAX_TORRENT_FILE_BYTES } from '../engines/torrent/index.js';
import { originCors } from './origin-cors.js';
import { TorrentAdder } from './torrents-add.js';
import type { TorrentEntry, TorrentsDeps } from './torrents-deps.js';
import { torrentsErrorHandler } from './torrents-error.js';
import { checkFileIndexes, findTorrent, infoHashOfEntry } from './torrents-lookup.js';
import { playlistRoute, requireContentAccess, streamRoute } from './torrents-stream.js';
import { countPieces, formatDetails, formatListItem, formatStats } from './torrents-views.js';

/** Torrents whose piece count is remembered, so that polling does not read their `info` each time. */
const MAX_COUNTED = 1_000;
const onlyFilesSchema = z.object({ only_files: z.array(z.int().nonnegative()).max(100_000) });

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

class TorrentCalls {
  private readonly adder: TorrentAdder;
  private readonly pieceCounts = new LRUCache<string, number>({ max: MAX_COUNTED });

  constructor(private readonly deps: TorrentsDeps) {
    this.adder = new TorrentAdder(deps);
  }

  readonly list: RequestHandler = (req, res) => {
    const hasStats = req.query['with_stats'] === 'true';
    const torrents = this.deps.library
      .listTorrents()
      .map((entry) => ({ ...formatListItem(entry), ...(hasStats ? { stats: this.statsOf(entry) } : {}) }));
    res.json({ torrents });
  };

  readonly add: RequestHandler = async (req, res) => {
    const { entry, release, seenPeers } = await this.adder.add(req);
    const details = this.detailsOf(entry ?? { ...release, torrentId: null, isPaused: false });
    res.json({ id: details.id, details, output_folder: details.output_folder, seen_peers: seenPeers });
  };

  readonly details: RequestHandler = (req, res) => {
    res.json(this.detailsOf(this.find(req)));
  };

  readonly stats: RequestHandler = async (req, res) => {
    const entry = this.find(req);
    await this.adder.load(entry);
    res.json(this.statsOf(entry));
  };

  readonly updateOnlyFiles: RequestHandler = async (req, res) => {
    const entry = this.find(req);
    const body = onlyFilesSchema.safeParse(req.body);
    if (!body.success) throw new InputError('The body must be {"only_files": [indexes]}.');
    const indexes = checkFileIndexes(entry, body.data.only_files);
    await this.adder.load(entry);
    await this.deps.engine.setIncluded(infoHashOfEntry(entry), indexes);
    res.json({});
  };

  setPaused(isPaused: boolean): RequestHandler {
    return async (req, res) => {
      const entry = this.find(req);
      this.deps.library.setPaused(entry.contentId, isPaused);
      await this.deps.engine.setPaused(infoHashOfEntry(entry), isPaused);
      res.json({});
    };
  }

  /** First nothing new can open it, then its jobs end, then its readers. */
  remove(options: { readonly deleteFiles: boolean }): RequestHandler {
    return async (req, res) => {
      const { engine, jobs, library } = this.deps;
      const entry = this.find(req);
      library.remove(entry.contentId);
      jobs.cancelContent(entry.contentId);
      await engine.remove(infoHashOfEntry(entry), options);
      res.json({});
    };
  }

  private find(req: Request): TorrentEntry {
    const { id } = req.params;
    return findTorrent(this.deps.library, typeof id === 'string' ? id : '');
  }

  private detailsOf(entry: TorrentEntry) {
    const included = this.deps.engine.status(infoHashOfEntry(entry))?.included ?? [];
    return formatDetails(entry, { totalPieces: this.pieceCountOf(entry), included });
  }

  private statsOf(entry: TorrentEntry) {
    return formatStats(entry, this.deps.engine.status(infoHashOfEntry(entry)), this.pieceCountOf(entry));
  }

  private pieceCountOf(entry: TorrentEntry): number {
    const count = this.pieceCounts.get(entry.contentId) ?? countPieces(entry);
    if (count > 0) this.pieceCounts.set(entry.contentId, count);
    return count;
  }
}
