// What the preparation API needs of the rooms below.

import type { ContentId, Job, MediaFile, Release } from '../content/index.js';
import type { Delivery } from '../delivery/index.js';
import type { PrepareRequest } from '../jobs/index.js';
import type { Clock, Logger } from '../platform/index.js';
import type { RouteAccess } from './guard.js';

/** The part of the jobs that this API uses. */
export interface PrepareJobs {
  prepare(request: PrepareRequest): Promise<Job>;
  get(id: string): Job | null;
  touch(id: string): void;
  list(): readonly Job[];
  untilStreamable(id: string, options: { readonly signal: AbortSignal }): Promise<Job>;
  open(id: string, options: { readonly signal: AbortSignal }): Promise<MediaFile>;
}

export interface PrepareLibrary {
  get(contentId: ContentId): Release | null;
  isRemoved(contentId: ContentId): boolean;
}

export interface PrepareDeps {
  readonly jobs: PrepareJobs;
  readonly library: PrepareLibrary;
  readonly access: RouteAccess;
  readonly delivery: Pick<Delivery, 'deliver'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long `/stream/proxy` holds a request before it answers "not yet". */
  readonly maxWaitMs: number;
}
