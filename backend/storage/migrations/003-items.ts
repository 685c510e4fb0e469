// What is submitted and kept: items, the addresses NZBs came from, what is known of files inside archives.

import type { Migration } from './migration.js';

/**
 * `media`: JSON of what a file's container says. `item_key` stands for content and passwords; ids are never given twice.
 * `removed_folders`: where items were, so that their addresses are gone rather than unknown.
 */
export const items: Migration = {
  number: 3,
  sql: `
    ALTER TABLE content_files ADD COLUMN is_member INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE content_files ADD COLUMN media TEXT;

    CREATE TABLE items (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      nzo_id TEXT NOT NULL UNIQUE,
      item_key TEXT NOT NULL UNIQUE,
      content_id TEXT NOT NULL,
      name TEXT NOT NULL,
      category TEXT NOT NULL,
      folder TEXT NOT NULL,
      job_id TEXT,
      status TEXT NOT NULL,
      stage TEXT NOT NULL,
      percentage REAL NOT NULL,
      error_code TEXT,
      error_message TEXT,
      failed_at INTEGER,
      created_at INTEGER NOT NULL,
      completed_at INTEGER,
      UNIQUE (category, folder)
    ) STRICT;
    CREATE INDEX items_by_content ON items (content_id);
    CREATE INDEX items_by_status ON items (status, id);

    CREATE TABLE removed_folders (
      category TEXT NOT NULL,
      folder TEXT NOT NULL,
      removed_at INTEGER NOT NULL,
      PRIMARY KEY (category, folder)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX removed_folders_by_time ON removed_folders (removed_at);

    CREATE TABLE known_nzb_urls (url_hash TEXT PRIMARY KEY, source BLOB NOT NULL, seen_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX known_nzb_urls_by_time ON known_nzb_urls (seen_at);
  `,
};
