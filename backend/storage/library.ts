// What was prepared once and is kept: releases with their files, sources and torrent ids; and, for a while, what was
// removed. Knows neither jobs nor bytes.

import { GoneError } from '../content/index.js';
import type { ContentId, Release, ReleaseFile, Source } from '../content/index.js';
import type { Clock } from '../platform/index.js';
import type { Database } from './database.js';
import { entryOf, fileOf } from './library-entry.js';
import type { ContentRow, EntryParts, FileRow, LibraryEntry } from './library-entry.js';
import { prepareLibraryChanges, prepareLibrarySelects } from './library-statements.js';
import type { RemovedRow } from './library-statements.js';
import { mergeSources } from './merge-sources.js';
import { encodeSource, openSource, sealSource } from './sealed-source.js';

/** How long it is remembered that something was removed. */
const REMOVED_FOR_MS = 30 * 86400e3;
/** Uses closer together than this are one write. */
const TOUCH_INTERVAL_MS = 5_000;

/** The kept releases. No call but `list`, `listTorrents` and the opening costs more in a larger library. */
export class Library {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #parts: EntryParts;
  readonly #select: ReturnType<typeof prepareLibrarySelects>;
  readonly #change: ReturnType<typeof prepareLibraryChanges>;
  #count: number;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#select = prepareLibrarySelects(database);
    this.#change = prepareLibraryChanges(database);
    this.#parts = { files: (id) => this.filesOf(id), source: (id) => this.#sourceOf(id) };
    this.#count = this.#select.count.get()?.count ?? 0;
  }

  /**
   * Keeps `release`, or completes what is kept of it: trackers, peers and a torrent's `info` are merged, a title id stays
   * unless another is given; known files inside archives stay where `release` brings just the files around them. Being
   * removed before is forgotten. On the disk when this returns.
   */
  remember(release: Release, options: { readonly titleId?: string } = {}): LibraryEntry {
    const { contentId } = release;
    this.#database.durably(() => {
      const isNew = this.#rowOf(contentId) === undefined;
      if (isNew) this.#insert(release, options.titleId ?? null);
      else this.#update(release, options.titleId ?? null);
      this.#writeFiles(release);
      this.#change.forgetRemoved.run(contentId);
      if (isNew) this.#count += 1;
    });
    const entry = this.get(contentId);
    if (!entry) throw new GoneError('This was removed while it was being added.');
    return entry;
  }

  get(contentId: ContentId): LibraryEntry | null {
    return this.#entry(this.#rowOf(contentId));
  }

  /** Its files alone, for who knows the rest. @throws {GoneError} when it is not there */
  filesOf(contentId: ContentId): readonly ReleaseFile[] {
    const rows = this.#select.files.all(contentId);
    if (rows.length === 0 && !this.#rowOf(contentId)) throw removedMeanwhile();
    return rows.map(fileOf);
  }

  /** The files of many, each as `filesOf` says them; what has none, or is not there, is missing. */
  filesOfAll(contentIds: readonly ContentId[]): Map<ContentId, ReleaseFile[]> {
    const found = new Map<ContentId, ReleaseFile[]>();
    for (const row of this.#select.filesOfAll.iterate(JSON.stringify(contentIds))) {
      const files = found.get(row.content_id);
      if (files === undefined) found.set(row.content_id, [fileOf(row)]);
      else files.push(fileOf(row));
    }
    return found;
  }

  /** True when it was removed, by whomever, in the last 30 days and not added since. */
  isRemoved(contentId: ContentId): boolean {
    return this.#removed(contentId) !== null;
  }

  /** True when a user removed it in the last 30 days: unlike what expired, it is not offered again. */
  isUnwanted(contentId: ContentId): boolean {
    return this.#removed(contentId)?.is_expired === 0;
  }

  /**
   * Forgets it, and remembers for 30 days that it was removed, and whether only because nobody used it. On the disk when
   * this returns. Idempotent.
   */
  remove(contentId: ContentId, { isExpired = false }: { readonly isExpired?: boolean } = {}): void {
    const now = this.#clock.now();
    this.#database.durably(() => {
      const { changes } = this.#change.remove.run(contentId);
      if (changes === 0) return;
      this.#count -= 1;
      this.#change.insertRemoved.run(contentId, now, isExpired ? 1 : 0);
      this.#change.pruneRemoved.run(now - REMOVED_FOR_MS);
    });
  }

  /** Notes a use. Cheap enough for every request. */
  touch(contentId: ContentId): void {
    const now = this.#clock.now();
    this.#change.touch.run(now, contentId, now - TOUCH_INTERVAL_MS);
  }

  /** Notes that somebody plays it. Cheap enough for every request. */
  notePlayed(contentId: ContentId): void {
    const now = this.#clock.now();
    this.#change.notePlayed.run(now, now, contentId, now - TOUCH_INTERVAL_MS);
  }

  /** Newest first. */
  list(options: { readonly limit: number; readonly offset: number }): LibraryEntry[] {
    return this.#entries(this.#select.page.all(options.limit, options.offset));
  }

  count(): number {
    return this.#count;
  }

  /** All torrents, by id. */
  listTorrents(): LibraryEntry[] {
    return this.#entries(this.#select.torrents.all());
  }

  byTorrentId(id: number): LibraryEntry | null {
    return Number.isSafeInteger(id) ? this.#entry(this.#select.byTorrentId.get(id)) : null;
  }

  /** True for an id that was given out and belongs to nothing now: no id is given twice. */
  isRemovedTorrentId(id: number): boolean {
    if (!Number.isSafeInteger(id) || id < 1) return false;
    return id <= (this.#select.lastTorrentId.get()?.seq ?? 0) && this.byTorrentId(id) === null;
  }

  /** Most recently used first. */
  byTitle(titleId: string): LibraryEntry[] {
    return this.#entries(this.#select.byTitle.all(titleId));
  }

  /** Torrents only; nothing happens to others. On the disk when this returns. */
  setPaused(contentId: ContentId, isPaused: boolean): void {
    this.#database.durably(() => this.#change.setPaused.run(isPaused ? 1 : 0, contentId));
  }

  /** Torrents only: the files that are fetched whole, by index. On the disk when this returns. */
  setIncluded(contentId: ContentId, indexes: readonly number[]): void {
    this.#database.durably(() => this.#change.setIncluded.run(JSON.stringify(indexes), contentId));
  }

  /** Keeps what is known of a file's tracks and times, as JSON, for as long as the file stays the same. */
  setMedia(contentId: ContentId, fileIndex: number, media: unknown): void {
    this.#change.setMedia.run(JSON.stringify(media), contentId, fileIndex);
  }

  /** What `setMedia` kept of a content's files, by their index; those of which nothing is kept are missing. */
  mediaOf(contentId: ContentId): ReadonlyMap<number, unknown> {
    const rows = this.#select.allMedia.all(contentId);
    return new Map(rows.map(({ file_index: index, media }) => [index, JSON.parse(media) as unknown]));
  }

  /** What `setMedia` kept; null where nothing is. */
  media(contentId: ContentId, fileIndex: number): unknown {
    const media = this.#select.media.get(contentId, fileIndex)?.media ?? null;
    return media === null ? null : JSON.parse(media);
  }

  #removed(contentId: ContentId): RemovedRow | null {
    const row = this.#select.removed.get(contentId);
    return row !== undefined && row.removed_at > this.#clock.now() - REMOVED_FOR_MS ? row : null;
  }

  #insert(release: Release, titleId: string | null): void {
    const now = this.#clock.now();
    const { contentId, name, source } = release;
    const sealed = sealSource(source, this.#database.sealer);
    this.#change.insert.run(contentId, source.kind, name, titleId, now, now, sealed);
    if (source.kind === 'torrent') this.#change.insertTorrent.run(contentId);
  }

  #update(release: Release, titleId: string | null): void {
    const { contentId, name } = release;
    const kept = this.#sourceOf(contentId);
    const source = mergeSources(kept, release.source);
    this.#change.update.run(source.kind, name, titleId, this.#clock.now(), contentId);
    if (source.kind === 'torrent') this.#change.insertTorrent.run(contentId);
    if (Buffer.compare(encodeSource(kept), encodeSource(source)) === 0) return;
    this.#change.updateSource.run(sealSource(source, this.#database.sealer), contentId);
  }

  #writeFiles(release: Release): void {
    const { contentId, files } = release;
    const kept = this.#select.files.all(contentId);
    const around = kept.filter((row) => row.is_member === 0);
    // A release that was not looked into brings no members; those that are known are still in there.
    if (around.length === files.length && around.every((row, place) => isSameFile(row, files[place]))) return;
    const indexes = new Set(files.map(({ index }) => index));
    for (const row of kept) if (!indexes.has(row.file_index)) this.#change.deleteFile.run(contentId, row.file_index);
    const known = new Map(kept.map((row) => [row.file_index, row]));
    for (const file of files) {
      const row = known.get(file.index);
      if (row !== undefined && isSameFile(row, file)) continue;
      const { index, path, sizeBytes, isPadding, isMember } = file;
      this.#change.keepFile.run(contentId, index, path, sizeBytes, isPadding ? 1 : 0, isMember === true ? 1 : 0);
    }
  }

  #rowOf(contentId: ContentId): ContentRow | undefined {
    return this.#select.one.get(contentId);
  }

  #sourceOf(contentId: ContentId): Source {
    const row = this.#select.source.get(contentId);
    if (!row) throw removedMeanwhile();
    return openSource(row.source, this.#database.sealer);
  }

  #entry(row: ContentRow | undefined): LibraryEntry | null {
    return row ? entryOf(row, this.#parts) : null;
  }

  #entries(rows: readonly ContentRow[]): LibraryEntry[] {
    return rows.map((row) => entryOf(row, this.#parts));
  }
}

function isSameFile(row: FileRow, file: ReleaseFile | undefined): boolean {
  return (
    file?.index === row.file_index &&
    file.path === row.path &&
    file.sizeBytes === row.size_bytes &&
    file.isPadding === (row.is_padding === 1) &&
    (file.isMember === true) === (row.is_member === 1)
  );
}

function removedMeanwhile(): GoneError {
  return new GoneError('This was removed from the library.');
}
