// The kept items as listings want them: by folder, by outcome, by words, a page at a time. Reads only; what an item is and
// how it changes is the item store's.

import type { ContentId } from '../content/index.js';
import { fold } from '../naming/index.js';
import type { Database } from './database.js';
import { ITEM_COLUMNS, readItem } from './item-row.js';
import type { KeptItem } from './item-row.js';

export type ItemKind = KeptItem['kind'];

/** One category of what plays. */
export interface CategoryEntry {
  readonly name: string;
  /** Epoch ms at which the newest of its items came. */
  readonly changedAt: number;
}

/** An item with what the library knows of its content. Times are epoch ms. */
export interface ListedItem extends KeptItem {
  /** When it was last prepared, opened or played; null where nothing of it is in the library. */
  readonly usedAt: number | null;
  readonly playedAt: number | null;
  readonly titleId: string | null;
  /** When its content was kept first, or else the item was made. */
  readonly addedAt: number;
}

/** What a listing of folders says of an item that plays: no more, because it says it of thousands. */
export interface FolderItem extends Pick<KeptItem, 'id' | 'contentId' | 'kind' | 'folder' | 'createdAt'> {
  /** Epoch ms at which its content came here. */
  readonly addedAt: number;
}

/** An item with what is known of the NZB or `.torrent` it came from. */
export interface SubmittedItem extends KeptItem {
  /** Null until somebody asked how large that is; 0 where there was none. */
  readonly documentBytes: number | null;
  /** No item of its kind and folder name, in whatever category, came before it. */
  readonly isFirstOfName: boolean;
}

export interface FolderPage {
  /** Folders after this one; from the first where absent. */
  readonly after?: string;
  readonly limit: number;
}

export interface LibraryWish {
  /** What the name holds, all of it, whatever its case and accents. */
  readonly words: readonly string[];
  readonly kind?: ItemKind;
  readonly category?: string;
  readonly isFavourite?: true;
  readonly limit: number;
}

/** What is playable: its preparation succeeded, and its content is in the library. */
const IS_PLAYABLE = `items.status IN ('streamable', 'completed')
  AND EXISTS (SELECT 1 FROM contents WHERE contents.content_id = items.content_id)`;
/** Beyond every id. */
const MAX_ID = Number.MAX_SAFE_INTEGER;

/** Every listing is bounded by its `limit` and in a fixed order. */
export class ItemIndex {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: Database) {
    database.sql.function('has_words', { deterministic: true }, hasWords);
    this.#statements = prepare(database);
  }

  /** Of what is playable, by name. */
  categories(): CategoryEntry[] {
    return this.#statements.categories.all().map(({ name, changed_at: changedAt }) => ({ name, changedAt }));
  }

  /** Null when nothing in it is playable. */
  category(name: string): CategoryEntry | null {
    const changedAt = this.#statements.category.get(name)?.changed_at ?? null;
    return changedAt === null ? null : { name, changedAt };
  }

  /** What is playable in a category, by folder. */
  folders(category: string, { after = '', limit }: FolderPage): FolderItem[] {
    return this.#statements.folders.all(category, after, limit);
  }

  /** Paths of the files that were removed from their folders, by item; those that miss nothing are left out. */
  removedFiles(itemIds: readonly number[]): ReadonlyMap<number, ReadonlySet<string>> {
    const removed = new Map<number, Set<string>>();
    for (const { item_id: id, path } of this.#statements.removedFiles.all(JSON.stringify(itemIds)))
      removed.set(id, (removed.get(id) ?? new Set()).add(path));
    return removed;
  }

  /** Everything of a kind, playable or not, oldest first, after the item with this id. */
  submitted(
    kind: ItemKind,
    { after = 0, limit }: { readonly after?: number; readonly limit: number },
  ): SubmittedItem[] {
    return this.#statements.submitted.all(kind, after, limit).flatMap(submittedItem);
  }

  /** The item of a kind that was the first to have a folder of this name, in whatever category. */
  firstSubmitted(kind: ItemKind, folder: string): SubmittedItem | null {
    return submittedItem(this.#statements.firstSubmitted.get(kind, folder))[0] ?? null;
  }

  /** The item with this id, if it is of this kind. */
  submittedById(kind: ItemKind, id: number): SubmittedItem | null {
    return Number.isSafeInteger(id) ? (submittedItem(this.#statements.submittedById.get(kind, id))[0] ?? null) : null;
  }

  /** What is playable, newest first; `total` counts all that fit, at the cost of a look at every item. */
  library(wish: LibraryWish & { readonly offset: number }): {
    readonly items: ListedItem[];
    readonly total: number;
  } {
    const { offset, ...filter } = wish;
    const rows = this.#statements.library.all({ ...namedWish(filter), before: MAX_ID, offset });
    return { items: rows.flatMap(listedItem), total: this.#statements.libraryCount.get(namedWish(filter))?.count ?? 0 };
  }

  /** The same without counting, after (that is, older than) the item with this id. */
  libraryAfter(wish: LibraryWish & { readonly after: number | null }): ListedItem[] {
    const before = wish.after ?? MAX_ID;
    return this.#statements.library.all({ ...namedWish(wish), before, offset: 0 }).flatMap(listedItem);
  }

  listed(id: number): ListedItem | null {
    return Number.isSafeInteger(id) ? (listedItem(this.#statements.listed.get(id))[0] ?? null) : null;
  }

  /** Items that nobody used since `before`, no favourites, nothing that is being prepared; least recently used first. */
  unusedSince(before: number, options: { readonly limit: number }): KeptItem[] {
    return itemsOf(this.#statements.unused.all({ before, limit: options.limit }));
  }

  /** True for one of those that `unusedSince` lists. */
  isUnusedSince(id: number, before: number): boolean {
    return this.#statements.isUnused.get({ id, before }) !== undefined;
  }

  /** Everything that is playable, by id, after the item with this id. */
  playable({ after = 0, limit }: { readonly after?: number; readonly limit: number }): KeptItem[] {
    return itemsOf(this.#statements.playable.all(after, limit));
  }

  /** Contents of the library that no item stands for, oldest first. */
  contentsWithoutItem({ limit, offset = 0 }: { readonly limit: number; readonly offset?: number }): ContentId[] {
    return this.#statements.orphans.all(limit, offset).map(({ content_id: contentId }) => contentId);
  }
}

interface LibraryRow {
  readonly used_at: number | null;
  readonly played_at: number | null;
  readonly title_id: string | null;
  readonly added_at: number;
}

interface SubmittedRow {
  readonly document_bytes: number | null;
  readonly is_first: number;
}

function prepare({ sql }: Database) {
  const select = `SELECT ${ITEM_COLUMNS} FROM items`;
  const submitted = `SELECT ${ITEM_COLUMNS}, items.document_bytes, NOT EXISTS (SELECT 1 FROM items AS older
      WHERE older.kind = items.kind AND older.folder = items.folder AND older.id < items.id) AS is_first FROM items`;
  const listed = `SELECT ${ITEM_COLUMNS}, contents.used_at, contents.played_at, contents.title_id,
      coalesce(contents.added_at, items.created_at) AS added_at
    FROM items LEFT JOIN contents ON contents.content_id = items.content_id`;
  // The plus keeps the planner from the index by status: walking by id needs no sorting, and ends with the page.
  const wished = `SELECT ${ITEM_COLUMNS}, contents.used_at, contents.played_at, contents.title_id, contents.added_at
    FROM items CROSS JOIN contents ON contents.content_id = items.content_id`;
  const isWished = `+items.status IN ('streamable', 'completed')
    AND (@kind IS NULL OR items.kind = @kind) AND (@category IS NULL OR EXISTS
      (SELECT 1 FROM item_places WHERE item_id = items.id AND category = @category))
    AND (@favourite = 0 OR items.is_favourite = 1) AND (@words = '' OR has_words(items.name, @words))`;
  const isUnused = `LEFT JOIN contents ON contents.content_id = items.content_id
       WHERE items.is_favourite = 0 AND items.status NOT IN ('queued', 'processing')
         AND max(items.created_at, coalesce(items.completed_at, 0), coalesce(contents.used_at, 0)) < @before`;
  return {
    categories: sql.prepare<[], { name: string; changed_at: number }>(
      `SELECT item_places.category AS name, max(items.created_at) AS changed_at
       FROM items JOIN item_places ON item_places.item_id = items.id WHERE ${IS_PLAYABLE}
       GROUP BY item_places.category ORDER BY item_places.category`,
    ),
    category: sql.prepare<[string], { changed_at: number | null }>(
      `SELECT max(items.created_at) AS changed_at FROM item_places CROSS JOIN items ON items.id = item_places.item_id
       WHERE item_places.category = ? AND ${IS_PLAYABLE}`,
    ),
    folders: sql.prepare<[string, string, number], FolderItem>(
      `SELECT items.id, items.content_id AS contentId, items.kind, item_places.folder, items.created_at AS createdAt,
         contents.added_at AS addedAt
       FROM item_places CROSS JOIN items ON items.id = item_places.item_id
         CROSS JOIN contents ON contents.content_id = items.content_id
       WHERE item_places.category = ? AND item_places.folder > ? AND items.status IN ('streamable', 'completed')
       ORDER BY item_places.folder LIMIT ?`,
    ),
    removedFiles: sql.prepare<[string], { item_id: number; path: string }>(
      'SELECT item_id, path FROM removed_files WHERE item_id IN (SELECT value FROM json_each(?))',
    ),
    submitted: sql.prepare<[string, number, number], SubmittedRow>(
      `${submitted} WHERE items.kind = ? AND items.id > ? ORDER BY items.id LIMIT ?`,
    ),
    firstSubmitted: sql.prepare<[string, string], SubmittedRow>(
      `${submitted} WHERE items.kind = ? AND items.folder = ? ORDER BY items.id LIMIT 1`,
    ),
    submittedById: sql.prepare<[string, number], SubmittedRow>(`${submitted} WHERE items.kind = ? AND items.id = ?`),
    library: sql.prepare<[object], LibraryRow>(
      `${wished} WHERE items.id < @before AND ${isWished} ORDER BY items.id DESC LIMIT @limit OFFSET @offset`,
    ),
    libraryCount: sql.prepare<[object], { count: number }>(
      `SELECT count(*) AS count FROM items WHERE ${isWished}
       AND EXISTS (SELECT 1 FROM contents WHERE contents.content_id = items.content_id)`,
    ),
    listed: sql.prepare<[number], LibraryRow>(`${listed} WHERE items.id = ?`),
    isUnused: sql.prepare<[object], unknown>(`${select} ${isUnused} AND items.id = @id`),
    unused: sql.prepare<[object], unknown>(
      `${select} ${isUnused}
       ORDER BY coalesce(contents.used_at, items.created_at), items.id LIMIT @limit`,
    ),
    playable: sql.prepare<[number, number], unknown>(
      `${select} WHERE items.id > ? AND +${IS_PLAYABLE} ORDER BY items.id LIMIT ?`,
    ),
    orphans: sql.prepare<[number, number], { content_id: ContentId }>(
      `SELECT contents.content_id FROM contents
       WHERE NOT EXISTS (SELECT 1 FROM items WHERE items.content_id = contents.content_id)
       ORDER BY contents.added_at, contents.content_id LIMIT ? OFFSET ?`,
    ),
  };
}

function namedWish({ words, kind, category, isFavourite, limit }: LibraryWish): object {
  return {
    // No word holds what separates them.
    words: words.map(fold).join(' '),
    kind: kind ?? null,
    category: category ?? null,
    favourite: isFavourite === true ? 1 : 0,
    limit,
  };
}

function hasWords(name: unknown, words: unknown): number {
  const folded = fold(String(name));
  return String(words)
    .split(' ')
    .every((word) => folded.includes(word))
    ? 1
    : 0;
}

function itemsOf(rows: readonly unknown[]): KeptItem[] {
  return rows.flatMap((row) => readItem(row) ?? []);
}

function submittedItem(row: SubmittedRow | undefined): SubmittedItem[] {
  const item = readItem(row);
  if (row === undefined || item === null) return [];
  return [{ ...item, documentBytes: row.document_bytes, isFirstOfName: row.is_first === 1 }];
}

function listedItem(row: LibraryRow | undefined): ListedItem[] {
  const item = readItem(row);
  if (row === undefined || item === null) return [];
  return [{ ...item, usedAt: row.used_at, playedAt: row.played_at, titleId: row.title_id, addedAt: row.added_at }];
}
