// What download clients are shown of the items: since when, or not any more.

import type { Migration } from './migration.js';

/** `listed_at`: when a download client asked for it last. `is_archived`: cleared from the clients' history; it plays as before. */
export const downloadClients: Migration = {
  number: 12,
  sql: `
    ALTER TABLE items ADD COLUMN listed_at INTEGER;
    ALTER TABLE items ADD COLUMN is_archived INTEGER NOT NULL DEFAULT 0;

    CREATE INDEX item_addresses_by_sum ON item_addresses (address_md5);
  `,
};
