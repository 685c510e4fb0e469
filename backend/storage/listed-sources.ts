// What stands behind the links of a stream list, so that a link still plays months later. Knows nothing of titles or
// indexers beyond what it is told.

import type { Source } from '../content/index.js';
import type { Clock } from '../platform/index.js';
import type { Database } from './database.js';
import { openSource, sealSource } from './sealed-source.js';

/** What was listed: the source, and what it was listed for. */
export interface ListedSource {
  readonly source: Source;
  readonly titleId?: string;
  readonly season?: number;
  readonly episode?: number;
  readonly fileIndex?: number;
  readonly name: string;
  readonly sizeBytes?: number;
  /** What the list said it belongs to: streams of one group go on from each other. */
  readonly bingeGroup?: string;
}

/** What is left of it. */
export interface KeptListing extends Omit<ListedSource, 'source'> {
  /** Null once it was not listed for so long that only what it was is still known. */
  readonly source: Source | null;
}

/** How long a link leads to its source after it was last listed. */
const KEPT_FOR_MS = 180 * 86400e3;
/** How long it is known what it was: enough to look for the like of it. */
const KNOWN_FOR_MS = 3 * 365 * 86400e3;
/** Lists closer together than this are one write. */
const RENEWAL_INTERVAL_MS = 86400e3;

interface ListedRow {
  readonly title_id: string | null;
  readonly season: number | null;
  readonly episode: number | null;
  readonly file_index: number | null;
  readonly name: string;
  readonly size_bytes: number | null;
  readonly listed_at: number;
  readonly binge_group: string | null;
}

const COLUMNS = 'title_id, season, episode, file_index, name, size_bytes, listed_at, binge_group';

/** The listed sources, sealed, by the id that stands in their links. */
export class ListedSources {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#statements = prepare(database);
  }

  /** Keeps what stands behind `sourceId` for another 180 days. A list shown again the same day costs a look, no write. */
  remember(sourceId: string, listed: ListedSource): void {
    const now = this.#clock.now();
    const kept = this.#statements.look.get(sourceId);
    if (kept && kept.listed_at > now - RENEWAL_INTERVAL_MS && isSame(kept, listed)) return;
    const { titleId = null, season = null, episode = null, fileIndex = null } = listed;
    const { name, sizeBytes = null, bingeGroup = null } = listed;
    const sealed = sealSource(listed.source, this.#database.sealer);
    this.#statements.keep.run(
      ...[sourceId, titleId, season, episode, fileIndex, name, sizeBytes, now, bingeGroup, sealed],
    );
  }

  get(sourceId: string): KeptListing | null {
    const row = this.#statements.get.get(sourceId);
    if (!row) return null;
    return {
      source: row.source.length === 0 ? null : openSource(row.source, this.#database.sealer),
      ...(row.title_id === null ? {} : { titleId: row.title_id }),
      ...(row.season === null ? {} : { season: row.season }),
      ...(row.episode === null ? {} : { episode: row.episode }),
      ...(row.file_index === null ? {} : { fileIndex: row.file_index }),
      name: row.name,
      ...(row.size_bytes === null ? {} : { sizeBytes: row.size_bytes }),
      ...(row.binge_group === null ? {} : { bingeGroup: row.binge_group }),
    };
  }

  /** Forgets sources that were not listed for 181 days (a day more than promised: renewals are noted once a day), then all. */
  prune(): void {
    const now = this.#clock.now();
    this.#statements.empty.run(now - KEPT_FOR_MS - RENEWAL_INTERVAL_MS);
    this.#statements.prune.run(now - KNOWN_FOR_MS);
  }
}

function prepare({ sql }: Database) {
  return {
    look: sql.prepare<[string], ListedRow>(`SELECT ${COLUMNS} FROM listed_sources WHERE source_id = ?`),
    get: sql.prepare<[string], ListedRow & { source: Buffer }>(
      `SELECT ${COLUMNS}, source FROM listed_sources WHERE source_id = ?`,
    ),
    keep: sql.prepare(
      `INSERT OR REPLACE INTO listed_sources (source_id, ${COLUMNS}, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    empty: sql.prepare(`UPDATE listed_sources SET source = x'' WHERE listed_at < ? AND length(source) > 0`),
    prune: sql.prepare('DELETE FROM listed_sources WHERE listed_at < ?'),
  };
}

function isSame(row: ListedRow, listed: ListedSource): boolean {
  return (
    row.title_id === (listed.titleId ?? null) &&
    row.season === (listed.season ?? null) &&
    row.episode === (listed.episode ?? null) &&
    row.file_index === (listed.fileIndex ?? null) &&
    row.name === listed.name &&
    row.size_bytes === (listed.sizeBytes ?? null) &&
    row.binge_group === (listed.bingeGroup ?? null)
  );
}
