// How lists are wanted, as it is kept.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_PREFERENCES } from '../../../manifest/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { openDatabase, PreferencesStore } from '../../../backend/storage/index.js';
import type { Database } from '../../../backend/storage/index.js';
import { NotedLog } from '../../support/noted-log.js';

let database: Database;
let log: NotedLog;

beforeEach(() => {
  database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
  log = new NotedLog();
});

afterEach(() => database.close());

describe('preferences store', () => {
  it('preferences - are the defaults until some are kept', () => {
    expect(new PreferencesStore(database, log).get()).toEqual(DEFAULT_PREFERENCES);
  });

  it('preferences - are what was kept last', () => {
    const store = new PreferencesStore(database, log);
    store.set({ ...DEFAULT_PREFERENCES, maxStreams: 7 });
    const wanted = { ...DEFAULT_PREFERENCES, languages: ['de', 'en'], hdr: 'never' as const };
    store.set(wanted);
    expect(new PreferencesStore(database, log).get()).toEqual(wanted);
    expect(log.lines).toEqual([]);
  });

  it('preferences of an older version - have defaults for what is new', () => {
    database.sql.exec(`INSERT INTO preferences VALUES ('default', '{"maxStreams": 9, "left": "behind"}')`);
    expect(new PreferencesStore(database, log).get()).toEqual({ ...DEFAULT_PREFERENCES, maxStreams: 9 });
  });

  it.each(['{"maxStreams": "many"}', '[]', 'no JSON'])(
    'preferences that cannot be read (%s) - are the defaults, and the log says so',
    (value) => {
      database.sql.prepare(`INSERT INTO preferences VALUES ('default', ?)`).run(value);
      expect(new PreferencesStore(database, log).get()).toEqual(DEFAULT_PREFERENCES);
      expect(log.messages).toEqual(['The kept preferences cannot be read; lists are made with the defaults']);
    },
  );
});
