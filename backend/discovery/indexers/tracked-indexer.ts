// An indexer with what became of its searches, for people who look after it. Plain data and one interface.

import type { IndexerKind } from '../../platform/index.js';
import type { Indexer } from './indexer.js';

/** A fault, as people read it. `message` names no address and no key. */
export interface IndexerProblem {
  readonly code: string;
  readonly message: string;
}

/** How its searches fared since the start. */
export interface IndexerStatus {
  readonly id: string;
  readonly name: string;
  readonly kind: IndexerKind;
  readonly isEnabled: boolean;
  /** `limited`: it is left alone until `retryAt`, because it was asked enough. */
  readonly state: 'unknown' | 'ok' | 'failing' | 'limited';
  /** Of the last search, also where that brought results nevertheless. */
  readonly error: IndexerProblem | null;
  /** Epoch ms. */
  readonly lastSearchAt: number | null;
  readonly lastResults: number | null;
  /** Over the latest searches that were answered. */
  readonly averageMs: number | null;
  readonly searches: number;
  readonly failures: number;
  /** Epoch ms before which it is not asked; null when it may be. */
  readonly retryAt: number | null;
}

/** What a test of an indexer found. */
export interface IndexerFindings {
  readonly ok: boolean;
  readonly problem: IndexerProblem | null;
  /** Its own title and version; null when not told. */
  readonly server: string | null;
  /** Ways it can be searched, by Newznab's names: `imdbid`, `q`, `season`, … */
  readonly searches: { readonly film: readonly string[]; readonly series: readonly string[] };
  /** How many it lists; 0 when not told. */
  readonly categories: number;
  readonly elapsedMs: number;
}

export interface TrackedIndexer extends Indexer {
  status(): IndexerStatus;
  /** Asks what it can do, then searches for next to nothing. Rejects only with the signal's reason. */
  test(options: { readonly signal: AbortSignal }): Promise<IndexerFindings>;
}
