// Releases that were tried in vain, by what stands for their content. Says when and why; how long that means something is
// for others to judge.

import { isContentId, type ContentId } from '../content/index.js';
import type { Database } from './database.js';

/** One failure. */
export interface FailedRelease {
  readonly contentKey: ContentId;
  /** Null for what is held against all of it. */
  readonly fileIndex: number | null;
  /** Of the error. */
  readonly code: string;
  /** Epoch ms. */
  readonly failedAt: number;
}

/** Their number is bounded by whoever sweeps. What is written survives a crash. */
export class FailedReleases {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: Database) {
    this.#statements = prepare(database);
  }

  /** In place of what was known of this file, or of the whole. */
  put({ code, failedAt, ...of }: FailedRelease): void {
    this.#statements.put.run(keyOf(of), code, failedAt);
  }

  /** Idempotent. */
  delete(of: Pick<FailedRelease, 'contentKey' | 'fileIndex'>): void {
    this.#statements.delete.run(keyOf(of));
  }

  /** Drops all that failed with this code. */
  forget(code: string): void {
    this.#statements.forget.run(code);
  }

  /** Drops what failed at `since` (epoch ms) or before, and of the rest all but the `max` latest. */
  sweep(since: number, max: number): void {
    this.#statements.sweepOld.run(since);
    this.#statements.sweepMany.run(max);
  }

  /** The latest last. */
  list(): FailedRelease[] {
    return this.#statements.list.all().flatMap(({ key, code, failedAt }) => {
      const [contentKey = '', file] = key.split(':');
      const fileIndex = file === undefined ? null : Number(file);
      return isContentId(contentKey) ? [{ contentKey, fileIndex, code, failedAt }] : [];
    });
  }
}

/** `<content key>`, or `<content key>:<file index>`. */
function keyOf({ contentKey, fileIndex }: Pick<FailedRelease, 'contentKey' | 'fileIndex'>): string {
  return fileIndex === null ? contentKey : `${contentKey}:${fileIndex}`;
}

function prepare({ sql }: Database) {
  return {
    put: sql.prepare('INSERT OR REPLACE INTO failed_releases (content_key, code, failed_at) VALUES (?, ?, ?)'),
    delete: sql.prepare('DELETE FROM failed_releases WHERE content_key = ?'),
    forget: sql.prepare('DELETE FROM failed_releases WHERE code = ?'),
    sweepOld: sql.prepare('DELETE FROM failed_releases WHERE failed_at <= ?'),
    sweepMany: sql.prepare(
      `DELETE FROM failed_releases WHERE failed_at < (SELECT failed_at FROM failed_releases ORDER BY failed_at DESC LIMIT 1 OFFSET ? - 1)`,
    ),
    list: sql.prepare<[], { key: string; code: string; failedAt: number }>(
      'SELECT content_key AS key, code, failed_at AS failedAt FROM failed_releases ORDER BY failed_at, content_key',
    ),
  };
}
