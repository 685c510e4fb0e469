// Indexers that were added by hand, and how viewers want their lists.

import type { Migration } from './migration.js';

/** `address`: sealed, for it carries keys. `changed_at`, `created_at`: epoch ms. `preferences.value`: JSON. */
export const indexers: Migration = {
  number: 4,
  sql: `
    CREATE TABLE indexers (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      is_enabled INTEGER NOT NULL,
      requests_per_minute INTEGER,
      address BLOB NOT NULL,
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE preferences (owner TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
};
