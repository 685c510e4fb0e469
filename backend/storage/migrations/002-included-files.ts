// Which files of a torrent are fetched whole, so that a restart goes on fetching them.

import type { Migration } from './migration.js';

/** `included`: JSON list of file indexes; null where nobody ever chose. */
export const includedFiles: Migration = {
  number: 2,
  sql: 'ALTER TABLE torrents ADD COLUMN included TEXT;',
};
