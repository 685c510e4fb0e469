// The assembly: the one file that knows every room. Builds them in order, starts them in order, closes them in the
// opposite order. No decision of its own about content, bytes or access.

import { join } from 'node:path';
import type { Request } from 'express';
import { Access, loadSecrets } from './access/index.js';
import type { Secrets } from './access/index.js';
import { Delivery, requestOrigin } from './delivery/index.js';
import type { Discovery } from './discovery/index.js';
import { createDiscovery } from './discovery-parts.js';
import type { DiscoveryRooms } from './discovery-parts.js';
import { ArchivedEngine } from './engines/archived/index.js';
import { HttpEngine } from './engines/http/index.js';
import { SwarmLists } from './engines/torrent/index.js';
import type { TorrentEngine, TorrentEngineOptions } from './engines/torrent/index.js';
import type { UsenetEngine } from './engines/usenet/index.js';
import { JobManager } from './jobs/index.js';
import type { Items, WatchFolder } from './jobs/index.js';
import { createLibraryRooms } from './library-parts.js';
import type { LibraryRooms } from './library-parts.js';
import { createMedia } from './media-parts.js';
import type { MediaRooms } from './media-parts.js';
import {
  AddressPolicy,
  ConfigError,
  createHttpClient,
  createLogger,
  makeFolder,
  Sealer,
  systemClock,
} from './platform/index.js';
import type { Clock, Config, HttpClient, Logger } from './platform/index.js';
import {
  DiskCache,
  ItemListings,
  JobStore,
  Library,
  ListedSources,
  lockDataDir,
  openDatabase,
  PreferencesStore,
  SessionRecords,
} from './storage/index.js';
import type { Database, DataLock, ItemIndex } from './storage/index.js';
import { createTorrentEngine, fetchIncluded } from './torrent-parts.js';
import { createItems, createUsenet, createWatchFolder } from './usenet-parts.js';
import type { UsenetRooms } from './usenet-parts.js';
import { createWebdav } from './webdav-parts.js';
import type { WebdavRooms } from './webdav-parts.js';

/** What tests replace; everything else is built from the configuration. */
export interface BackendParts {
  /** The package's, told to indexers; default `0`. */
  readonly version?: string;
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly createTorrentWorker?: TorrentEngineOptions['createWorker'];
}

/** A running backend: its rooms, ready to be spoken to by the dialects and the addon. */
export interface Backend {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly log: Logger;
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly access: Access;
  readonly library: Library;
  readonly listedSources: ListedSources;
  readonly cache: DiskCache;
  readonly lists: SwarmLists;
  readonly torrents: TorrentEngine;
  readonly usenet: UsenetEngine;
  readonly providers: UsenetRooms['providers'];
  readonly jobs: JobManager;
  readonly items: Items;
  readonly itemIndex: ItemIndex;
  readonly itemListings: ItemListings;
  readonly discovery: Discovery;
  readonly indexers: DiscoveryRooms['indexers'];
  /** Of the configured indexers, as `URL.origin` writes them. */
  readonly indexerOrigins: () => ReadonlySet<string>;
  readonly preferences: PreferencesStore;
  readonly delivery: Delivery;
  readonly subtitleExtractor: MediaRooms['subtitleExtractor'];
  readonly webdav: WebdavRooms;
  /** Origin and path prefix that the caller of this request used. */
  originOf(req: Request): string;
  /** The server listens, at `origin` for programs on this machine (`BASE_URL` where it is set). Once. */
  listening(origin: string): void;
  /** Lets what runs finish within the limits of each room, then closes everything. Idempotent. */
  close(): Promise<void>;
}

/** Builds and starts everything. @throws {ConfigError} when data or keys cannot be used with these settings */
export async function createBackend(config: Config, parts: BackendParts = {}): Promise<Backend> {
  await useFolder('DATA_DIR', config.dataDir);
  const lock = lockDataDir(config.dataDir);
  try {
    return await build(config, parts, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function build(config: Config, parts: BackendParts, lock: DataLock): Promise<Backend> {
  const clock = parts.clock ?? systemClock;
  const log = parts.log ?? createLogger({ level: config.logLevel, format: config.logFormat });
  await useFolder('CACHE_DIR', config.cacheDir);
  const secrets = await loadSecrets(config);
  const database = openDatabase(join(config.dataDir, 'headstart.sqlite'), { sealer: new Sealer(secrets.secretKey) });
  const library = new Library(database, clock);
  const access = new Access({ auth: config.auth, ...secrets, sessions: new SessionRecords(database), clock });
  const configured = { origins: (): ReadonlySet<string> => new Set() };
  const http = createHttpClient({
    policy: new AddressPolicy(copyOf(config.allowPrivateFetch)),
    log,
    allowedOrigins: () => configured.origins(),
  });
  const cache = new DiskCache({ maxBytes: config.cacheMaxBytes });
  const lists = new SwarmLists({ settings: config, http, clock, log });
  const shared = { config, clock, log, http, cache, library, database };
  const torrents = createTorrentEngine({ ...shared, lists, createWorker: parts.createTorrentWorker });
  const { usenet, providers } = await createUsenet(shared);
  const jobs = new JobManager({
    engines: [new ArchivedEngine({ inner: torrents, clock }), new HttpEngine({ client: http, clock }), usenet],
    store: new JobStore(database),
    library,
    clock,
    log,
    timeouts: config,
  });
  const found = createDiscovery({ ...shared, jobs, lists, usenet, version: parts.version ?? '0' });
  configured.origins = () => found.origins();
  const items = createItems({ ...shared, usenet, torrents, jobs });
  const listedSources = new ListedSources(database, clock);
  const house = createLibraryRooms({ ...shared, items, jobs, access, listedSources });
  const watch = createWatchFolder({ ...shared, usenet, jobs, items });
  const media = createMedia({ ...shared, jobs });
  const { streamStallTimeoutMs: stallTimeoutMs, trustedProxies } = config;
  const delivery = new Delivery({ stallTimeoutMs, trustedProxies, log, clock });
  const rooms = {
    ...shared,
    ...{ secrets, access, listedSources, lists, torrents, usenet, providers, jobs, items },
    ...{ itemIndex: house.itemIndex, itemListings: new ItemListings(database) },
    discovery: found.discovery,
    indexers: found.indexers,
    indexerOrigins: () => found.indexerOrigins(),
    preferences: new PreferencesStore(database, log),
    delivery,
    subtitleExtractor: media.subtitleExtractor,
    webdav: await createWebdav(shared),
  };
  await start({ torrents, usenet, jobs, items, house, lists, listedSources, media, watch });
  const restored = fetchIncluded({ torrents, library, log, timeoutMs: config.prepareTimeoutMs });
  return {
    ...rooms,
    originOf: (req) => requestOrigin(req, config),
    listening: (origin) => house.startExport(origin),
    close: closer({ restored, found, watch, house, media, items, jobs, lists, torrents, usenet, database, lock }),
  };
}

async function useFolder(variable: string, folder: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([
      `${variable}: ${folder} cannot be made or used (${code ?? 'unknown error'}); allowed: a folder`,
    ]);
  }
}

async function start(o: {
  readonly torrents: TorrentEngine;
  readonly usenet: UsenetEngine;
  readonly jobs: JobManager;
  readonly items: Items;
  readonly house: LibraryRooms;
  readonly lists: SwarmLists;
  readonly listedSources: ListedSources;
  readonly media: MediaRooms;
  readonly watch: WatchFolder;
}): Promise<void> {
  o.listedSources.prune();
  await o.torrents.start();
  await o.usenet.start();
  o.lists.onBlocklist((ranges) => o.torrents.setBlocklist(ranges));
  o.lists.start();
  await o.media.start();
  o.items.start();
  o.house.adopt();
  await o.jobs.start();
  // Nobody waits for it: what cannot be prepared again is told in the log.
  void o.items.resumeLost();
  o.house.start();
  await o.watch.start();
}

function closer(o: {
  readonly restored: { end(): Promise<void> };
  readonly found: Pick<DiscoveryRooms, 'close'>;
  readonly watch: WatchFolder;
  readonly house: LibraryRooms;
  readonly media: MediaRooms;
  readonly items: Items;
  readonly jobs: JobManager;
  readonly lists: SwarmLists;
  readonly torrents: TorrentEngine;
  readonly usenet: UsenetEngine;
  readonly database: Database;
  readonly lock: DataLock;
}): () => Promise<void> {
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await o.restored.end();
    await o.found.close();
    await o.watch.close();
    await o.house.close();
    await o.media.close();
    await o.jobs.close();
    o.items.close();
    await o.lists.close();
    await o.torrents.close();
    await o.usenet.close();
    o.database.close();
    o.lock.release();
  };
  return () => (closing ??= close());
}

function copyOf(allowPrivate: boolean | readonly string[]): boolean | string[] {
  return typeof allowPrivate === 'boolean' ? allowPrivate : [...allowPrivate];
}
