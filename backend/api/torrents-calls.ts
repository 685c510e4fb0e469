// What each call about torrents answers: list, details, progress, adding, pausing, removing, choosing files.

import type { Request, RequestHandler } from 'express';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { InputError } from '../content/index.js';
import { TorrentAdder } from './torrents-add.js';
import type { TorrentEntry, TorrentsDeps } from './torrents-deps.js';
import { checkFileIndexes, findTorrent, infoHashOfEntry } from './torrents-lookup.js';
import { countPieces, formatDetails, formatListItem, formatStats } from './torrents-views.js';

/** Torrents whose piece count is remembered, so that polling does not read their `info` each time. */
const MAX_COUNTED = 1_000;
const onlyFilesSchema = z.object({ only_files: z.array(z.int().nonnegative()).max(100_000) });

/** The handlers of all calls but those that players make. Bodies are parsed before them. */
export class TorrentCalls {
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
    const details = this.detailsOf(entry ?? { ...release, torrentId: null, isPaused: false, included: [] });
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
    this.deps.library.setIncluded(entry.contentId, indexes);
    await this.adder.load({ ...entry, included: [] });
    await this.deps.engine.setIncluded(infoHashOfEntry(entry), indexes);
    res.json({});
  };

  setPaused(isPaused: boolean): RequestHandler {
    return async (req, res) => {
      const entry = this.find(req);
      this.deps.library.setPaused(entry.contentId, isPaused);
      await this.deps.engine.setPaused(infoHashOfEntry(entry), isPaused);
      if (!isPaused && entry.included.length > 0) await this.adder.load(entry);
      res.json({});
    };
  }

  /** First nothing new can open it, then its jobs end, then its readers. */
  remove(options: { readonly deleteFiles: boolean }): RequestHandler {
    return async (req, res) => {
      const { engine, items, jobs } = this.deps;
      const entry = this.find(req);
      items.forgetContent(entry.contentId);
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
    return formatDetails(entry, { totalPieces: this.pieceCountOf(entry) });
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
