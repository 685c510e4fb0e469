// Releases that were tried in vain, by what stands for their content. Says when and why; how long that means something is
// for others to judge.

import { isContentId, type ContentId } from '../content/index.js';
import type { Database } from './database.js';

/** One failure. */
export interface FailedRelease {
  readonly contentKey: ContentId;
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

  /** In place of what was known of this content. */
  put({ contentKey, code, failedAt }: FailedRelease): void {
    this.#statements.put.run(contentKey, code, failedAt);
  }

  /** Idempotent. */
  delete(contentKey: ContentId): void {
    this.#statements.delete.run(contentKey);
  }

  /** Drops what failed at `since` (epoch ms) or before, and of the rest all but the `max` latest. */
  sweep(since: number, max: number): void {
    this.#statements.sweepOld.run(since);
    this.#statements.sweepMany.run(max);
  }

  /** The latest last. */
  list(): FailedRelease[] {
    return this.#statements.list.all().flatMap(({ contentKey, code, failedAt }) => {
      return isContentId(contentKey) ? [{ contentKey, code, failedAt }] : [];
    });
  }
}

function prepare({ sql }: Database) {
  return {
    put: sql.prepare('INSERT OR REPLACE INTO failed_releases (content_key, code, failed_at) VALUES (?, ?, ?)'),
    delete: sql.prepare('DELETE FROM failed_releases WHERE content_key = ?'),
    sweepOld: sql.prepare('DELETE FROM failed_releases WHERE failed_at <= ?'),
    sweepMany: sql.prepare(
      `DELETE FROM failed_releases WHERE failed_at < (SELECT failed_at FROM failed_releases ORDER BY failed_at DESC LIMIT 1 OFFSET ? - 1)`,
    ),
    list: sql.prepare<[], { contentKey: string; code: string; failedAt: number }>(
      'SELECT content_key AS contentKey, code, failed_at AS failedAt FROM failed_releases ORDER BY failed_at, content_key',
    ),
  };
}
