// A torrent's metadata in the words of the house.

import type { Release, TorrentSource } from '../../../content/index.js';
import { NotFoundError } from '../../../content/index.js';
import type { TorrentFile, TorrentMetadata } from '../info.js';

/** @throws {NotFoundError} for an index that is none, or that of padding */
export function fileOf(metadata: TorrentMetadata, index: number): TorrentFile {
  const file = metadata.files[index];
  if (file === undefined || file.isPadding) throw new NotFoundError('The torrent has no such file.');
  return file;
}

/** What the torrent contains, with the source it can be had from again. */
export function releaseOf(metadata: TorrentMetadata, source: TorrentSource): Release {
  const files = metadata.files.map(({ index, path, name, sizeBytes, isPadding }) => ({
    index,
    path,
    name,
    sizeBytes,
    isPadding,
  }));
  return { contentId: metadata.infoHash, name: metadata.name, files, source };
}
