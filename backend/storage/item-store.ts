// Items as the database keeps them. Knows nothing of what their states mean.

import type { ContentId, Source } from '../content/index.js';
import type { Database } from './database.js';
import { ITEM_COLUMNS, PLACED_ITEM_COLUMNS, readItem } from './item-row.js';
import type { KeptItem } from './item-row.js';
import { openSource, sealSource } from './sealed-source.js';

/** A folder that an item stands in. */
export type ItemPlace = Pick<KeptItem, 'category' | 'folder'>;

/** How long it is remembered that a folder was removed. */
const REMOVED_FOR_MS = 30 * 86400e3;

/** The kept items. Fits the jobs room's `ItemStore` without knowing it. No call costs more with more items. */
export class ItemStore {
  readonly #database: Database;
  readonly #statements: ReturnType<typeof prepare>;
  #count: number;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = prepare(database);
    this.#count = this.#statements.count.get()?.count ?? 0;
  }

  /** Its folder counts as removed no longer. On the disk when this returns. */
  insert(item: Omit<KeptItem, 'id'>, kept: { readonly source: Source }): KeptItem {
    const { nzoId, itemKey, contentId, kind, name, category, folder, createdAt } = item;
    const source = sealSource(kept.source, this.#database.sealer);
    const isFavourite = item.isFavourite ? 1 : 0;
    const fixed = { nzoId, itemKey, contentId, kind, name, category, folder, createdAt, source, isFavourite };
    return this.#database.durably(() => {
      const { lastInsertRowid } = this.#statements.insert.run({ ...fixed, ...changing(item) });
      const id = Number(lastInsertRowid);
      this.addPlace(id, { category, folder });
      this.#count += 1;
      return { ...item, id };
    });
  }

  /** The item stands in this folder, too; one of each category. The folder counts as removed no longer. */
  addPlace(id: number, { category, folder }: ItemPlace): void {
    this.#database.durably(() => {
      this.#statements.insertPlace.run(category, folder, id);
      this.#statements.forgetRemoved.run(category, folder);
    });
  }

  /** Its folder of this category has this name from now on. */
  movePlace(id: number, { category, folder }: ItemPlace): void {
    this.#database.durably(() => {
      this.#statements.movePlace.run(folder, id, category);
      this.#statements.moveFirstPlace.run(folder, id, category);
      this.#statements.forgetRemoved.run(category, folder);
    });
  }

  /** What `work` does to items and library is kept as a whole, or nothing of it. On the disk when this returns. */
  together<Result>(work: () => Result): Result {
    const count = this.#count;
    try {
      return this.#database.durably(work);
    } catch (error) {
      this.#count = count;
      throw error;
    }
  }

  /** Where the item stands, by category. */
  placesOf(id: number): ItemPlace[] {
    return this.#statements.places.all(id);
  }

  /** Writes what changes in the course of an item: job, status, stage, percentage, error, times. */
  update(item: KeptItem): void {
    this.#statements.update.run({ id: item.id, ...changing(item) });
  }

  /** Those that failed with this code failed at no time that counts. */
  forgive(code: string): void {
    this.#statements.forgive.run(code);
  }

  setFavourite(id: number, isFavourite: boolean): void {
    this.#statements.setFavourite.run(isFavourite ? 1 : 0, id);
  }

  /** Leaves files out of its folders, by their paths there. On the disk when this returns. Idempotent. */
  removeFiles(id: number, paths: readonly string[]): void {
    this.#database.durably(() => {
      for (const path of paths) this.#statements.removeFile.run(id, path);
    });
  }

  /** Its folders have all their files again. */
  restoreFiles(id: number): void {
    this.#statements.restoreFiles.run(id);
  }

  /** What it was made from; null where that was not kept. @throws {CorruptDataError} */
  sourceOf(id: number): Source | null {
    const sealed = this.#statements.source.get(id)?.source ?? null;
    return sealed === null ? null : openSource(sealed, this.#database.sealer);
  }

  /** The item was submitted under an address with this sum. */
  noteAddress(id: number, addressMd5: string): void {
    this.#statements.noteAddress.run(id, addressMd5);
  }

  /** In a stable order. */
  addressesOf(id: number): string[] {
    return this.#statements.addresses.all(id).map(({ address_md5: sum }) => sum);
  }

  /** How large its NZB or `.torrent` is; null: there is none, unless one came since. */
  setDocumentBytes(id: number, bytes: number | null): void {
    this.#statements.setDocumentBytes.run(bytes, id);
  }

  /** The NZB of all items of this content is this large from now on. */
  noteDocument(contentId: ContentId, bytes: number): void {
    this.#statements.noteDocument.run(bytes, contentId);
  }

  get(id: number): KeptItem | null {
    return Number.isSafeInteger(id) ? readItem(this.#statements.byId.get(id)) : null;
  }

  byKey(itemKey: string): KeptItem | null {
    return readItem(this.#statements.byKey.get(itemKey));
  }

  byNzoId(nzoId: string): KeptItem | null {
    return readItem(this.#statements.byNzoId.get(nzoId));
  }

  /** Oldest first. */
  byContent(contentId: ContentId): KeptItem[] {
    return this.#statements.byContent.all(contentId).flatMap((row) => readItem(row) ?? []);
  }

  /** The item that stands in this folder, as it stands there. */
  byFolder(category: string, folder: string): KeptItem | null {
    return readItem(this.#statements.byFolder.get(category, folder));
  }

  /** True where an item was removed in the last 30 days before `now` and none has its folder now. */
  isRemovedFolder(category: string, folder: string, now: number): boolean {
    const row = this.#statements.removed.get(category, folder);
    return row !== undefined && row.removed_at > now - REMOVED_FOR_MS;
  }

  /** Those that wait or are worked on, oldest first. */
  listOpen(): KeptItem[] {
    return this.#statements.open.all().flatMap((row) => readItem(row) ?? []);
  }

  /** Those, and what plays while the rest of it comes, oldest first. */
  listUnfinished(): KeptItem[] {
    return this.#statements.unfinished.all().flatMap((row) => readItem(row) ?? []);
  }

  /** The failed item that was made first. */
  oldestFailed(): KeptItem | null {
    return readItem(this.#statements.oldestFailed.get());
  }

  /** How many items have this content, with whatever passwords. */
  countOfContent(contentId: ContentId): number {
    return this.#statements.countOfContent.get(contentId)?.count ?? 0;
  }

  count(): number {
    return this.#count;
  }

  /** Forgets it, and remembers for 30 days that its folders were removed. On the disk when this returns. Idempotent. */
  remove(id: number, now: number): void {
    this.#database.durably(() => {
      const places = this.placesOf(id);
      if (this.#statements.remove.run(id).changes === 0) return;
      for (const { category, folder } of places) this.#statements.insertRemoved.run(category, folder, now);
      this.#statements.pruneRemoved.run(now - REMOVED_FOR_MS);
      this.#count -= 1;
    });
  }
}

function prepare({ sql }: Database) {
  const select = `SELECT ${ITEM_COLUMNS} FROM items`;
  return {
    insert: sql.prepare(
      `INSERT INTO items (nzo_id, item_key, content_id, kind, name, category, folder, job_id, status, stage, percentage,
       error_code, error_message, failed_at, created_at, completed_at, is_favourite, source)
       VALUES (@nzoId, @itemKey, @contentId, @kind, @name, @category, @folder, @jobId, @status, @stage, @percentage,
       @errorCode, @errorMessage, @failedAt, @createdAt, @completedAt, @isFavourite, @source)`,
    ),
    forgive: sql.prepare("UPDATE items SET failed_at = NULL WHERE status = 'failed' AND error_code = ?"),
    setFavourite: sql.prepare('UPDATE items SET is_favourite = ? WHERE id = ?'),
    source: sql.prepare<[number], { source: Buffer | null }>('SELECT source FROM items WHERE id = ?'),
    removeFile: sql.prepare('INSERT OR IGNORE INTO removed_files (item_id, path) VALUES (?, ?)'),
    restoreFiles: sql.prepare('DELETE FROM removed_files WHERE item_id = ?'),
    noteAddress: sql.prepare('INSERT OR IGNORE INTO item_addresses (item_id, address_md5) VALUES (?, ?)'),
    addresses: sql.prepare<[number], { address_md5: string }>(
      'SELECT address_md5 FROM item_addresses WHERE item_id = ? ORDER BY address_md5',
    ),
    // 0: looked for, and not there.
    setDocumentBytes: sql.prepare('UPDATE items SET document_bytes = coalesce(?, document_bytes, 0) WHERE id = ?'),
    noteDocument: sql.prepare("UPDATE items SET document_bytes = ? WHERE content_id = ? AND kind = 'nzb'"),
    byNzoId: sql.prepare<[string], unknown>(`${select} WHERE nzo_id = ?`),
    byContent: sql.prepare<[string], unknown>(`${select} WHERE content_id = ? ORDER BY id`),
    update: sql.prepare(
      `UPDATE items SET job_id = @jobId, status = @status, stage = @stage, percentage = @percentage,
       error_code = @errorCode, error_message = @errorMessage, failed_at = @failedAt, completed_at = @completedAt
       WHERE id = @id`,
    ),
    byId: sql.prepare<[number], unknown>(`${select} WHERE id = ?`),
    byKey: sql.prepare<[string], unknown>(`${select} WHERE item_key = ?`),
    byFolder: sql.prepare<[string, string], unknown>(
      `SELECT ${PLACED_ITEM_COLUMNS} FROM item_places JOIN items ON items.id = item_places.item_id
       WHERE item_places.category = ? AND item_places.folder = ?`,
    ),
    insertPlace: sql.prepare('INSERT INTO item_places (category, folder, item_id) VALUES (?, ?, ?)'),
    movePlace: sql.prepare('UPDATE item_places SET folder = ? WHERE item_id = ? AND category = ?'),
    moveFirstPlace: sql.prepare('UPDATE items SET folder = ? WHERE id = ? AND category = ?'),
    places: sql.prepare<[number], ItemPlace>(
      'SELECT category, folder FROM item_places WHERE item_id = ? ORDER BY category',
    ),
    open: sql.prepare<[], unknown>(`${select} WHERE status IN ('queued', 'processing') ORDER BY id`),
    unfinished: sql.prepare<[], unknown>(
      `${select} WHERE status IN ('queued', 'processing', 'streamable') ORDER BY id`,
    ),
    oldestFailed: sql.prepare<[], unknown>(`${select} WHERE status = 'failed' ORDER BY id LIMIT 1`),
    count: sql.prepare<[], { count: number }>('SELECT count(*) AS count FROM items'),
    countOfContent: sql.prepare<[string], { count: number }>(
      'SELECT count(*) AS count FROM items WHERE content_id = ?',
    ),
    remove: sql.prepare('DELETE FROM items WHERE id = ?'),
    removed: sql.prepare<[string, string], { removed_at: number }>(
      'SELECT removed_at FROM removed_folders WHERE category = ? AND folder = ?',
    ),
    insertRemoved: sql.prepare(
      'INSERT OR REPLACE INTO removed_folders (category, folder, removed_at) VALUES (?, ?, ?)',
    ),
    forgetRemoved: sql.prepare('DELETE FROM removed_folders WHERE category = ? AND folder = ?'),
    pruneRemoved: sql.prepare('DELETE FROM removed_folders WHERE removed_at < ?'),
  };
}

function changing(item: Omit<KeptItem, 'id'>): Record<string, string | number | null> {
  const { jobId, status, stage, percentage, failedAt, completedAt } = item;
  return {
    ...{ jobId, status, stage, percentage, failedAt, completedAt },
    errorCode: item.error?.code ?? null,
    errorMessage: item.error?.message ?? null,
  };
}
