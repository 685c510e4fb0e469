// Everything that plays is an item: what it came from, whether it is a favourite, when it was last played, under which
// addresses it was submitted, and in which folders it stands.

import type { Migration } from './migration.js';

/**
 * `items.source` is sealed, and null for items made before; `document_bytes`: how large the NZB or `.torrent` is, once
 * somebody asked. `item_addresses` holds MD5 sums of cleaned addresses, which clients know a dead release by.
 * `item_places`: an item stands in a folder of each category it was submitted under; the first is `items`' own, too.
 */
export const libraryItems: Migration = {
  number: 7,
  sql: `
    ALTER TABLE items ADD COLUMN kind TEXT NOT NULL DEFAULT 'nzb';
    ALTER TABLE items ADD COLUMN source BLOB;
    ALTER TABLE items ADD COLUMN is_favourite INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE items ADD COLUMN document_bytes INTEGER;
    ALTER TABLE contents ADD COLUMN played_at INTEGER;

    CREATE TABLE item_addresses (
      item_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
      address_md5 TEXT NOT NULL,
      PRIMARY KEY (item_id, address_md5)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE item_places (
      category TEXT NOT NULL,
      folder TEXT NOT NULL,
      item_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
      PRIMARY KEY (category, folder)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX item_places_by_item ON item_places (item_id, category);
    INSERT INTO item_places (category, folder, item_id) SELECT category, folder, id FROM items;
  `,
};
