// News servers that were added by hand.

import type { Migration } from './migration.js';

/** `address`: the server, the account on it and how it is used, sealed. `changed_at`, `created_at`: epoch ms. */
export const providers: Migration = {
  number: 9,
  sql: `
    CREATE TABLE providers (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      address BLOB NOT NULL,
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL
    ) STRICT;
  `,
};
