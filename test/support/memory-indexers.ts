// Indexers that are set up, in memory, and a set of them that asks nobody: it notes what it is told.

import type { IndexerKeeper, IndexersInUse } from '../../backend/discovery/settings/configured-indexers.js';
import type { IndexerSettings } from '../../backend/discovery/indexers/indexer.js';
import type { IndexerFindings, IndexerStatus } from '../../backend/discovery/index.js';

export class MemoryIndexers implements IndexerKeeper {
  readonly #kept = new Map<string, IndexerSettings>();

  list(): readonly IndexerSettings[] {
    return [...this.#kept.values()];
  }

  put(indexer: IndexerSettings): void {
    this.#kept.set(indexer.id, indexer);
  }

  delete(id: string): boolean {
    return this.#kept.delete(id);
  }
}

/** `findings` and `answer` are the test's to replace. */
export class FakeIndexerSet implements IndexersInUse {
  settings: readonly IndexerSettings[] = [];
  figures: readonly IndexerStatus[] = [];
  readonly tested: IndexerSettings[] = [];
  findings: IndexerFindings = {
    ok: true,
    problem: null,
    server: 'Lantern 1.0',
    searches: { film: ['imdbid', 'q'], series: ['q', 'season', 'ep'] },
    categories: 12,
    elapsedMs: 41.6,
  };
  answer: (signal: AbortSignal) => Promise<IndexerFindings> = () => Promise.resolve(this.findings);

  replace(settings: readonly IndexerSettings[]): void {
    this.settings = settings;
    this.figures = settings.map(({ id, name, kind, isEnabled }) => ({ id, name, kind, isEnabled, ...unknownFigures }));
  }

  statuses(): readonly IndexerStatus[] {
    return this.figures;
  }

  test(settings: IndexerSettings, { signal }: { readonly signal: AbortSignal }): Promise<IndexerFindings> {
    this.tested.push(settings);
    return this.answer(signal);
  }
}

const unknownFigures = {
  state: 'unknown',
  error: null,
  lastSearchAt: null,
  lastResults: null,
  averageMs: null,
  searches: 0,
  failures: 0,
  retryAt: null,
} as const;
