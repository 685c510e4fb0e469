// Bytes of torrents: the URLs that players are given. They authenticate by a signature of their own or by the API key.

import type { Request, RequestHandler } from 'express';
import type { MediaFile } from '../content/index.js';
import { BusyError } from '../content/index.js';
import { requireSignature } from './guard.js';
import { goneSignal } from './prepare-stream.js';
import { contentScope } from './stream-token.js';
import type { TorrentEntry, TorrentsDeps } from './torrents-deps.js';
import { torrentsErrorBody } from './torrents-error.js';
import { contentIdOf, findFile, findTorrent, pathParameter } from './torrents-lookup.js';

/** Lets a caller pass whose `?access=` is signed for the torrent in the path (first parameter), or who has the API key. */
export function requireContentAccess({ access, library, requireAccess }: TorrentsDeps): RequestHandler {
  const scopeOf = (req: Request): string => {
    const contentId = contentIdOf(library, pathParameter(req, 0));
    return contentId === null ? 'nothing' : contentScope(contentId);
  };
  return requireSignature(access, { scopeOf, otherwise: requireAccess });
}

/** Answers one file's bytes. Path parameters: torrent, file index. */
export function streamRoute(deps: TorrentsDeps): RequestHandler {
  return async (req, res) => {
    const entry = findTorrent(deps.library, pathParameter(req, 0));
    const { index } = findFile(entry, pathParameter(req, 1));
    const media = await openFile(deps, { entry, index, signal: goneSignal(res) });
    const options = { isSecretUrl: !deps.access.isOpen, errorBody: torrentsErrorBody };
    await deps.delivery.deliver(req, res, media, options);
  };
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
