// An indexer as the house knows it: searched, tested, and with a record of how that went. Knows neither its language nor HTTP.

import { HeadstartError } from '../../content/index.js';
import type { TitleFacts } from '../../naming/index.js';
import type { Clock, Logger } from '../../platform/index.js';
import type { Dialect } from './dialect.js';
import type { IndexerLine } from './indexer-line.js';
import type { IndexerResult, IndexerSettings } from './indexer.js';
import { SearchRecord } from './search-record.js';
import type { IndexerFindings, IndexerProblem, IndexerStatus, TrackedIndexer } from './tracked-indexer.js';

export interface RecordedIndexerOptions {
  readonly settings: IndexerSettings;
  readonly dialect: Dialect;
  readonly line: Pick<IndexerLine, 'retryAt'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const NOTHING_KNOWN = { server: null, searches: { film: [], series: [] }, categories: 0 } as const;

/** One indexer, whatever it speaks, with its record. */
export class RecordedIndexer implements TrackedIndexer {
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
