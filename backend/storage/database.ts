// Opens the one database file: its shape brought up to date, its key checked. Every other file here speaks SQL through what
// this returns. One process per file.

import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { ConfigError } from '../platform/index.js';
import type { Sealer } from '../platform/index.js';
import { nameFullDisk, namingFullDisk } from './disk-full.js';
import { initial } from './migrations/001-initial.js';
import { includedFiles } from './migrations/002-included-files.js';
import { items } from './migrations/003-items.js';
import { indexers } from './migrations/004-indexers.js';
import { bingeGroups } from './migrations/005-binge-groups.js';
import { failedReleases } from './migrations/006-failed-releases.js';
import { libraryItems } from './migrations/007-library-items.js';
import { listedFiles } from './migrations/008-listed-files.js';
import { providers } from './migrations/009-providers.js';
import { expiredContents } from './migrations/010-expired-contents.js';
import { submittedNames } from './migrations/011-submitted-names.js';
import { downloadClients } from './migrations/012-download-clients.js';
import { removedFiles } from './migrations/013-removed-files.js';
import type { Migration } from './migrations/migration.js';

/** An open database. Calls are synchronous; keep what runs inside them small. */
export interface Database {
  readonly sql: Sqlite.Database;
  /** Opens and seals the `source` and `address` columns. */
  readonly sealer: Sealer;
  /**
   * Runs `work` in one transaction and returns its result once it is on the disk, power cut included. A commit outside
   * this survives a crash of the process at once, and a power cut as soon as anything durable follows.
   * @throws {StorageFullError} when the disk is full; nothing of `work` is kept
   */
  durably<Result>(work: () => Result): Result;
  /** Idempotent. */
  close(): void;
}

const MIGRATIONS: readonly Migration[] = [
  ...[initial, includedFiles, items, indexers, bingeGroups, failedReleases],
  ...[libraryItems, listedFiles, providers, expiredContents, submittedNames, downloadClients],
  removedFiles,
];
/** How long a statement waits for another process that looks into the file. */
const BUSY_TIMEOUT_MS = 5000;
const CANARY = 'headstart';

/**
 * Opens or creates `file` (`:memory:` for none).
 * @throws {ConfigError} when it was sealed with another key, was written by a newer version, or is no database.
 */
export function openDatabase(file: string, options: { readonly sealer: Sealer }): Database {
  const sql = openFile(file);
  try {
    sql.pragma('journal_mode = WAL');
    sql.pragma('synchronous = FULL');
    sql.pragma('foreign_keys = ON');
    migrate(sql, file);
    checkKey(sql, options.sealer, file);
    sql.pragma('synchronous = NORMAL');
  } catch (error) {
    sql.close();
    throw isSqliteError(error) ? unusable(file, error) : error;
  }
  nameFullDisk(sql);
  return new OpenDatabase(sql, options.sealer);
}

class OpenDatabase implements Database {
  constructor(
    readonly sql: Sqlite.Database,
    readonly sealer: Sealer,
  ) {}

  durably<Result>(work: () => Result): Result {
    if (this.sql.inTransaction) return work();
    this.sql.pragma('synchronous = FULL');
    try {
      return namingFullDisk(() => this.sql.transaction(work).immediate());
    } finally {
      this.sql.pragma('synchronous = NORMAL');
    }
  }

  close(): void {
    if (this.sql.open) this.sql.close();
  }
}

function openFile(file: string): Sqlite.Database {
  try {
    if (file === ':memory:') return new Sqlite(file);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const sql = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
    chmodSync(file, 0o600);
    return sql;
  } catch (error) {
    throw unusable(file, error);
  }
}

function migrate(sql: Sqlite.Database, file: string): void {
  const migrateTo = sql.transaction((migration: Migration) => {
    sql.exec(migration.sql);
    sql.pragma(`user_version = ${migration.number}`);
  });
  const current = Number(sql.pragma('user_version', { simple: true }));
  if (current > (MIGRATIONS.at(-1)?.number ?? 0)) {
    throw new ConfigError([`DATA_DIR: ${file} was written by a newer version; use that, or another DATA_DIR`]);
  }
  for (const migration of MIGRATIONS) if (migration.number > current) migrateTo.immediate(migration);
}

/** A value sealed at first start tells later whether the key is still the same. */
function checkKey(sql: Sqlite.Database, sealer: Sealer, file: string): void {
  const row = sql.prepare<[], { value: Buffer }>(`SELECT value FROM meta WHERE key = 'canary'`).get();
  if (!row) {
    sql.prepare(`INSERT INTO meta (key, value) VALUES ('canary', ?)`).run(sealer.seal(CANARY));
    return;
  }
  try {
    sealer.open(row.value);
  } catch {
    throw new ConfigError([
      `SECRET_KEY: not the key that ${file} was sealed with; allowed: the former key, or another DATA_DIR to start afresh`,
    ]);
  }
}

function unusable(file: string, error: unknown): ConfigError {
  const reason = error instanceof Error ? error.message : String(error);
  return new ConfigError([`DATA_DIR: ${file} cannot be used as the database (${reason})`]);
}

/** By its code: a process can hold more than one copy of the class. */
function isSqliteError(error: unknown): boolean {
  return String((error as { readonly code?: unknown } | null)?.code).startsWith('SQLITE_');
}
