// Open sessions.

import { expect, it } from '@jest/globals';
import { Sealer } from '../../../backend/platform/index.js';
import { SessionRecords, openDatabase } from '../../../backend/storage/index.js';

it('session - is there until it expires or is deleted, and expired ones are swept', () => {
  const database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
  const records = new SessionRecords(database);
  records.insert('a', 100, 0);
  records.insert('b', 200, 0);
  expect([records.has('a', 99), records.has('a', 100), records.has('c', 0)]).toEqual([true, false, false]);
  records.delete('b');
  records.delete('b');
  expect(records.has('b', 0)).toBe(false);
  records.insert('d', 300, 150);
  expect(database.sql.prepare('SELECT token_hash FROM sessions').pluck().all()).toEqual(['d']);
  database.close();
});
