// The part of the assembly that finds releases: indexers, metadata, searches, how releases fared. Called by backend.ts alone.

import { contentKeyOf, contentKeyOfJobId } from './jobs/index.js';
import type { JobManager } from './jobs/index.js';
import {
  ConfiguredIndexers,
  Discovery,
  IndexerSet,
  MetadataClient,
  TitleSearch,
  TriedReleases,
} from './discovery/index.js';
import type { IndexerFindings, IndexerStatus } from './discovery/index.js';
import type { Clock, Config, HttpClient, Logger } from './platform/index.js';
import { IndexerStore, KnownNzbUrls } from './storage/index.js';
import type { Database, Library } from './storage/index.js';

export interface DiscoveryParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly http: HttpClient;
  readonly database: Database;
  readonly library: Library;
  readonly jobs: JobManager;
  /** The package's, told to indexers. */
  readonly version: string;
}

/** Everything that looks for releases, started. */
export interface DiscoveryRooms {
  readonly discovery: Discovery;
  readonly indexers: ConfiguredIndexers<IndexerStatus, IndexerFindings>;
  /** Where the configured indexers lie. */
  indexerOrigins(): ReadonlySet<string>;
  /** Where the configured indexers and the metadata addon lie: they may be at private addresses. */
  origins(): ReadonlySet<string>;
  /** Ends what is under way. Idempotent. */
  close(): Promise<void>;
}

/** A list is made of what is known by then: the answer itself takes some of its time too. */
const ANSWER_MARGIN_MS = 250;

export function createDiscovery(o: DiscoveryParts): DiscoveryRooms {
  const { config, clock, log, http, database, library, jobs, version } = o;
  const set = new IndexerSet({ http, clock, log, version, maxWaitMs: config.searchTimeoutMs });
  const indexers = new ConfiguredIndexers<IndexerStatus, IndexerFindings>({
    environment: config.indexers,
    keeper: new IndexerStore(database, clock),
    inUse: set,
    log,
  });
  const titles = new MetadataClient({ url: config.metadataUrl, http, clock, log });
  const timeoutMs = config.searchTimeoutMs - ANSWER_MARGIN_MS;
  const search = new TitleSearch({ titles, indexers: () => set.list(), clock, log, timeoutMs });
  const tried = new TriedReleases({ jobs, keyOfJob: contentKeyOfJobId, keyOfSource: contentKeyOf, clock });
  const known = new KnownNzbUrls(database, clock);
  const discovery = new Discovery({
    library,
    nzbAt: (url) => known.find(url),
    indexers: () => set.list(),
    search,
    healthOf: (candidate) => tried.healthOf(candidate),
  });
  indexers.start();
  tried.start();
  const metadataOrigin = new URL(config.metadataUrl).origin;
  return {
    discovery,
    indexers,
    indexerOrigins: () => set.origins(),
    origins: () => new Set([...set.origins(), metadataOrigin]),
    close: async () => {
      tried.close();
      titles.close();
      await search.close();
    },
  };
}
