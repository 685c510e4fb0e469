// Playlists of torrents: every playable file, at an address that plays by itself.

import type { RequestHandler } from 'express';
import { sendPlaylist } from '../delivery/index.js';
import { isPlayable } from '../naming/index.js';
import { accessQuery } from './guard.js';
import { contentScope } from './stream-token.js';
import type { TorrentEntry, TorrentsDeps } from './torrents-deps.js';
import { findTorrent, pathParameter } from './torrents-lookup.js';

/** Answers a playlist of one torrent (path parameter) or, without one, of all. */
export function playlistRoute(deps: TorrentsDeps): RequestHandler {
  return (req, res) => {
    const id = pathParameter(req, 0);
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
    .filter((file) => !file.isPadding && file.isMember !== true && isPlayable(file.name))
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
