// The part of the assembly that plays torrents, and goes on fetching what was chosen of them. Called by backend.ts alone.

import type { InfoHash } from './content/index.js';
import { normalizeInfoHash, TorrentEngine } from './engines/torrent/index.js';
import type { SwarmLists, TorrentEngineOptions, WorkerSettings } from './engines/torrent/index.js';
import type { Clock, Config, HttpClient, Logger } from './platform/index.js';
import type { DiskCache, Library, LibraryEntry } from './storage/index.js';

export interface TorrentParts {
  readonly config: Config;
  /** Only tests replace it. */
  readonly createWorker: TorrentEngineOptions['createWorker'];
  readonly clock: Clock;
  readonly log: Logger;
  readonly http: HttpClient;
  readonly cache: DiskCache;
  readonly library: Library;
  readonly lists: SwarmLists;
}

export function createTorrentEngine(o: TorrentParts): TorrentEngine {
  const { config, createWorker, clock, log, http, cache, library, lists } = o;
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
    ...(createWorker === undefined ? {} : { createWorker }),
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

/** Goes on fetching the files that were chosen before a restart; nobody waits for it but who closes. */
export function fetchIncluded(o: {
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
