// Makes an indexer of its settings: its language, its line, its record. Decides nothing but their defaults.

import type { Clock, HttpClient, IndexerKind, Logger } from '../../platform/index.js';
import { apiAddressOf } from './api-address.js';
import { IndexerLine } from './indexer-line.js';
import type { IndexerSettings } from './indexer.js';
import { ProwlarrDialect } from './prowlarr-dialect.js';
import { RecordedIndexer } from './recorded-indexer.js';
import { TorznabDialect } from './torznab-dialect.js';
import type { TrackedIndexer } from './tracked-indexer.js';

/** What every indexer is made with. */
export interface IndexerParts {
  readonly http: Pick<HttpClient, 'get'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Headstart's own, told to indexers as `Headstart/<version>`. */
  readonly version: string;
  /** Longest wait for an indexer's own limit, ms; default 5 s: that is when a list is due. */
  readonly maxWaitMs?: number;
}

/** Sites count by accounts; what runs at home spreads the load over the sites behind it, and counts for them. */
const REQUESTS_PER_MINUTE: Readonly<Record<IndexerKind, number>> = {
  torznab: 30,
  newznab: 30,
  prowlarr: 60,
  nzbhydra: 60,
  jackett: 60,
};
const DEFAULT_MAX_WAIT_MS = 5_000;

/** Asks nothing before it is searched. @throws {TypeError} when the settings' `url` is no URL */
export function createIndexer(settings: IndexerSettings, parts: IndexerParts): TrackedIndexer {
  const { kind, name, apiKey, requestsPerMinute = REQUESTS_PER_MINUTE[kind] } = settings;
  const { http, clock, version, maxWaitMs = DEFAULT_MAX_WAIT_MS } = parts;
  const userAgent = `Headstart/${version}`;
  const line = new IndexerLine({ http, clock, userAgent, requestsPerMinute, maxWaitMs });
  const { speaks, url } = apiAddressOf(settings);
  const own = { name, url, apiKey, line, clock };
  const dialect = speaks === 'prowlarr' ? new ProwlarrDialect(own) : new TorznabDialect({ ...own, kind });
  return new RecordedIndexer({ settings, dialect, line, clock, log: parts.log });
}
