// The part of the assembly that exists only where news servers are configured, and what hangs on submissions: items, the
// watch folder. Called by backend.ts alone.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadYencKernel, UsenetEngine } from './engines/usenet/index.js';
import { parseTorrentFile, type TorrentEngine } from './engines/torrent/index.js';
import { isInfoHash, UnsupportedError, type Job } from './content/index.js';
import { Items, WatchFolder, type JobManager } from './jobs/index.js';
import { ConfigError } from './platform/index.js';
import type { Clock, Config, HttpClient, Logger, NntpProvider } from './platform/index.js';
import { ItemStore, KnownNzbUrls, NzbDocuments } from './storage/index.js';
import type { Database, DiskCache, Library } from './storage/index.js';

export interface UsenetParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly http: HttpClient;
  readonly cache: DiskCache;
  readonly library: Library;
  readonly database: Database;
}

/** Null where no news server is configured. @throws {ConfigError} for a certificate file that cannot be read */
export async function createUsenetEngine(o: UsenetParts): Promise<UsenetEngine | null> {
  const { config, clock, log, http, cache, library, database } = o;
  if (config.nntpProviders.length === 0) return null;
  await checkAuthorities(config.nntpProviders);
  const kernel = await loadYencKernel();
  log.info(
    { kernel: kernel.name, providers: config.nntpProviders.length },
    `Usenet: yEnc is decoded by the ${kernel.name} kernel`,
  );
  return new UsenetEngine({
    folder: join(config.cacheDir, 'usenet'),
    providers: config.nntpProviders,
    kernel,
    cache,
    documents: documentsOf(o),
    urls: new KnownNzbUrls(database, clock),
    http,
    clock,
    log,
    readAheadBytes: config.readAheadBytes,
    memoryBytes: config.memoryCacheBytes,
    knownSince: (contentId) => new Date(library.get(contentId)?.addedAt ?? clock.now()),
  });
}

/** Submissions and what became of them. They are remembered whether or not a news server is configured. */
export function createItems(
  o: UsenetParts & {
    readonly usenet: UsenetEngine | null;
    readonly torrents: TorrentEngine;
    readonly jobs: JobManager;
  },
): Items {
  const { database, jobs, library, clock, log, torrents, usenet } = o;
  const documents = documentsOf(o);
  return new Items({
    store: new ItemStore(database),
    jobs,
    library,
    removeContent: async (contentId) => {
      if (isInfoHash(contentId)) return torrents.remove(contentId, { deleteFiles: true });
      await usenet?.remove(contentId);
      await documents.remove(contentId);
    },
    clock,
    log,
  });
}

/** Prepares what is dropped into `$DATA_DIR/watch`. */
export function createWatchFolder(
  o: UsenetParts & { readonly usenet: UsenetEngine | null; readonly jobs: JobManager; readonly items: Items },
): WatchFolder {
  const { config, clock, log, jobs, items, usenet } = o;
  const untilReady = async (job: Job | null, signal: AbortSignal): Promise<void> => {
    if (job === null) return;
    await jobs.untilStreamable(job.id, { signal });
    // Throws why a failed one failed.
    await jobs.open(job.id, { signal });
  };
  return new WatchFolder({
    folder: join(config.dataDir, 'watch'),
    clock,
    log,
    submit: async (file, { signal }) => {
      if (file.kind === 'torrent') {
        return untilReady(await jobs.prepare({ source: parseTorrentFile(file.bytes) }), signal);
      }
      if (usenet === null)
        throw new UnsupportedError('No news server is configured (NNTP_PROVIDERS).', { code: 'USENET_UNAVAILABLE' });
      const source = await usenet.accept(file.bytes, { fileName: file.name });
      const { job } = await items.submit({ source, category: 'watch', force: true });
      return untilReady(job, signal);
    },
  });
}

/** Said at the start rather than by the first film that does not play. */
async function checkAuthorities(providers: readonly NntpProvider[]): Promise<void> {
  for (const { id, caFile } of providers) {
    if (caFile === undefined) continue;
    await readFile(caFile).catch((error: NodeJS.ErrnoException) => {
      throw new ConfigError([
        `NNTP_PROVIDERS: ca of ${id}: ${caFile} cannot be read (${error.code ?? 'unknown error'})`,
      ]);
    });
  }
}

function documentsOf({ config, database }: UsenetParts): NzbDocuments {
  return new NzbDocuments({ folder: join(config.dataDir, 'nzbs'), sealer: database.sealer });
}
