// A full disk, told as what it is: writes of the database that find no room fail with the house's own error.

import type Sqlite from 'better-sqlite3';
import { StorageFullError } from '../content/index.js';

const FULL = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT']);

/** `work`'s result. @throws {StorageFullError} in place of the database's error when the disk is full */
export function namingFullDisk<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const { code } = (cause ?? {}) as { readonly code?: unknown };
    if (!FULL.has(String(code))) throw cause;
    throw new StorageFullError('The disk is full.', { cause });
  }
}

/** Makes every statement that `sql` prepares from now on name a full disk when it is `run`. */
export function nameFullDisk(sql: Sqlite.Database): void {
  const prepare = sql.prepare.bind(sql);
  const prepareNaming = (text: string): Sqlite.Statement<unknown[]> => {
    const statement = prepare<unknown[]>(text);
    const run = statement.run.bind(statement);
    statement.run = (...values) => namingFullDisk(() => run(...values));
    return statement;
  };
  sql.prepare = prepareNaming as typeof sql.prepare;
}
