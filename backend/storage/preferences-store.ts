// How lists are wanted, kept whole. One owner so far: everybody who watches through this installation.

import { DEFAULT_PREFERENCES, preferencesForm } from '../../manifest/index.js';
import type { Preferences } from '../../manifest/index.js';
import type { Logger } from '../platform/index.js';
import type { Database } from './database.js';

const OWNER = 'default';

/** What is written survives a power cut. */
export class PreferencesStore {
  readonly #database: Database;
  readonly #log: Logger;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: Database, log: Logger) {
    this.#database = database;
    this.#log = log;
    this.#statements = prepare(database);
  }

  /** The defaults where none were kept, and where what was kept cannot be read any more. */
  get(): Preferences {
    const value = this.#statements.get.get(OWNER);
    if (value === undefined) return DEFAULT_PREFERENCES;
    try {
      return preferencesForm.parse(JSON.parse(value));
    } catch (err) {
      this.#log.warn({ err }, 'The kept preferences cannot be read; lists are made with the defaults');
      return DEFAULT_PREFERENCES;
    }
  }

  set(preferences: Preferences): void {
    this.#database.durably(() => this.#statements.set.run(OWNER, JSON.stringify(preferences)));
  }
}

function prepare({ sql }: Database) {
  return {
    get: sql.prepare<[string], string>('SELECT value FROM preferences WHERE owner = ?').pluck(),
    set: sql.prepare('INSERT OR REPLACE INTO preferences (owner, value) VALUES (?, ?)'),
  };
}
