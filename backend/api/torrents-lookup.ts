// Which torrent and which file a URL means.

import type { Request } from 'express';
import type { ContentId, InfoHash, ReleaseFile } from '../content/index.js';
import { GoneError, InputError, NotFoundError } from '../content/index.js';
import { normalizeInfoHash } from '../engines/torrent/index.js';
import type { TorrentEntry, TorrentLibrary } from './torrents-deps.js';

/** A torrent's content id is its infohash. */
export function infoHashOfEntry(entry: TorrentEntry): InfoHash {
  return normalizeInfoHash(entry.contentId);
}

/**
 * The torrent that `text` means: its small integer id, or its infohash (hex or base32, any case).
 * @throws {NotFoundError} code `TORRENT_NOT_FOUND`; {GoneError} when a user removed it.
 */
export function findTorrent(library: TorrentLibrary, text: string): TorrentEntry {
  const infoHash = infoHashOfText(text);
  const entry = infoHash === null ? findById(library, text) : library.get(infoHash);
  if (entry !== null && entry.torrentId !== null) return entry;
  const isRemoved = infoHash === null ? isRemovedId(library, text) : library.isRemoved(infoHash);
  if (isRemoved) throw new GoneError('This torrent was removed.');
  throw new NotFoundError(`There is no torrent ${text.slice(0, 80)}.`, { code: 'TORRENT_NOT_FOUND' });
}

/** The content that `text` means, if any, whether it is still here or not. */
export function contentIdOf(library: TorrentLibrary, text: string): ContentId | null {
  return infoHashOfText(text) ?? findById(library, text)?.contentId ?? null;
}

/**
 * The file at the index that `text` says; padding counts but cannot be asked for.
 * @throws {NotFoundError} code `FILE_NOT_FOUND`.
 */
export function findFile(entry: TorrentEntry, text: string): ReleaseFile {
  const index = /^[0-9]{1,6}$/.test(text) ? Number(text) : -1;
  const file = entry.files.find((candidate) => candidate.index === index);
  if (file !== undefined && !file.isPadding) return file;
  throw new NotFoundError(`The torrent has no file ${text.slice(0, 80)}.`, { code: 'FILE_NOT_FOUND' });
}

/**
 * Checks that all `indexes` are files of the torrent, without repetitions.
 * @throws {InputError} naming the first that is not.
 */
export function checkFileIndexes(entry: Pick<TorrentEntry, 'files'>, indexes: readonly number[]): number[] {
  const known = new Set(
    entry.files.filter((file) => !file.isPadding && file.isMember !== true).map((file) => file.index),
  );
  const stranger = indexes.find((index) => !known.has(index));
  if (stranger !== undefined) throw new InputError(`only_files: the torrent has no file ${stranger}.`);
  return [...new Set(indexes)];
}

/** Path parameters by position: player routes are matched by patterns, so that a file name never needs decoding. */
export function pathParameter(req: Request, position: number): string {
  const value = req.params[String(position)];
  return typeof value === 'string' ? value : '';
}

function infoHashOfText(text: string): InfoHash | null {
  return /^(?:[0-9a-f]{40}|[a-z2-7]{32})$/i.test(text) ? normalizeInfoHash(text) : null;
}

function findById(library: TorrentLibrary, text: string): TorrentEntry | null {
  return isIntegerId(text) ? library.byTorrentId(Number(text)) : null;
}

function isRemovedId(library: TorrentLibrary, text: string): boolean {
  return isIntegerId(text) && library.isRemovedTorrentId(Number(text));
}

function isIntegerId(text: string): boolean {
  return /^[0-9]{1,9}$/.test(text);
}
