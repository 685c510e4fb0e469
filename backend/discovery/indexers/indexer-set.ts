// The indexers in use. Whoever changes settings replaces them here; what is unchanged keeps its limits and its record.

import type { IndexerSettings } from './indexer.js';
import { createIndexer } from './create-indexer.js';
import type { IndexerParts } from './create-indexer.js';
import type { IndexerFindings, IndexerStatus, TrackedIndexer } from './tracked-indexer.js';

interface Entry {
  readonly settings: IndexerSettings;
  readonly indexer: TrackedIndexer;
}

export class IndexerSet {
  readonly #parts: IndexerParts;
  #entries: readonly Entry[] = [];
  #origins: ReadonlySet<string> = new Set();
  /** Those of indexers that are being tested, with how many tests. */
  readonly #tried = new Map<string, number>();

  constructor(parts: IndexerParts) {
    this.#parts = parts;
  }

  /** Searches under way at those that are gone are left by whoever asks next. @throws {TypeError} when a `url` is no URL */
  replace(settings: readonly IndexerSettings[]): void {
    this.#entries = settings.map((one) => this.#kept(one) ?? { settings: one, indexer: this.#create(one) });
    this.#origins = new Set(settings.filter(({ isEnabled }) => isEnabled).map(({ url }) => new URL(url).origin));
  }

  /** The enabled ones, in the order of the settings. */
  list(): readonly TrackedIndexer[] {
    return this.#entries.filter(({ settings }) => settings.isEnabled).map(({ indexer }) => indexer);
  }

  /** Of all, in the order of the settings. */
  statuses(): readonly IndexerStatus[] {
    return this.#entries.map(({ indexer }) => indexer.status());
  }

  /**
   * Tests one as these settings say, whether they are in use or not; those in use are asked within their limits. Rejects only with
   * the signal's reason, and with {TypeError} when `url` is no URL.
   */
  async test(settings: IndexerSettings, options: { readonly signal: AbortSignal }): Promise<IndexerFindings> {
    const { origin } = new URL(settings.url);
    this.#tried.set(origin, (this.#tried.get(origin) ?? 0) + 1);
    try {
      return await (this.#kept(settings)?.indexer ?? this.#create(settings)).test(options);
    } finally {
      const others = (this.#tried.get(origin) ?? 1) - 1;
      if (others > 0) this.#tried.set(origin, others);
      else this.#tried.delete(origin);
    }
  }

  /** Where the enabled ones lie, and those under test: they may be fetched from at private addresses. */
  origins(): ReadonlySet<string> {
    return this.#tried.size === 0 ? this.#origins : new Set([...this.#origins, ...this.#tried.keys()]);
  }

  #create(settings: IndexerSettings): TrackedIndexer {
    return createIndexer(settings, this.#parts);
  }

  #kept(settings: IndexerSettings): Entry | undefined {
    return this.#entries.find((entry) => isSame(entry.settings, settings));
  }
}

function isSame(one: IndexerSettings, other: IndexerSettings): boolean {
  const keys = ['id', 'kind', 'name', 'url', 'apiKey', 'isEnabled', 'requestsPerMinute'] as const;
  return keys.every((key) => one[key] === other[key]);
}
