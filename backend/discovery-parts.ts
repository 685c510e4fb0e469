// The part of the assembly that finds releases: indexers, metadata, searches, how releases fared. Called by backend.ts alone.

import { contentKeyOf, contentKeyOfJobId, type JobManager } from './jobs/index.js';
import {
  ConfiguredIndexers,
  Discovery,
  IndexerSet,
  MetadataClient,
  NzbSamples,
  ReleaseHealth,
  SwarmCounts,
  TitleSearch,
  TriedReleases,
} from './discovery/index.js';
import { MAX_SCRAPED, TrackerScraper, type SwarmLists } from './engines/torrent/index.js';
import type { UsenetEngine } from './engines/usenet/index.js';
import { AddressPolicy, createHttpClient } from './platform/index.js';
import type { Clock, Config, HttpClient, Logger } from './platform/index.js';
import { FailedReleases, IndexerStore, KnownNzbUrls } from './storage/index.js';
import type { Database, Library } from './storage/index.js';

export interface DiscoveryParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly http: HttpClient;
  readonly database: Database;
  readonly library: Library;
  readonly jobs: Pick<JobManager, 'contentOf' | 'subscribe'>;
  readonly lists: Pick<SwarmLists, 'allows' | 'trackers'>;
  readonly usenet: Pick<UsenetEngine, 'isAvailable' | 'isIdle' | 'sample' | 'onProvidersReplaced'>;
  /** The package's, told to indexers. */
  readonly version: string;
}

/** Everything that looks for releases, started. */
export interface DiscoveryRooms {
  readonly discovery: Discovery;
  readonly indexers: ConfiguredIndexers;
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
  const indexers = new ConfiguredIndexers({
    environment: config.indexers,
    keeper: new IndexerStore(database, clock),
    inUse: set,
    log,
  });
  const titles = new MetadataClient({ url: config.metadataUrl, http, clock, log });
  const timeoutMs = config.searchTimeoutMs - ANSWER_MARGIN_MS;
  const search = new TitleSearch({ titles, indexers: () => set.list(), clock, log, timeoutMs });
  const health = createHealth(o);
  const known = new KnownNzbUrls(database, clock);
  const discovery = new Discovery({
    library,
    nzbAt: (url) => known.find(url),
    contentOf: (source) => jobs.contentOf(source),
    indexers: () => set.list(),
    search,
    health: health.releases,
  });
  indexers.start();
  health.tried.start();
  const metadataOrigin = new URL(config.metadataUrl).origin;
  return {
    discovery,
    indexers,
    indexerOrigins: () => set.origins(),
    origins: () => new Set([...set.origins(), metadataOrigin]),
    close: async () => {
      await health.close();
      titles.close();
      await search.close();
    },
  };
}

interface HealthRooms {
  readonly releases: ReleaseHealth;
  readonly tried: TriedReleases;
  close(): Promise<void>;
}

function createHealth({ config, clock, log, database, jobs, lists, usenet }: DiscoveryParts): HealthRooms {
  const keys = { keyOfJob: contentKeyOfJobId, keyOfSource: contentKeyOf };
  const tried = new TriedReleases({ jobs, ...keys, keeper: new FailedReleases(database), clock, log });
  const scraper = createScraper({ config, clock, log });
  const swarms = new SwarmCounts({
    scrape: (tracker, infoHashes, options) => scraper.scrape(tracker, infoHashes, options),
    maxTorrents: MAX_SCRAPED,
    allowsTracker: (tracker) => lists.allows(tracker),
    clock,
    log,
  });
  const samples = new NzbSamples({ sampler: usenet, clock, log });
  usenet.onProvidersReplaced(() => {
    tried.forgetMissing();
    samples.forget();
  });
  return {
    releases: new ReleaseHealth({ tried, swarms, samples, trackers: () => lists.trackers() }),
    tried,
    close: async () => {
      tried.close();
      await swarms.close();
      await samples.close();
    },
  };
}

/** With a client of its own: what is configured as an indexer may be private, what a stranger calls a tracker may not. */
function createScraper({ config, clock, log }: Pick<DiscoveryParts, 'config' | 'clock' | 'log'>): TrackerScraper {
  const { allowPrivateFetch: allowed, torrentProxy: proxyUrl } = config;
  const policy = new AddressPolicy(typeof allowed === 'boolean' ? allowed : [...allowed]);
  const http = createHttpClient({ policy, log, ...(proxyUrl === undefined ? {} : { proxyUrl }) });
  return new TrackerScraper({ http, policy, isProxied: proxyUrl !== undefined, clock });
}
