// Where jobs and releases are kept in tests: plain memory, with the manners of the database.

import type { ContentId, Release } from '../../backend/content/index.js';
import type { JobLibrary, JobStore, StoredJob } from '../../backend/jobs/index.js';

export class MemoryJobStore implements JobStore {
  readonly rows = new Map<string, StoredJob>();

  insert(job: StoredJob): void {
    this.rows.set(job.id, job);
  }

  update(job: StoredJob): void {
    const kept = this.rows.get(job.id);
    if (kept === undefined) return;
    this.rows.set(job.id, { ...job, source: kept.source, wish: kept.wish, createdAt: kept.createdAt });
  }

  delete(id: string): void {
    this.rows.delete(id);
  }

  list(): StoredJob[] {
    return [...this.rows.values()].sort((one, other) => one.createdAt - other.createdAt);
  }

  /** What a `kill -9` right now would leave behind. */
  copy(): MemoryJobStore {
    const copy = new MemoryJobStore();
    for (const [id, job] of this.rows) copy.rows.set(id, job);
    return copy;
  }
}

export class MemoryLibrary implements JobLibrary {
  readonly releases = new Map<ContentId, Release>();
  readonly titles = new Map<ContentId, string>();
  readonly removed = new Set<ContentId>();
  readonly touched: ContentId[] = [];
  readonly played: ContentId[] = [];

  remember(release: Release, options: { readonly titleId?: string } = {}): Release {
    this.releases.set(release.contentId, release);
    this.removed.delete(release.contentId);
    if (options.titleId !== undefined) this.titles.set(release.contentId, options.titleId);
    return release;
  }

  get(contentId: ContentId): Release | null {
    return this.releases.get(contentId) ?? null;
  }

  isRemoved(contentId: ContentId): boolean {
    return this.removed.has(contentId);
  }

  isUnwanted(contentId: ContentId): boolean {
    return this.isRemoved(contentId);
  }

  remove(contentId: ContentId): void {
    this.releases.delete(contentId);
    this.removed.add(contentId);
  }

  notePlayed(contentId: ContentId): void {
    this.played.push(contentId);
  }

  touch(contentId: ContentId): void {
    this.touched.push(contentId);
  }
}
