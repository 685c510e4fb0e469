// What the NZB dialect needs of the rooms below. The rooms' own classes fit as they are.

import type { Request } from 'express';
import type { ContentId, Job, MediaFile, NzbSource, Release } from '../content/index.js';
import type { Delivery } from '../delivery/index.js';
import type { Item, ItemRequest, Submission } from '../jobs/index.js';
import type { Clock, Logger } from '../platform/index.js';
import type { RouteAccess } from './guard.js';

/** The part of the Usenet engine that takes NZBs in. */
export interface NzbIntake {
  /** False while no news server is set up: everything but bytes and progress is then answered 503. */
  readonly isAvailable: boolean;
  /** An NZB's bytes, plain or gzip'ed. @throws {InputError}; {TooLargeError}; {UnplayableError} `NZB_INVALID` */
  accept(bytes: Uint8Array, options: { readonly fileName?: string; readonly signal: AbortSignal }): Promise<NzbSource>;
  /** The same for an address; the second time without a request. @throws also when it cannot be fetched */
  fetch(url: string, options: { readonly signal: AbortSignal }): Promise<NzbSource>;
}

export interface NzbItems {
  submit(request: ItemRequest): Promise<Submission>;
  get(id: number): Item | null;
  byFolder(category: string, folder: string): Item | null;
  isRemovedFolder(category: string, folder: string): boolean;
}

export interface NzbJobs {
  untilStreamable(id: string, options: { readonly signal: AbortSignal }): Promise<Job>;
  /** Throws why a failed job failed. */
  open(id: string, options: { readonly signal: AbortSignal }): Promise<MediaFile>;
  openContent(contentId: ContentId, fileIndex: number, options: { readonly signal: AbortSignal }): Promise<MediaFile>;
}

export interface NzbLibrary {
  get(contentId: ContentId): Release | null;
  isRemoved(contentId: ContentId): boolean;
}

export interface NzbAccess extends Pick<RouteAccess, 'isOpen' | 'isApiKey'> {
  /** True for the lower-case hex SHA-256 of the API key. */
  isApiKeyHash(hash: string): boolean;
  /** 64 lower-case hex characters that open exactly this path. */
  signPath(path: string): string;
  isSignedPath(path: string, signature: string): boolean;
}

export interface NzbDeps {
  readonly usenet: NzbIntake;
  readonly items: NzbItems;
  readonly jobs: NzbJobs;
  readonly library: NzbLibrary;
  readonly access: NzbAccess;
  readonly delivery: Pick<Delivery, 'deliver'>;
  /** Origin and path prefix the caller used, without a slash at the end. */
  readonly originOf: (req: Request) => string;
  /** Pages of these origins may read what is no bytes. */
  readonly corsOrigins: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
  /** How long a request for bytes waits for its file to open. */
  readonly maxWaitMs: number;
}
