// What a run is set to, as types. Knows neither names nor texts of variables: those stand in config-schema.ts.

import type { IndexerAddress } from './indexer-addresses.js';
import type { NntpProvider } from './nntp-providers.js';

/** What the variables say by themselves; `Config` adds what follows from several of them. */
export interface Settings {
  /** 0: the system chooses. */
  readonly port: number;
  readonly host: string;
  readonly auth: 'key' | 'none';
  readonly tlsCertFile?: string;
  readonly tlsKeyFile?: string;
  /** Origin and optional path prefix, no trailing slash. */
  readonly baseUrl?: string;
  /** Networks in CIDR form. */
  readonly trustedProxies: readonly string[];
  readonly dataDir: string;
  readonly cacheDir?: string;
  readonly cacheMaxBytes: number;
  readonly apiKey?: string;
  readonly secretKey?: string;
  /** Who mounts the library. */
  readonly webdavUser: string;
  readonly webdavPassword?: string;
  readonly logLevel: LogLevel;
  readonly logFormat?: 'pretty' | 'json';
  readonly linkGenerationTimeoutMs: number;
  readonly progressUpdateIntervalMs: number;
  readonly maxWaitMs: number;
  readonly playHoldMs: number;
  readonly playDeadlineMs: number;
  readonly prepareTimeoutMs: number;
  readonly streamStallTimeoutMs: number;
  /** Peers of all torrents together. */
  readonly connectionLimit: number;
  /** 0: unlimited. */
  readonly downloadLimitBytesPerSecond: number;
  /** 0: unlimited. */
  readonly uploadLimitBytesPerSecond: number;
  readonly disableDiscovery: boolean;
  /** 0: the system chooses. */
  readonly torrentPort: number;
  /** Where peers' connections are accepted. */
  readonly torrentHost: string;
  /** Announce URLs added to public torrents (http, https, udp). */
  readonly trackers: readonly string[];
  readonly trackersUrl?: string;
  readonly trackerBlacklistUrl?: string;
  readonly ipBlocklistUrl?: string;
  /** `socks5://[user:password@]host:port`. */
  readonly torrentProxy?: string;
  readonly torrentIdleMs: number;
  readonly torrentPortMapping: boolean;
  /** How long an item of the library stays that nobody uses; 0: for ever. */
  readonly libraryTtlMs: number;
  readonly exportDir?: string;
  /** Per reader. */
  readonly readAheadBytes: number;
  /** Articles held in memory, for all readers together. */
  readonly memoryCacheBytes: number;
  /** In the order they were given; empty when there is no Usenet account. */
  readonly nntpProviders: readonly NntpProvider[];
  /** In the order they were given; none ships. */
  readonly indexers: readonly IndexerAddress[];
  /** How long a list of streams waits for indexers. */
  readonly searchTimeoutMs: number;
  /** Whether the first bytes of the next episode are prepared. */
  readonly prefetchNext: boolean;
  /** What is played when a release turns out dead: nothing else, or the next best one. */
  readonly failover: 'none' | 'next';
  /** Root of a metadata addon, no trailing slash. Its path may hold an account. */
  readonly metadataUrl: string;
  /** True, false, or the networks (CIDR form) that may be fetched from although they are private. */
  readonly allowPrivateFetch: boolean | readonly string[];
  /** Origins (or `*`) that other pages may call the APIs from. */
  readonly corsOrigins: readonly string[];
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
