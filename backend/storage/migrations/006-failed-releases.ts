// Which releases failed by their own fault lately, so that a restart does not offer them as if nothing had been tried.

import type { Migration } from './migration.js';

/** `content_key`: a content id or the hash of an address. `failed_at`: epoch ms. */
export const failedReleases: Migration = {
  number: 6,
  sql: `
    CREATE TABLE failed_releases (content_key TEXT PRIMARY KEY, code TEXT NOT NULL, failed_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX failed_releases_by_time ON failed_releases (failed_at);
  `,
};
