// Whoever mounts the library finds what was submitted by its name.

import type { Migration } from './migration.js';

/** `items_by_name`: which of several items of a kind and name came first. */
export const submittedNames: Migration = {
  number: 11,
  sql: `
    CREATE INDEX items_by_name ON items (kind, folder, id);
    CREATE INDEX items_by_kind ON items (kind, id);
  `,
};
