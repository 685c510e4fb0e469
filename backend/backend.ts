// The assembly: the one file that knows every room. Builds them in order, starts them in order, closes them in the
// opposite order. No decision of its own about content, bytes or access.

import { join } from 'node:path';
import type { Request } from 'express';
import { Access, loadSecrets } from './access/index.js';
import type { Secrets } from './access/index.js';
import type { InfoHash } from './content/index.js';
import { Delivery, requestOrigin } from './delivery/index.js';
import type { Discovery } from './discovery/index.js';
import { createDiscovery } from './discovery-parts.js';
import type { DiscoveryRooms } from './discovery-parts.js';
import { ArchivedEngine } from './engines/archived/index.js';
import { HttpEngine } from './engines/http/index.js';
import { normalizeInfoHash, SwarmLists, TorrentEngine } from './engines/torrent/index.js';
import type { TorrentEngineOptions, WorkerSettings } from './engines/torrent/index.js';
import type { UsenetEngine } from './engines/usenet/index.js';
import { JobManager } from './jobs/index.js';
import type { Items, WatchFolder } from './jobs/index.js';
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
  JobStore,
  Library,
  ListedSources,
  lockDataDir,
  openDatabase,
  PreferencesStore,
  SessionRecords,
} from './storage/index.js';
import type { Database, DataLock, LibraryEntry } from './storage/index.js';
import { createItems, createUsenet, createWatchFolder } from './usenet-parts.js';
import type { UsenetRooms } from './usenet-parts.js';

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
  readonly discovery: Discovery;
  readonly indexers: DiscoveryRooms['indexers'];
  /** Of the configured indexers, as `URL.origin` writes them. */
  readonly indexerOrigins: () => ReadonlySet<string>;
  readonly preferences: PreferencesStore;
  readonly delivery: Delivery;
  readonly subtitleExtractor: MediaRooms['subtitleExtractor'];
  /** Origin and path prefix that the caller of this request used. */
  originOf(req: Request): string;
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
  const torrents = createTorrentEngine({ config, parts, clock, log, http, cache, library, lists });
  const shared = { config, clock, log, http, cache, library, database };
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
  const watch = createWatchFolder({ ...shared, usenet, jobs, items });
  const media = createMedia({ ...shared, jobs });
  const delivery = new Delivery({
    stallTimeoutMs: config.streamStallTimeoutMs,
    trustedProxies: config.trustedProxies,
    log,
    clock,
  });
  const listedSources = new ListedSources(database, clock);
  const rooms = {
    config,
    secrets,
    log,
    clock,
    http,
    access,
    library,
    listedSources,
    cache,
    lists,
    torrents,
    usenet,
    providers,
    jobs,
    items,
    discovery: found.discovery,
    indexers: found.indexers,
    indexerOrigins: () => found.indexerOrigins(),
    preferences: new PreferencesStore(database, log),
    delivery,
    subtitleExtractor: media.subtitleExtractor,
  };
  await start({ torrents, usenet, jobs, items, lists, listedSources, media, watch });
  const restored = fetchIncluded({ torrents, library, log, timeoutMs: config.prepareTimeoutMs });
  return {
    ...rooms,
    originOf: (req) => requestOrigin(req, config),
    close: closer({ restored, found, watch, media, items, jobs, lists, torrents, usenet, database, lock }),
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

interface TorrentParts {
  readonly config: Config;
  readonly parts: BackendParts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly http: HttpClient;
  readonly cache: DiskCache;
  readonly library: Library;
  readonly lists: SwarmLists;
}

function createTorrentEngine({ config, parts, clock, log, http, cache, library, lists }: TorrentParts): TorrentEngine {
  return new TorrentEngine({
    cacheDir: config.cacheDir,
    cache,
    http,
    clock,
    log,
    readAheadBytes: config.readAheadBytes,
    idleMs: config.torrentIdleMs,
    worker: workerSettings(config),
    trackers: () => lists.trackers(),
    allowsTracker: (tracker) => lists.allows(tracker),
    isPaused: (infoHash: InfoHash) => library.get(infoHash)?.isPaused ?? false,
    knownSince: (infoHash: InfoHash) => new Date(library.get(infoHash)?.addedAt ?? clock.now()),
    ...(parts.createTorrentWorker === undefined ? {} : { createWorker: parts.createTorrentWorker }),
  });
}

function workerSettings(config: Config): WorkerSettings {
  return {
    connectionLimit: config.connectionLimit,
    downloadLimit: config.downloadLimitBytesPerSecond,
    uploadLimit: config.uploadLimitBytesPerSecond,
    isDiscoveryDisabled: config.disableDiscovery,
    port: config.torrentPort,
    host: config.torrentHost,
    portMapping: config.torrentPortMapping,
    allowPrivate: config.allowPrivateFetch,
    proxyUrl: config.torrentProxy ?? null,
  };
}

async function start(o: {
  readonly torrents: TorrentEngine;
  readonly usenet: UsenetEngine;
  readonly jobs: JobManager;
  readonly items: Items;
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
  await o.jobs.start();
  await o.watch.start();
}

/** Goes on fetching the files that were chosen before a restart; nobody waits for it but who closes. */
function fetchIncluded(o: {
  readonly torrents: TorrentEngine;
  readonly library: Library;
  readonly log: Logger;
  readonly timeoutMs: number;
}): { end(): Promise<void> } {
  const ending = new AbortController();
  const isDue = (entry: LibraryEntry | null): entry is LibraryEntry =>
    entry !== null && !entry.isPaused && entry.included.length > 0 && !ending.signal.aborted;
  const fetch = async ({ contentId, source }: LibraryEntry): Promise<void> => {
    const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(o.timeoutMs)]);
    await o.torrents.resolve(source, { signal });
    const entry = o.library.get(contentId);
    if (isDue(entry)) await o.torrents.setIncluded(normalizeInfoHash(contentId), entry.included);
  };
  const fetchAll = async (): Promise<void> => {
    for (const { contentId } of o.library.listTorrents().filter(isDue)) {
      const entry = o.library.get(contentId);
      if (!isDue(entry)) continue;
      await fetch(entry).catch((err: unknown) => {
        if (!ending.signal.aborted) o.log.warn({ err, contentId }, 'Chosen files are not fetched on after the restart');
      });
    }
  };
  const running = fetchAll().catch((err: unknown) => o.log.warn({ err }, 'Chosen files could not be read'));
  return {
    end: () => {
      ending.abort();
      return running;
    },
  };
}

function closer(o: {
  readonly restored: { end(): Promise<void> };
  readonly found: Pick<DiscoveryRooms, 'close'>;
  readonly watch: WatchFolder;
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
