// One file of a release can be removed from its folder.

import type { Migration } from './migration.js';

/** `path`: below the item's folder. */
export const removedFiles: Migration = {
  number: 13,
  sql: `
    CREATE TABLE removed_files (
      item_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
      path TEXT NOT NULL,
      PRIMARY KEY (item_id, path)
    ) STRICT, WITHOUT ROWID;
  `,
};
