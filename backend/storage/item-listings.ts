// What download clients are shown of the items: a history of what is over, which they may clear away. Says nothing of what an
// item is.

import type { Database } from './database.js';
import type { ItemKind } from './item-index.js';
import { ITEM_COLUMNS, PLACED_ITEM_COLUMNS, readItem } from './item-row.js';
import type { KeptItem } from './item-row.js';

/** What is asked of what is over and was not cleared away. */
export interface HistoryWish {
  readonly kind: ItemKind;
  /** Of those it stands in. Null for all. */
  readonly category?: string | null;
  /** Part of what the entry is called, capitals not counting; empty for all. */
  readonly search?: string;
  readonly isFailed?: true;
  /** Exactly these, whatever their category, without their addresses. */
  readonly nzoIds?: readonly string[];
  readonly limit: number;
  readonly offset: number;
}

/** A line of the history: an item under its name or, of one that does not play, under a sum of an address it came with. */
export interface HistoryEntry {
  /** As it stands in the category that was asked for; else where it stood first. */
  readonly item: KeptItem;
  readonly addressMd5: string | null;
  /** It does not play, and something else does in a folder of its name. */
  readonly hasNamesake: boolean;
}

interface HistoryRow {
  readonly address_md5: string | null;
  readonly has_namesake: number;
}

/**
 * `lines`: an item's own without a sum and, where asked for, one for each sum that stands for nothing but dead releases. The
 * plus keeps SQLite from going by status, which most items share.
 */
const historyOf = (isAsked: string, hasAddresses: boolean): string => `
  WITH shown AS MATERIALIZED (
    SELECT items.id, items.name, items.status, items.failed_at,
      max(coalesce(items.listed_at, 0), coalesce(items.completed_at, items.created_at)) AS at
    FROM items
    WHERE ${isAsked} AND +items.status IN ('streamable', 'completed', 'failed') AND items.kind = @kind
      AND items.is_archived = 0 AND (@failed = 0 OR items.status = 'failed')
  ), lines AS (
    SELECT id, at, NULL AS address_md5 FROM shown WHERE @search = '' OR instr(lower(name), @search) > 0
    UNION ALL
    SELECT shown.id, shown.at, item_addresses.address_md5 FROM shown
    JOIN item_addresses ON item_addresses.item_id = shown.id
    WHERE ${hasAddresses ? '1' : '0'} AND shown.status = 'failed' AND shown.failed_at IS NOT NULL
      AND (@search = '' OR instr(item_addresses.address_md5, @search) > 0)
      AND NOT EXISTS (
        SELECT 1 FROM item_addresses AS others JOIN items AS playing ON playing.id = others.item_id
        WHERE others.address_md5 = item_addresses.address_md5 AND playing.status IN ('streamable', 'completed'))
  )`;
const HAS_NAMESAKE = `items.status = 'failed' AND EXISTS (
  SELECT 1 FROM items AS playing
  WHERE playing.kind = items.kind AND playing.folder = items.name AND +playing.status IN ('streamable', 'completed'))`;
const ALL = { lines: historyOf('1', true), place: null };
const OF_CATEGORY = {
  lines: historyOf('items.id IN (SELECT item_id FROM item_places WHERE category = @category)', true),
  place: 'item_places.category = @category',
};
const NAMED = { lines: historyOf('items.nzo_id IN (SELECT value FROM json_each(@ids))', false), place: null };

/** Every listing is bounded by its `limit` and in a fixed order. */
export class ItemListings {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: Database) {
    this.#statements = prepare(database);
  }

  /**
   * What is over, however it ended, last finished or asked for first; `total` counts all lines that fit. An address under
   * which something else plays stands for no dead release.
   */
  history({ kind, category = null, search = '', isFailed, nzoIds, limit, offset }: HistoryWish): {
    readonly entries: HistoryEntry[];
    readonly total: number;
  } {
    const wish = { kind, search: search.toLowerCase(), failed: isFailed === true ? 1 : 0 };
    const { all, ofCategory, named } = this.#statements;
    const [statements, asked] =
      nzoIds !== undefined
        ? [named, { ...wish, ids: JSON.stringify(nzoIds) }]
        : category === null
          ? [all, wish]
          : [ofCategory, { ...wish, category }];
    const rows = statements.page.all({ ...asked, limit, offset });
    const entries = rows.flatMap((row) => {
      const item = readItem(row);
      return item === null ? [] : [{ item, addressMd5: row.address_md5, hasNamesake: row.has_namesake === 1 }];
    });
    return { entries, total: statements.count.get(asked)?.count ?? 0 };
  }

  /** All in which something of this kind stands, playable or not, by name. */
  categoriesOf(kind: ItemKind): string[] {
    return this.#statements.categoriesOf.all({ kind }).map(({ name }) => name);
  }

  /** A client asked for it: it is listed, again, as of now. */
  list(id: number, { now }: { readonly now: number }): void {
    this.#statements.list.run(now, id);
  }

  /** It is listed no longer, until a client asks for it again. */
  unlist(id: number): void {
    this.#statements.unlist.run(id);
  }

  /** Nothing is known by this sum of its addresses any more. */
  forgetAddress(id: number, addressMd5: string): void {
    this.#statements.forgetAddress.run(id, addressMd5);
  }
}

function prepare({ sql }: Database) {
  return {
    all: prepareHistory(sql, ALL),
    ofCategory: prepareHistory(sql, OF_CATEGORY),
    named: prepareHistory(sql, NAMED),
    categoriesOf: sql.prepare<[object], { name: string }>(
      `SELECT DISTINCT item_places.category AS name FROM item_places JOIN items ON items.id = item_places.item_id
       WHERE items.kind = @kind ORDER BY name`,
    ),
    list: sql.prepare('UPDATE items SET listed_at = ?, is_archived = 0 WHERE id = ?'),
    unlist: sql.prepare('UPDATE items SET is_archived = 1 WHERE id = ?'),
    forgetAddress: sql.prepare('DELETE FROM item_addresses WHERE item_id = ? AND address_md5 = ?'),
  };
}

/** Pages are chosen before whole rows are read. */
function prepareHistory(
  sql: Database['sql'],
  { lines, place }: { readonly lines: string; readonly place: string | null },
) {
  const columns = place === null ? ITEM_COLUMNS : PLACED_ITEM_COLUMNS;
  const placed = place === null ? '' : `JOIN item_places ON item_places.item_id = items.id AND ${place}`;
  return {
    page: sql.prepare<[object], HistoryRow>(
      `${lines}, page AS (SELECT * FROM lines ORDER BY at DESC, id DESC, address_md5 LIMIT @limit OFFSET @offset)
       SELECT ${columns}, page.address_md5, ${HAS_NAMESAKE} AS has_namesake FROM page JOIN items ON items.id = page.id ${placed}
       ORDER BY page.at DESC, page.id DESC, page.address_md5`,
    ),
    count: sql.prepare<[object], { count: number }>(`${lines} SELECT count(*) AS count FROM lines`),
  };
}
