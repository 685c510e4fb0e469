// A library to be mounted, in memory: items with their releases and documents, over the real storage.

import { createHash } from 'node:crypto';

import { SubmittedDocuments } from '../../backend/api/index.js';
import type { ContentId, NzbSource, ReleaseFile, Source } from '../../backend/content/index.js';
import { formatTorrentFile } from '../../backend/engines/torrent/index.js';
import type { Clock } from '../../backend/platform/index.js';
import { Sealer, systemClock } from '../../backend/platform/index.js';
import { ItemIndex, ItemStore, Library, openDatabase } from '../../backend/storage/index.js';
import type { Database, KeptItem } from '../../backend/storage/index.js';

/** A file of a release. */
export type ShelfFile = readonly [path: string, sizeBytes: number];

export interface ShelfItem extends Partial<KeptItem> {
  readonly files?: readonly ShelfFile[];
  readonly source?: Source;
  /** The kept NZB; default one that names the folder, null where none is kept. */
  readonly document?: string | null;
}

/** Large enough to be a film. */
export const FILM_BYTES = 300e6;

/** Everything that listings read. */
export class WebdavShelf {
  readonly database: Database;
  readonly store: ItemStore;
  readonly index: ItemIndex;
  readonly library: Library;
  readonly documents: SubmittedDocuments;
  /** Plain NZBs by content. */
  readonly nzbs = new Map<string, Uint8Array>();
  /** How often a document was read. */
  reads = 0;
  #count = 0;

  constructor(o: { readonly database?: Database; readonly clock?: Clock } = {}) {
    this.database = o.database ?? openDatabase(':memory:', { sealer: new Sealer('s'.repeat(32)) });
    this.store = new ItemStore(this.database);
    this.index = new ItemIndex(this.database);
    this.library = new Library(this.database, o.clock ?? systemClock);
    this.documents = new SubmittedDocuments({
      index: this.index,
      store: this.store,
      nzbs: {
        read: (contentId) => {
          this.reads += 1;
          return Promise.resolve(this.nzbs.get(contentId) ?? null);
        },
      },
      formatTorrent: formatTorrentFile,
    });
  }

  get items() {
    return {
      byFolder: (category: string, folder: string) => this.store.byFolder(category, folder),
      isRemovedFolder: (category: string, folder: string) => this.store.isRemovedFolder(category, folder, 0),
    };
  }

  /** An item that plays, unless `more` says otherwise. */
  add(category: string, folder: string, more: ShelfItem = {}): KeptItem {
    const { files = [[`${folder}.mkv`, FILM_BYTES]], document = `<nzb>${folder}</nzb>`, source, ...item } = more;
    const number = ++this.#count;
    const contentId =
      source?.kind === 'torrent'
        ? (source.infoHash as ContentId)
        : (createHash('sha256').update(`${category}/${folder}/${number}`).digest('hex') as ContentId);
    const nzb: NzbSource = { kind: 'nzb', contentId, name: folder, passwords: [] };
    this.library.remember({ contentId, name: folder, files: files.map(releaseFile), source: source ?? nzb });
    if (document !== null) this.nzbs.set(contentId, Buffer.from(document));
    const made: Omit<KeptItem, 'id'> = {
      ...{ nzoId: `nzo ${number}`, itemKey: `key ${number}`, contentId, kind: 'nzb', name: folder, category, folder },
      ...{ jobId: null, status: 'completed', stage: 'completed', percentage: 100, error: null, failedAt: null },
      ...{ createdAt: 1_700_000_000_000 + number * 1_000, completedAt: null, isFavourite: false },
      ...item,
    };
    return this.store.insert(made, { source: source ?? nzb });
  }
}

function releaseFile([path, sizeBytes]: ShelfFile, index: number): ReleaseFile {
  const isMember = /\.(?:rar|zip|7z)\//.test(path) ? ({ isMember: true } as const) : {};
  return { index, path, name: path.split('/').at(-1) ?? path, sizeBytes, isPadding: false, ...isMember };
}
