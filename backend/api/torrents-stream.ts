// Bytes and playlists of torrents: the URLs that players are given. They authenticate by a signature of their own or by
// the API key.

import type { Request, RequestHandler } from 'express';
import type { MediaFile } from '../content/index.js';
import { BusyError } from '../content/index.js';
import { sendPlaylist } from '../delivery/index.js';
import { isPlayable } from '../naming/index.js';
import { accessQuery, requireSignature } from './guard.js';
import { goneSignal } from './prepare-stream.js';
import { contentScope } from './stream-token.js';
import type { TorrentEntry, TorrentsDeps } from './torrents-deps.js';
import { torrentsErrorBody } from './torrents-error.js';
import { contentIdOf, findFile, findTorrent } from './torrents-lookup.js';

/** Lets a caller pass whose `?access=` is signed for the torrent in the path (first parameter), or who has the API key. */
export function requireContentAccess({ access, library, requireAccess }: TorrentsDeps): RequestHandler {
  const scopeOf = (req: Request): string => {
    const contentId = contentIdOf(library, parameter(req, 0));
    return contentId === null ? 'nothing' : contentScope(contentId);
  };
  return requireSignature(access, { scopeOf, otherwise: requireAccess });
}

/** Answers one file's bytes. Path parameters: torrent, file index. */
export function streamRoute(deps: TorrentsDeps): RequestHandler {
  return async (req, res) => {
    const entry = findTorrent(deps.library, parameter(req, 0));
    const { index } = findFile(entry, parameter(req, 1));
    const media = await openFile(deps, { entry, index, signal: goneSignal(res) });
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
  const access = accessQuery(deps.access, contentScope(torrent.contentId));
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
