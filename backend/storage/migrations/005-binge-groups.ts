// Which streams a listed source continues: known when it is played, so that the next episode is chosen from the same group.

import type { Migration } from './migration.js';

/** `binge_group`: as the list named it; null for what was listed before. */
export const bingeGroups: Migration = {
  number: 5,
  sql: 'ALTER TABLE listed_sources ADD COLUMN binge_group TEXT;',
};
