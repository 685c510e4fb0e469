// One server per DATA_DIR: a lock that the operating system lets go of however the process ends. Knows nothing of the data.

import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { ConfigError } from '../platform/index.js';

/** A held lock. */
export interface DataLock {
  /** Idempotent. */
  release(): void;
}

/** A server that is just ending gets this long. */
const PATIENCE_MS = 1000;

/**
 * Takes `dataDir`, which exists, for this process; held until released or until the process ends.
 * @throws {ConfigError} when another running server holds it, or no lock can be made there
 */
export function lockDataDir(dataDir: string): DataLock {
  const file = join(dataDir, 'lock.sqlite');
  let sql: Sqlite.Database | null = null;
  try {
    sql = new Sqlite(file, { timeout: PATIENCE_MS });
    sql.pragma('locking_mode = EXCLUSIVE');
    sql.prepare('BEGIN EXCLUSIVE').run();
  } catch (error) {
    sql?.close();
    throw new ConfigError([describe(error, dataDir, file)]);
  }
  const held = sql;
  return {
    release: () => {
      if (held.open) held.close();
    },
  };
}

function describe(error: unknown, dataDir: string, file: string): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return String(code).startsWith('SQLITE_BUSY')
    ? `DATA_DIR: ${dataDir} is used by another Headstart that is running; allowed: a folder of its own for each`
    : `DATA_DIR: ${file} cannot be locked (${String(message)}); allowed: a folder that can be written`;
}
