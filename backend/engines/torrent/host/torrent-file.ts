// One file of a torrent as a MediaFile.

import type { ByteRange, MediaFile, OpenOptions } from '../../../content/index.js';
import type { BufferPool } from '../../../platform/index.js';
import type { TorrentFile } from '../info.js';
import type { TorrentDisk } from './torrent-disk.js';
import type { TorrentEntry } from './torrent-entry.js';
import { readTorrent } from './torrent-reader.js';

export interface TorrentMediaFileOptions {
  readonly entry: TorrentEntry;
  readonly disk: TorrentDisk;
  readonly file: TorrentFile;
  readonly modifiedAt: Date;
  readonly buffers: BufferPool;
  readonly windowLimit: () => number;
}

export class TorrentMediaFile implements MediaFile {
  constructor(private readonly options: TorrentMediaFileOptions) {}

  get id(): string {
    return `${this.options.entry.infoHash}:${this.options.file.index}`;
  }

  get name(): string {
    return this.options.file.name;
  }

  get sizeBytes(): number {
    return this.options.file.sizeBytes;
  }

  get modifiedAt(): Date {
    return this.options.modifiedAt;
  }

  open(range: ByteRange, { signal, priority = 'play' }: OpenOptions): AsyncIterable<Uint8Array> {
    const { entry, disk, file, buffers, windowLimit } = this.options;
    return readTorrent({
      entry,
      disk,
      range: { start: file.offset + range.start, end: file.offset + range.end },
      kind: priority,
      signal,
      buffers,
      windowLimit,
    });
  }
}
