// What an indexer is asked in its own language. One implementation per language; neither knows limits or HTTP.

import type { TitleFacts } from '../../naming/index.js';
import type { IndexerResult } from './indexer.js';
import type { LineOptions } from './indexer-line.js';

/** What a search brought, and what went wrong with the questions that brought nothing. */
export interface SearchOutcome {
  readonly results: readonly IndexerResult[];
  /** The first question's fault that was no answer; null when all were answered. */
  readonly fault: Error | null;
}

/** What a server says of itself. */
export interface ServerDescription {
  /** Title and version; null when not told. */
  readonly server: string | null;
  /** Ways it can search: `imdbid`, `q`, … */
  readonly searches: { readonly film: readonly string[]; readonly series: readonly string[] };
  /** How many it lists; 0 when not told. */
  readonly categories: number;
}

export interface Dialect {
  /** At most 1000 results. @throws {IndexerError}, {TimeoutError}, when not one question was answered; the signal's reason */
  search(title: TitleFacts, options: LineOptions): Promise<SearchOutcome>;
  /** Asks afresh. @throws as `search` does */
  describe(options: LineOptions): Promise<ServerDescription>;
  /** The smallest search that shows whether the key is good. @throws as `search` does */
  probe(options: LineOptions): Promise<void>;
}
