// The part of the assembly that is about Usenet: the engine, the news servers that are set up, and what hangs on submissions
// (items, the watch folder). Called by backend.ts alone.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfiguredProviders, loadYencKernel, UsenetEngine } from './engines/usenet/index.js';
import { parseTorrentFile, type TorrentEngine } from './engines/torrent/index.js';
import { isInfoHash, type Job } from './content/index.js';
import { Items, WatchFolder, type JobManager } from './jobs/index.js';
import { ConfigError } from './platform/index.js';
import type { Clock, Config, HttpClient, Logger, NntpProvider } from './platform/index.js';
import { ItemStore, KnownNzbUrls, NzbDocuments, ProviderStore } from './storage/index.js';
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

/** The engine, and the news servers it asks. */
export interface UsenetRooms {
  readonly usenet: UsenetEngine;
  readonly providers: ConfiguredProviders;
}

/** @throws {ConfigError} for a certificate file that cannot be read */
export async function createUsenet(o: UsenetParts): Promise<UsenetRooms> {
  const { config, clock, log, database } = o;
  await checkAuthorities(config.nntpProviders);
  const usenet = await createEngine(o);
  const providers = new ConfiguredProviders({
    environment: config.nntpProviders,
    keeper: new ProviderStore(database, clock),
    inUse: usenet,
    log,
  });
  providers.start();
  return { usenet, providers };
}

async function createEngine({
  config,
  clock,
  log,
  http,
  cache,
  library,
  database,
}: UsenetParts): Promise<UsenetEngine> {
  const kernel = await loadYencKernel();
  log.debug({ kernel: kernel.name }, `Usenet: yEnc is decoded by the ${kernel.name} kernel`);
  return new UsenetEngine({
    folder: join(config.cacheDir, 'usenet'),
    kernel,
    cache,
    documents: documentsOf({ config, database }),
    urls: new KnownNzbUrls(database, clock),
    http,
    clock,
    log,
    readAheadBytes: config.readAheadBytes,
    memoryBytes: config.memoryCacheBytes,
    knownSince: (contentId) => new Date(library.get(contentId)?.addedAt ?? clock.now()),
  });
}

/** Submissions and what became of them. They are remembered whether or not a news server is set up. */
export function createItems(
  o: UsenetParts & { readonly usenet: UsenetEngine; readonly torrents: TorrentEngine; readonly jobs: JobManager },
): Items {
  const { database, jobs, library, clock, log, torrents, usenet } = o;
  const documents = documentsOf(o);
  const items = new Items({
    store: new ItemStore(database),
    jobs,
    library,
    removeContent: async (contentId, { keepsDocument }) => {
      if (isInfoHash(contentId)) return torrents.remove(contentId, { deleteFiles: true });
      await usenet.remove(contentId);
      if (!keepsDocument) await documents.remove(contentId);
    },
    clock,
    log,
  });
  usenet.onProvidersReplaced(() => items.forgiveMissing());
  return items;
}

/** Prepares what is dropped into `$DATA_DIR/watch`. */
export function createWatchFolder(
  o: UsenetParts & { readonly usenet: UsenetEngine; readonly jobs: JobManager; readonly items: Items },
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

/** Where NZBs are kept. */
export function documentsOf({
  config,
  database,
}: {
  readonly config: Pick<Config, 'dataDir'>;
  readonly database: Database;
}): NzbDocuments {
  const store = new ItemStore(database);
  const noteSize = store.noteDocument.bind(store);
  return new NzbDocuments({ folder: join(config.dataDir, 'nzbs'), sealer: database.sealer, noteSize });
}
