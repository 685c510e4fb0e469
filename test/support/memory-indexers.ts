// Indexers that are set up, in memory, and a set of them that asks nobody: it notes what it is told.

import type { IndexerKeeper, IndexersInUse } from '../../backend/discovery/settings/configured-indexers.js';
import type { IndexerSettings } from '../../backend/discovery/indexers/indexer.js';
import type { IndexerFigures, IndexerTestFindings } from '../../backend/api/indexer-views.js';

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

type Figures = IndexerFigures & { readonly id: string };

/** `findings` and `answer` are the test's to replace. */
export class FakeIndexerSet implements IndexersInUse<Figures, IndexerTestFindings> {
  settings: readonly IndexerSettings[] = [];
  figures: readonly Figures[] = [];
  readonly tested: IndexerSettings[] = [];
  findings: IndexerTestFindings = {
    ok: true,
    problem: null,
    server: 'Lantern 1.0',
    searches: { film: ['imdbid', 'q'], series: ['q', 'season', 'ep'] },
    categories: 12,
    elapsedMs: 41.6,
  };
  answer: (signal: AbortSignal) => Promise<IndexerTestFindings> = () => Promise.resolve(this.findings);

  replace(settings: readonly IndexerSettings[]): void {
    this.settings = settings;
    this.figures = settings.map(({ id }) => ({ id, ...unknownFigures }));
  }

  statuses(): readonly Figures[] {
    return this.figures;
  }

  test(settings: IndexerSettings, { signal }: { readonly signal: AbortSignal }): Promise<IndexerTestFindings> {
    this.tested.push(settings);
    return this.answer(signal);
  }
}

const unknownFigures: IndexerFigures = {
  state: 'unknown',
  error: null,
  lastSearchAt: null,
  lastResults: null,
  averageMs: null,
  searches: 0,
  failures: 0,
  retryAt: null,
};
