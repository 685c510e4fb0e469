// Makes an indexer of its settings: its language, its line, its record.

import { HeadstartError } from '../../content/index.js';
import type { TitleFacts } from '../../naming/index.js';
import type { Clock, HttpClient, IndexerKind, Logger } from '../../platform/index.js';
import { apiAddressOf } from './api-address.js';
import type { Dialect } from './dialect.js';
import { IndexerLine } from './indexer-line.js';
import type { IndexerResult, IndexerSettings } from './indexer.js';
import { ProwlarrDialect } from './prowlarr-dialect.js';
import { SearchRecord } from './search-record.js';
import { TorznabDialect } from './torznab-dialect.js';
import type { IndexerFindings, IndexerProblem, IndexerStatus, TrackedIndexer } from './tracked-indexer.js';

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
const NOTHING_KNOWN = { server: null, searches: { film: [], series: [] }, categories: 0 } as const;

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

interface RecordedIndexerOptions {
  readonly settings: IndexerSettings;
  readonly dialect: Dialect;
  readonly line: IndexerLine;
  readonly clock: Clock;
  readonly log: Logger;
}

class RecordedIndexer implements TrackedIndexer {
  readonly id: string;
  readonly name: string;
  readonly #o: RecordedIndexerOptions;
  readonly #record = new SearchRecord();

  constructor(options: RecordedIndexerOptions) {
    this.#o = options;
    this.id = options.settings.id;
    this.name = options.settings.name;
  }

  async search(title: TitleFacts, { signal }: { readonly signal: AbortSignal }): Promise<readonly IndexerResult[]> {
    signal.throwIfAborted();
    const { dialect, clock } = this.#o;
    const startedAt = clock.now();
    this.#record.begun(startedAt);
    try {
      const { results, fault } = await dialect.search(title, { signal });
      this.#record.answered(results.length, clock.now() - startedAt, fault === null ? null : this.#note(fault));
      return results;
    } catch (error) {
      if (!signal.aborted) this.#record.failed(this.#note(error));
      throw error;
    }
  }

  status(): IndexerStatus {
    const { id, name, kind, isEnabled } = this.#o.settings;
    const { retryAt } = this.#o.line;
    const { error, lastSearchAt, lastResults, averageMs, searches, failures, isFailing } = this.#record;
    const isLimited = retryAt !== null && error?.code === 'INDEXER_LIMIT';
    const rest = isFailing ? 'failing' : lastResults === null && error === null ? 'unknown' : 'ok';
    const state = isLimited ? 'limited' : rest;
    return {
      id,
      name,
      kind,
      isEnabled,
      state,
      error,
      lastSearchAt,
      lastResults,
      averageMs,
      searches,
      failures,
      retryAt,
    };
  }

  async test({ signal }: { readonly signal: AbortSignal }): Promise<IndexerFindings> {
    signal.throwIfAborted();
    const { dialect, clock } = this.#o;
    const startedAt = clock.now();
    let known: Omit<IndexerFindings, 'ok' | 'problem' | 'elapsedMs'> = NOTHING_KNOWN;
    let problem: IndexerProblem | null = null;
    try {
      known = await dialect.describe({ signal, isTrial: true });
      await dialect.probe({ signal, isTrial: true });
      this.#record.cleared();
    } catch (error) {
      signal.throwIfAborted();
      problem = this.#note(error);
    }
    return { ok: problem === null, problem, ...known, elapsedMs: clock.now() - startedAt };
  }

  /** What is not a fault of the indexer is a fault here: it is told apart, and hidden from people. */
  #note(error: unknown): IndexerProblem {
    const problem = problemOf(error);
    this.#o.log.debug({ indexer: this.name, code: problem.code, err: error }, 'an indexer gave no answer');
    return problem;
  }
}

function problemOf(error: unknown): IndexerProblem {
  if (!(error instanceof HeadstartError)) return { code: 'INTERNAL', message: 'Its answer could not be understood.' };
  const isTimeout = error.code === 'TIMEOUT';
  return { code: error.code, message: isTimeout ? 'It did not answer in time.' : error.message };
}
