// What stands behind the links of a stream list, so that a link still plays months later. A source is kept once; what it was
// listed for is kept for each of its files, since a pack's episodes have a link each. Knows nothing of titles or indexers
// beyond what it is told.

import type { EpisodeWish, Source } from '../content/index.js';
import type { Clock } from '../platform/index.js';
import type { Database } from './database.js';
import { openSource, sealSource } from './sealed-source.js';

/** What was listed: the source, and what one of its files was listed for. */
export interface ListedSource {
  readonly source: Source;
  readonly titleId?: string;
  /** In the title's own numbers. */
  readonly episode?: Omit<EpisodeWish, 'releaseSeason'>;
  /** Of the file where it is known, else of the release. */
  readonly name: string;
  readonly sizeBytes?: number;
  readonly releaseName?: string;
  readonly releaseSizeBytes?: number;
  /** What the list said it belongs to: streams of one group go on from each other. */
  readonly bingeGroup?: string;
}

/** What is left of it. */
export interface KeptListing extends Omit<ListedSource, 'source'> {
  /** Which file of the source all this was said of, as its link has it. */
  readonly file: string;
  /** Null once it was not listed for so long that only what it was is still known. */
  readonly source: Source | null;
}

/** One file that was listed, or will be known once somebody looks into its source. */
export interface ListedFile extends Pick<ListedSource, 'episode' | 'releaseName'> {
  readonly sourceId: string;
  /** As its link has it. */
  readonly file: string;
}

/** How long a link leads to its source after it was last listed. */
const KEPT_FOR_MS = 180 * 86400e3;
/** How long it is known what it was: enough to look for the like of it. */
const KNOWN_FOR_MS = 3 * 365 * 86400e3;
/** What nobody listed: asked for by an address, of which a client could make up any number. */
const DEFAULT_MAX_ASKED = 1_000;
/** So many more than that may be kept before the oldest go: looking for them is dear. */
const ASKED_SLACK = 1.1;
/** Lists closer together than this are one write. */
const RENEWAL_INTERVAL_MS = 86400e3;
const PRUNE_INTERVAL_MS = 86400e3;

interface FileRow {
  readonly file: string;
  readonly title_id: string | null;
  readonly season: number | null;
  readonly episode: number | null;
  readonly absolute: number | null;
  readonly air_date: string | null;
  readonly name: string;
  readonly size_bytes: number | null;
  readonly release_name: string | null;
  readonly release_size_bytes: number | null;
  readonly binge_group: string | null;
}

const COLUMNS =
  'file, title_id, season, episode, absolute, air_date, name, size_bytes, release_name, release_size_bytes, binge_group';

const IS_ASKED = 'title_id IS NULL AND binge_group IS NULL';

/** The listed sources, sealed, by the id that stands in their links; of those that were only asked for by an address, the latest. */
export class ListedSources {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #maxAsked: number;
  /** Epoch ms. */
  #prunedAt: number;
  #askedCount: number;

  constructor(database: Database, clock: Clock, options: { readonly maxAsked?: number } = {}) {
    this.#database = database;
    this.#clock = clock;
    this.#prunedAt = clock.now();
    this.#statements = prepare(database);
    this.#maxAsked = options.maxAsked ?? DEFAULT_MAX_ASKED;
    this.#askedCount = this.#statements.countAsked.get()?.count ?? 0;
  }

  /**
   * Keeps what stands behind `sourceId` for another 180 days, and what `file` of it was listed for. A list shown again the
   * same day costs a look, no write. What is too old goes once a day, however long the server runs.
   */
  remember(sourceId: string, file: string, listed: ListedSource): void {
    const now = this.#clock.now();
    const row = rowOf(file, listed);
    const kept = this.#statements.look.get(sourceId, file);
    if (kept && kept.listed_at > now - RENEWAL_INTERVAL_MS && isSame(kept, row)) return;
    const sealed = sealSource(listed.source, this.#database.sealer);
    this.#database.sql.transaction(() => {
      this.#statements.keepSource.run(sourceId, now, sealed);
      this.#statements.keepFile.run({ ...row, source_id: sourceId, listed_at: now });
      if (kept === undefined && row.title_id === null && row.binge_group === null) this.#boundAsked();
    })();
    if (now > this.#prunedAt + PRUNE_INTERVAL_MS) this.prune();
  }

  /** What `file` was listed for; where that one never was, what the file of this source was that was listed last. */
  get(sourceId: string, file: string): KeptListing | null {
    const row = this.#statements.get.get(sourceId, file);
    if (!row) return null;
    return {
      ...listingOf(row),
      source: row.source.length === 0 ? null : openSource(row.source, this.#database.sealer),
    };
  }

  /** True while its links lead to it. */
  isKept(sourceId: string): boolean {
    return this.#statements.isKept.get(sourceId) !== undefined;
  }

  /** What was listed for an episode, in the title's own numbers: the newest 200, the newest first. */
  listedFor(titleId: string, { season, episode }: Pick<EpisodeWish, 'season' | 'episode'>): readonly ListedFile[] {
    return this.#statements.listedFor.all(titleId, season, episode).map((row) => {
      const { file, episode: wished, releaseName } = listingOf(row);
      return {
        sourceId: row.source_id,
        file,
        ...(wished === undefined ? {} : { episode: wished }),
        ...(releaseName === undefined ? {} : { releaseName }),
      };
    });
  }

  #boundAsked(): void {
    this.#askedCount += 1;
    if (this.#askedCount <= this.#maxAsked * ASKED_SLACK) return;
    this.#statements.dropAsked.run(this.#maxAsked);
    this.#statements.dropUnlisted.run();
    this.#askedCount = this.#maxAsked;
  }

  /** Forgets sources that were not listed for 181 days (a day more than promised: renewals are noted once a day), then all. */
  prune(): void {
    const now = this.#clock.now();
    this.#prunedAt = now;
    this.#statements.empty.run(now - KEPT_FOR_MS - RENEWAL_INTERVAL_MS);
    this.#statements.pruneFiles.run(now - KNOWN_FOR_MS);
    this.#statements.pruneSources.run(now - KNOWN_FOR_MS);
  }
}

function prepare({ sql }: Database) {
  const values = COLUMNS.replaceAll(/\w+/g, '@$&');
  return {
    look: sql.prepare<[string, string], FileRow & { listed_at: number }>(
      `SELECT ${COLUMNS}, listed_at FROM listed_files WHERE source_id = ? AND file = ?`,
    ),
    get: sql.prepare<[string, string], FileRow & { source: Buffer }>(
      `SELECT ${COLUMNS}, source FROM listed_files JOIN listed_sources USING (source_id) WHERE source_id = ?
       ORDER BY file = ? DESC, listed_files.listed_at DESC, file LIMIT 1`,
    ),
    listedFor: sql.prepare<[string, number, number], FileRow & { source_id: string }>(
      `SELECT source_id, ${COLUMNS} FROM listed_files WHERE title_id = ? AND season = ? AND episode = ?
       ORDER BY listed_at DESC, source_id, file LIMIT 200`,
    ),
    isKept: sql.prepare<[string], unknown>('SELECT 1 FROM listed_sources WHERE source_id = ? AND length(source) > 0'),
    keepSource: sql.prepare(
      `INSERT INTO listed_sources (source_id, listed_at, source) VALUES (?, ?, ?)
       ON CONFLICT (source_id) DO UPDATE SET listed_at = excluded.listed_at, source = excluded.source`,
    ),
    keepFile: sql.prepare(
      `INSERT OR REPLACE INTO listed_files (source_id, listed_at, ${COLUMNS}) VALUES (@source_id, @listed_at, ${values})`,
    ),
    empty: sql.prepare(`UPDATE listed_sources SET source = x'' WHERE listed_at < ? AND length(source) > 0`),
    countAsked: sql.prepare<[], { count: number }>(`SELECT count(*) AS count FROM listed_files WHERE ${IS_ASKED}`),
    dropAsked: sql.prepare(
      `DELETE FROM listed_files WHERE ${IS_ASKED} AND (source_id, file) NOT IN
       (SELECT source_id, file FROM listed_files WHERE ${IS_ASKED} ORDER BY listed_at DESC LIMIT ?)`,
    ),
    dropUnlisted: sql.prepare('DELETE FROM listed_sources WHERE source_id NOT IN (SELECT source_id FROM listed_files)'),
    pruneFiles: sql.prepare('DELETE FROM listed_files WHERE listed_at < ?'),
    pruneSources: sql.prepare('DELETE FROM listed_sources WHERE listed_at < ?'),
  };
}

function rowOf(file: string, listed: ListedSource): FileRow {
  const { titleId = null, episode, name, sizeBytes = null, bingeGroup = null } = listed;
  const { releaseName = null, releaseSizeBytes = null } = listed;
  return {
    file,
    title_id: titleId,
    season: episode?.season ?? null,
    episode: episode?.episode ?? null,
    absolute: episode?.absolute ?? null,
    air_date: episode?.airDate ?? null,
    name,
    size_bytes: sizeBytes,
    release_name: releaseName,
    release_size_bytes: releaseSizeBytes,
    binge_group: bingeGroup,
  };
}

function listingOf(row: FileRow): Omit<KeptListing, 'source'> {
  const episode = episodeOf(row);
  return {
    file: row.file,
    ...(row.title_id === null ? {} : { titleId: row.title_id }),
    ...(episode === null ? {} : { episode }),
    name: row.name,
    ...(row.size_bytes === null ? {} : { sizeBytes: row.size_bytes }),
    ...(row.release_name === null ? {} : { releaseName: row.release_name }),
    ...(row.release_size_bytes === null ? {} : { releaseSizeBytes: row.release_size_bytes }),
    ...(row.binge_group === null ? {} : { bingeGroup: row.binge_group }),
  };
}

function episodeOf({ season, episode, absolute, air_date: airDate }: FileRow): EpisodeWish | null {
  if (season === null || episode === null) return null;
  return {
    season,
    episode,
    ...(absolute === null ? {} : { absolute }),
    ...(airDate === null ? {} : { airDate }),
  };
}

function isSame(kept: FileRow, row: FileRow): boolean {
  const columns = Object.keys(row) as (keyof FileRow)[];
  return columns.every((column) => kept[column] === row[column]);
}
