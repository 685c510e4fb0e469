// Who is signed in, by the hash of their token: whoever reads the database cannot sign in with it.

import type { Database } from './database.js';

/** The open sessions. `tokenHash` is made by whoever makes tokens. */
export class SessionRecords {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: Database) {
    this.#statements = prepare(database);
  }

  /** `expiresAt` in epoch ms. Also drops what has expired at `now`. */
  insert(tokenHash: string, expiresAt: number, now: number): void {
    this.#statements.prune.run(now);
    this.#statements.insert.run(tokenHash, expiresAt);
  }

  /** True while it has not expired at `now` (epoch ms) and was not deleted. */
  has(tokenHash: string, now: number): boolean {
    return this.#statements.find.get(tokenHash, now) !== undefined;
  }

  /** Idempotent. */
  delete(tokenHash: string): void {
    this.#statements.delete.run(tokenHash);
  }
}

function prepare({ sql }: Database) {
  return {
    insert: sql.prepare('INSERT OR REPLACE INTO sessions (token_hash, expires_at) VALUES (?, ?)'),
    find: sql.prepare<[string, number], { found: number }>(
      'SELECT 1 AS found FROM sessions WHERE token_hash = ? AND expires_at > ?',
    ),
    delete: sql.prepare('DELETE FROM sessions WHERE token_hash = ?'),
    prune: sql.prepare('DELETE FROM sessions WHERE expires_at <= ?'),
  };
}
