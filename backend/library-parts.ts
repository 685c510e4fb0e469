// The part of the assembly that looks after the library: what it has becomes items, what nobody uses goes, with the NZBs that
// nothing was made from, and what plays is written down for media servers. Called by backend.ts alone.

import type { ContentId } from './content/index.js';
import { formatSourceIdentity } from './discovery/index.js';
import { DocumentKeeper, folderFilesOf, LibraryExport, LibraryKeeper } from './jobs/index.js';
import type { ExportItem, Items, JobManager } from './jobs/index.js';
import { formatFileAddress } from './api/index.js';
import type { NzbAccess } from './api/index.js';
import type { Clock, Config, Logger } from './platform/index.js';
import { ItemIndex, ItemStore } from './storage/index.js';
import type { Database, Library, ListedSources } from './storage/index.js';
import { documentsOf } from './usenet-parts.js';

export interface LibraryPartsOptions {
  readonly config: Pick<Config, 'dataDir' | 'exportDir' | 'libraryTtlMs'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly database: Database;
  readonly library: Library;
  readonly items: Items;
  readonly jobs: JobManager;
  readonly access: Pick<NzbAccess, 'signPath'> & { sourceId(identity: string): string };
  readonly listedSources: Pick<ListedSources, 'isKept'>;
}

/** Everything that looks after the library. */
export interface LibraryRooms {
  readonly itemIndex: ItemIndex;
  /** What is in the library without an item becomes one. Before the jobs are started. */
  adopt(): void;
  /** Begins to keep house. After the jobs are started. */
  start(): void;
  /** The server listens: what is written for other programs begins with `origin`. Once. */
  startExport(origin: string): void;
  /** Finishes what is under way. Idempotent. */
  close(): Promise<void>;
}

const ADOPTED_AT_ONCE = 500;

export function createLibraryRooms(o: LibraryPartsOptions): LibraryRooms {
  const { config, clock, log, items, jobs } = o;
  const itemIndex = new ItemIndex(o.database);
  const keeper = new LibraryKeeper({
    ttlMs: config.libraryTtlMs,
    unusedSince: (before, options) => itemIndex.unusedSince(before, options),
    isUnused: (id, before) => itemIndex.isUnusedSince(id, before),
    isInUse: (contentId) => jobs.isInUse(contentId),
    remove: (id) => items.remove(id, { isExpired: true }),
    clock,
    log,
  });
  const documents = createDocumentKeeper(o);
  let written: LibraryExport | null = null;
  return {
    itemIndex,
    adopt: () => adoptAll(o, itemIndex),
    start: () => {
      keeper.start();
      documents.start();
    },
    startExport: (origin) => {
      written ??= createExport(o, itemIndex, origin);
      written?.start();
    },
    close: async () => {
      await written?.close();
      await documents.close();
      await keeper.close();
    },
  };
}

/** What was listed is prepared from its NZB, too: its links are good for half a year. */
function createDocumentKeeper(o: LibraryPartsOptions): DocumentKeeper {
  const { access, clock, log, database, library, listedSources, jobs } = o;
  const [documents, store] = [documentsOf(o), new ItemStore(database)];
  const isListed = (contentId: ContentId): boolean => {
    const source = { kind: 'nzb', contentId, name: '', passwords: [] } as const;
    return listedSources.isKept(access.sourceId(formatSourceIdentity(source)));
  };
  return new DocumentKeeper({
    list: () => documents.list(),
    isNeeded: (contentId) =>
      store.countOfContent(contentId) > 0 ||
      library.get(contentId) !== null ||
      jobs.isInUse(contentId) ||
      isListed(contentId),
    remove: (contentId) => documents.remove(contentId),
    clock,
    log,
  });
}

/** In one go, so that a start that is cut short leaves nothing half done. What cannot be adopted is passed over. */
function adoptAll({ database, items, log }: LibraryPartsOptions, itemIndex: ItemIndex): void {
  const adopt = (contentId: ContentId): boolean => {
    try {
      return items.adopt(contentId) !== null;
    } catch (err) {
      log.warn({ err, contentId }, 'What is in the library could not be made an item');
      return false;
    }
  };
  const adoptPages = (): number => {
    let [adopted, offset] = [0, 0];
    for (;;) {
      const page = itemIndex.contentsWithoutItem({ limit: ADOPTED_AT_ONCE, offset });
      const done = page.filter(adopt).length;
      adopted += done;
      offset += page.length - done;
      if (page.length < ADOPTED_AT_ONCE) return adopted;
    }
  };
  if (itemIndex.contentsWithoutItem({ limit: 1 }).length === 0) return;
  const adopted = database.durably(adoptPages);
  log.info({ items: adopted }, 'What was in the library has become items');
}

/** Null where no folder is set. */
function createExport(o: LibraryPartsOptions, itemIndex: ItemIndex, origin: string): LibraryExport | null {
  const { access, clock, config, items, library, log } = o;
  if (config.exportDir === undefined) return null;
  const find = (id: number): ExportItem | null => {
    const item = items.get(id);
    const release = item?.status === 'streamable' || item?.status === 'completed' ? library.get(item.contentId) : null;
    return item === null || release === null ? null : { ...item, files: folderFilesOf(release.files) };
  };
  return new LibraryExport({
    folder: config.exportDir,
    listIds: (page) => itemIndex.playable(page).map(({ id }) => id),
    find,
    addressOf: (item, { path }) => formatFileAddress(origin, access, item, path),
    subscribe: (listener) => {
      const unsubscribes = [
        items.subscribe(({ id, status }) => {
          if (status !== 'queued' && status !== 'processing') listener(id);
        }),
        items.subscribeRemovals(({ id }) => listener(id)),
      ];
      return () => unsubscribes.forEach((unsubscribe) => unsubscribe());
    },
    clock,
    log,
  });
}
