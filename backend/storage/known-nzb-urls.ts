// Which NZB an address led to, so that the second time nobody is asked. Addresses carry keys: only their hash is kept, and
// what they led to is sealed.

import { createHash } from 'node:crypto';
import type { NzbSource } from '../content/index.js';
import type { Clock } from '../platform/index.js';
import type { Database } from './database.js';
import { openSource, sealSource } from './sealed-source.js';

/** An indexer may post a better NZB under the same address later. */
const KEPT_FOR_MS = 7 * 86400e3;
const DEFAULT_MAX_URLS = 50_000;

/** The addresses of the last 7 days; when there are more than `maxUrls` (50,000), the oldest go. */
export class KnownNzbUrls {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #maxUrls: number;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: Database, clock: Clock, options: { readonly maxUrls?: number } = {}) {
    this.#database = database;
    this.#clock = clock;
    this.#maxUrls = options.maxUrls ?? DEFAULT_MAX_URLS;
    this.#statements = prepare(database);
  }

  /** `url` in its canonical form (one address, one text). */
  remember(url: string, source: NzbSource): void {
    const now = this.#clock.now();
    this.#statements.keep.run(hashOf(url), sealSource(source, this.#database.sealer), now);
    this.#statements.pruneOld.run(now - KEPT_FOR_MS);
    this.#statements.pruneMany.run(this.#maxUrls);
  }

  /** What `url` led to in the last 7 days. */
  find(url: string): NzbSource | null {
    const row = this.#statements.find.get(hashOf(url), this.#clock.now() - KEPT_FOR_MS);
    if (row === undefined) return null;
    const source = openSource(row.source, this.#database.sealer);
    return source.kind === 'nzb' ? source : null;
  }
}

function prepare({ sql }: Database) {
  return {
    keep: sql.prepare('INSERT OR REPLACE INTO known_nzb_urls (url_hash, source, seen_at) VALUES (?, ?, ?)'),
    find: sql.prepare<[string, number], { source: Buffer }>(
      'SELECT source FROM known_nzb_urls WHERE url_hash = ? AND seen_at > ?',
    ),
    pruneOld: sql.prepare('DELETE FROM known_nzb_urls WHERE seen_at <= ?'),
    pruneMany: sql.prepare(
      `DELETE FROM known_nzb_urls WHERE seen_at < (SELECT seen_at FROM known_nzb_urls ORDER BY seen_at DESC LIMIT 1 OFFSET ? - 1)`,
    ),
  };
}

function hashOf(url: string): string {
  return createHash('sha256').update(url).digest('hex');
}
