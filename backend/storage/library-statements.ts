// The library's SQL. Knows nothing of when it is run.

import type { Statement } from 'better-sqlite3';
import type { ContentId } from '../content/index.js';
import type { Database } from './database.js';
import type { ContentRow, FileRow } from './library-entry.js';

/** A row of `removed`. */
export interface RemovedRow {
  readonly removed_at: number;
  readonly is_expired: number;
}

const SELECT = `
  SELECT c.content_id, c.kind, c.name, c.title_id, c.added_at, c.used_at, t.id AS torrent_id, t.is_paused,
    t.included
  FROM contents c LEFT JOIN torrents t ON t.info_hash = c.content_id`;
const SELECT_TORRENTS = SELECT.replace('LEFT JOIN', 'JOIN');

export function prepareLibrarySelects({ sql }: Database) {
  return {
    one: sql.prepare<[string], ContentRow>(`${SELECT} WHERE c.content_id = ?`),
    page: sql.prepare<[number, number], ContentRow>(
      `${SELECT} ORDER BY c.added_at DESC, c.content_id LIMIT ? OFFSET ?`,
    ),
    torrents: sql.prepare<[], ContentRow>(`${SELECT_TORRENTS} ORDER BY t.id`),
    byTorrentId: sql.prepare<[number], ContentRow>(`${SELECT_TORRENTS} WHERE t.id = ?`),
    lastTorrentId: sql.prepare<[], { seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'torrents'"),
    byTitle: sql.prepare<[string], ContentRow>(`${SELECT} WHERE c.title_id = ? ORDER BY c.used_at DESC`),
    count: sql.prepare<[], { count: number }>('SELECT count(*) AS count FROM contents'),
    removed: sql.prepare<[string], RemovedRow>('SELECT removed_at, is_expired FROM removed WHERE content_id = ?'),
    source: sql.prepare<[string], { source: Buffer }>('SELECT source FROM contents WHERE content_id = ?'),
    files: sql.prepare<[string], FileRow>(
      `SELECT file_index, path, size_bytes, is_padding, is_member FROM content_files WHERE content_id = ?
       ORDER BY file_index`,
    ),
    filesOfAll: sql.prepare<[string], FileRow & { readonly content_id: ContentId }>(
      `SELECT content_id, file_index, path, size_bytes, is_padding, is_member FROM content_files
       WHERE content_id IN (SELECT value FROM json_each(?)) ORDER BY content_id, file_index`,
    ),
    allMedia: sql.prepare<[string], { file_index: number; media: string }>(
      'SELECT file_index, media FROM content_files WHERE content_id = ? AND media IS NOT NULL',
    ),
    media: sql.prepare<[string, number], { media: string | null }>(
      'SELECT media FROM content_files WHERE content_id = ? AND file_index = ?',
    ),
  };
}

export function prepareLibraryChanges({ sql }: Database): Record<LibraryChange, Statement> {
  return {
    insert: sql.prepare(
      `INSERT INTO contents (content_id, kind, name, title_id, added_at, used_at, source) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    update: sql.prepare(
      `UPDATE contents SET kind = ?, name = ?, title_id = coalesce(?, title_id), used_at = ? WHERE content_id = ?`,
    ),
    updateSource: sql.prepare('UPDATE contents SET source = ? WHERE content_id = ?'),
    touch: sql.prepare('UPDATE contents SET used_at = ? WHERE content_id = ? AND used_at < ?'),
    notePlayed: sql.prepare(
      `UPDATE contents SET played_at = ?, used_at = ? WHERE content_id = ? AND (played_at IS NULL OR played_at < ?)`,
    ),
    remove: sql.prepare('DELETE FROM contents WHERE content_id = ?'),
    insertTorrent: sql.prepare('INSERT INTO torrents (info_hash) VALUES (?) ON CONFLICT (info_hash) DO NOTHING'),
    setPaused: sql.prepare('UPDATE torrents SET is_paused = ? WHERE info_hash = ?'),
    setIncluded: sql.prepare('UPDATE torrents SET included = ? WHERE info_hash = ?'),
    deleteFile: sql.prepare('DELETE FROM content_files WHERE content_id = ? AND file_index = ?'),
    keepFile: sql.prepare(
      `INSERT OR REPLACE INTO content_files (content_id, file_index, path, size_bytes, is_padding, is_member)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    setMedia: sql.prepare('UPDATE content_files SET media = ? WHERE content_id = ? AND file_index = ?'),
    insertRemoved: sql.prepare('INSERT OR REPLACE INTO removed (content_id, removed_at, is_expired) VALUES (?, ?, ?)'),
    forgetRemoved: sql.prepare('DELETE FROM removed WHERE content_id = ?'),
    pruneRemoved: sql.prepare('DELETE FROM removed WHERE removed_at < ?'),
  };
}

export type LibraryChange =
  | 'insert'
  | 'update'
  | 'updateSource'
  | 'touch'
  | 'notePlayed'
  | 'remove'
  | 'insertTorrent'
  | 'setPaused'
  | 'setIncluded'
  | 'deleteFile'
  | 'keepFile'
  | 'setMedia'
  | 'insertRemoved'
  | 'forgetRemoved'
  | 'pruneRemoved';
