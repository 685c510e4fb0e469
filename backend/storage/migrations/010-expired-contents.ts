// What left the library because nobody used it is told from what a user removed.

import type { Migration } from './migration.js';

/** `removed.is_expired`: nobody said that it is not wanted, so that lists may offer it again. */
export const expiredContents: Migration = {
  number: 10,
  sql: `ALTER TABLE removed ADD COLUMN is_expired INTEGER NOT NULL DEFAULT 0;`,
};
