// The first shape of the database. Once released, a migration is never changed; what changes comes as the next number.

import type { Migration } from './migration.js';

/** Library, jobs, sessions, listed sources. Times are epoch ms; `source` columns are sealed. */
export const initial: Migration = {
  number: 1,
  sql: `
    CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

    CREATE TABLE contents (
      content_id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      title_id TEXT,
      added_at INTEGER NOT NULL,
      used_at INTEGER NOT NULL,
      source BLOB NOT NULL
    ) STRICT;
    CREATE INDEX contents_by_added_at ON contents (added_at DESC, content_id);
    CREATE INDEX contents_by_title ON contents (title_id, used_at DESC) WHERE title_id IS NOT NULL;

    CREATE TABLE content_files (
      content_id TEXT NOT NULL REFERENCES contents ON DELETE CASCADE,
      file_index INTEGER NOT NULL,
      path TEXT NOT NULL,
      size_bytes INTEGER NOT NULL,
      is_padding INTEGER NOT NULL,
      PRIMARY KEY (content_id, file_index)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE torrents (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      info_hash TEXT NOT NULL UNIQUE REFERENCES contents (content_id) ON DELETE CASCADE,
      is_paused INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE removed (content_id TEXT PRIMARY KEY, removed_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX removed_by_time ON removed (removed_at);

    CREATE TABLE jobs (
      id TEXT PRIMARY KEY,
      content_id TEXT,
      file_index INTEGER,
      source BLOB NOT NULL,
      wish TEXT,
      state TEXT NOT NULL,
      progress REAL NOT NULL,
      message TEXT NOT NULL,
      method TEXT,
      file_name TEXT,
      file_size_bytes INTEGER,
      error_code TEXT,
      error_message TEXT,
      created_at INTEGER NOT NULL,
      used_at INTEGER NOT NULL,
      alias_of TEXT
    ) STRICT;
    CREATE INDEX jobs_by_content ON jobs (content_id, file_index);
    CREATE INDEX jobs_by_used_at ON jobs (used_at);
    CREATE INDEX jobs_by_alias ON jobs (alias_of) WHERE alias_of IS NOT NULL;

    CREATE TABLE sessions (token_hash TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_by_expiry ON sessions (expires_at);

    CREATE TABLE listed_sources (
      source_id TEXT PRIMARY KEY,
      title_id TEXT,
      season INTEGER,
      episode INTEGER,
      file_index INTEGER,
      name TEXT NOT NULL,
      size_bytes INTEGER,
      listed_at INTEGER NOT NULL,
      source BLOB NOT NULL
    ) STRICT;
    CREATE INDEX listed_sources_by_time ON listed_sources (listed_at);
  `,
};
