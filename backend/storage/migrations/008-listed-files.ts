// What each file of a listed source was listed for: a pack has an address for every episode, and each of them says what to
// look for when it does not play.

import type { Migration } from './migration.js';

/**
 * `file`: as it stands in the play address. `name`, `size_bytes`: of the file, or of the release while that is all that is
 * known; `release_name`, `release_size_bytes`: of the release, null for what was listed before. What was known of a source
 * becomes what is known of the file it was listed as last.
 */
export const listedFiles: Migration = {
  number: 8,
  sql: `
    CREATE TABLE listed_files (
      source_id TEXT NOT NULL REFERENCES listed_sources ON DELETE CASCADE,
      file TEXT NOT NULL,
      title_id TEXT,
      season INTEGER,
      episode INTEGER,
      absolute INTEGER,
      air_date TEXT,
      name TEXT NOT NULL,
      size_bytes INTEGER,
      release_name TEXT,
      release_size_bytes INTEGER,
      binge_group TEXT,
      listed_at INTEGER NOT NULL,
      PRIMARY KEY (source_id, file)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX listed_files_by_time ON listed_files (listed_at);
    CREATE INDEX listed_files_by_episode ON listed_files (title_id, season, episode, listed_at DESC) WHERE season IS NOT NULL;

    INSERT INTO listed_files (source_id, file, title_id, season, episode, name, size_bytes, binge_group, listed_at)
    SELECT
      source_id,
      CASE
        WHEN file_index IS NOT NULL THEN CAST(file_index AS TEXT)
        WHEN season IS NOT NULL AND episode IS NOT NULL THEN 's' || season || 'e' || episode
        ELSE 'auto'
      END,
      title_id, season, episode, name, size_bytes, binge_group, listed_at
    FROM listed_sources;

    ALTER TABLE listed_sources DROP COLUMN title_id;
    ALTER TABLE listed_sources DROP COLUMN season;
    ALTER TABLE listed_sources DROP COLUMN episode;
    ALTER TABLE listed_sources DROP COLUMN file_index;
    ALTER TABLE listed_sources DROP COLUMN name;
    ALTER TABLE listed_sources DROP COLUMN size_bytes;
    ALTER TABLE listed_sources DROP COLUMN binge_group;
  `,
};
