// Bytes and playlists of torrents: the URLs that players are given. They authenticate by a signature of their own or by
// the API key.

import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { MediaFile } from '../content/index.js';
import { BusyError } from '../content/index.js';
import { sendPlaylist } from '../delivery/index.js';
import { isPlayable } from '../naming/index.js';
import type { TorrentEntry, TorrentsDeps } from './torrents-deps.js';
import { torrentsErrorBody } from './torrents-error.js';
import { contentIdOf, findFile, findTorrent, scopeOf } from './torrents-lookup.js';

/** Lets a caller pass whose `?access=` is signed for the torrent in the path (first parameter), or who has the API key. */
export function requireContentAccess(deps: TorrentsDeps): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    const signature = req.query['access'];
    const contentId = contentIdOf(deps.library, parameter(req, 0));
    const isSigned =
      typeof signature === 'string' && contentId !== null && deps.access.isSigned(scopeOf(contentId), signature);
    if (isSigned) next();
    else deps.requireAccess(req, res, next);
  };
}

/** Answers one file's bytes. Path parameters: torrent, file index. */
export function streamRoute(deps: TorrentsDeps): RequestHandler {
  return async (req, res) => {
    const entry = findTorrent(deps.library, parameter(req, 0));
    const { index } = findFile(entry, parameter(req, 1));
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    const media = await openFile(deps, { entry, index, signal: gone.signal });
    const options = { isSecretUrl: !deps.access.isOpen, errorBody: torrentsErrorBody };
    await deps.delivery.deliver(req, res, media, options);
  };
}

/** Answers a playlist of one torrent (path parameter) or, without one, of all. */
export function playlistRoute(deps: TorrentsDeps): RequestHandler {
  return (req, res) => {
    const id = parameter(req, 0);
    const torrents = id === '' ? deps.library.listTorrents() : [findTorrent(deps.library, id)];
    const origin = deps.originOf(req);
    const entries = torrents.flatMap((torrent) => entriesOf(deps, torrent, origin));
    sendPlaylist(res, { name: id === '' ? 'torrents' : (torrents[0]?.name ?? 'torrent'), entries });
  };
}

/** Every playable file in the order people read names in: episode 2 before episode 10. */
function entriesOf(deps: TorrentsDeps, torrent: TorrentEntry, origin: string): { name: string; url: string }[] {
  const access = deps.access.isOpen
    ? ''
    : `?access=${encodeURIComponent(deps.access.sign(scopeOf(torrent.contentId)))}`;
  return torrent.files
    .filter((file) => !file.isPadding && isPlayable(file.name))
    .sort((a, b) => byName.compare(a.path, b.path))
    .map((file) => ({
      name: file.name,
      url: `${origin}/torrents/${torrent.contentId}/stream/${file.index}/${encodeName(file.name)}${access}`,
    }));
}

const byName = new Intl.Collator('en', { numeric: true });

/** As `encodeURIComponent`, with the marks that some players and shells stumble over. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The file, or `BusyError` after `maxWaitMs`. */
async function openFile(
  deps: TorrentsDeps,
  o: { readonly entry: TorrentEntry; readonly index: number; readonly signal: AbortSignal },
): Promise<MediaFile> {
  const { clock, jobs, maxWaitMs } = deps;
  const late = new AbortController();
  const deadline = clock.after(maxWaitMs, () => late.abort(new BusyError('The torrent is not ready yet.')));
  try {
    return await jobs.openContent(o.entry.contentId, o.index, { signal: AbortSignal.any([o.signal, late.signal]) });
  } finally {
    deadline.cancel();
  }
}

/** Path parameters by position: these routes are matched by patterns, so that a file name never needs decoding. */
function parameter(req: Request, position: number): string {
  const value = req.params[String(position)];
  return typeof value === 'string' ? value : '';
}
