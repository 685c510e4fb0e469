// What the torrents dialect needs of the rooms below: small pieces of the library, the torrent engine, the jobs and the
// access room. The rooms' own classes fit as they are.

import type { Request, RequestHandler } from 'express';
import type { ContentId, InfoHash, MediaFile, Release, TorrentSource, TorrentUrlSource } from '../content/index.js';
import type { Delivery } from '../delivery/index.js';
import type { Clock, Logger } from '../platform/index.js';
import type { RouteAccess } from './guard.js';

/** A torrent that the library remembers. */
export interface TorrentEntry extends Release {
  /** Small, stable across restarts; null for what is no torrent. */
  readonly torrentId: number | null;
  readonly isPaused: boolean;
  /** Indexes of the files that are to be fetched whole, kept across restarts. */
  readonly included: readonly number[];
}

export interface TorrentLibrary {
  get(contentId: ContentId): TorrentEntry | null;
  byTorrentId(id: number): TorrentEntry | null;
  listTorrents(): readonly TorrentEntry[];
  /** True for what was here and was removed by its user. */
  isRemoved(contentId: ContentId): boolean;
  /** True for ids that were given out and belong to nothing now: no id is given twice. */
  isRemovedTorrentId(id: number): boolean;
  /** Keeps the release, or completes what is kept of it with what its source knows. */
  remember(release: Release): TorrentEntry;
  setPaused(contentId: ContentId, isPaused: boolean): void;
  setIncluded(contentId: ContentId, indexes: readonly number[]): void;
}

/** What the swarm of one torrent is doing; bytes are those on disk, of the torrent and of each file by index. */
export interface TorrentProgress {
  readonly state: 'initializing' | 'live' | 'paused' | 'error';
  readonly error: string | null;
  readonly haveBytes: number;
  readonly totalBytes: number;
  readonly fileHaveBytes: readonly number[];
  readonly receivedBytes: number;
  readonly uploadedBytes: number;
  readonly downloadBytesPerSecond: number;
  readonly uploadBytesPerSecond: number;
  readonly peers: { readonly connected: number; readonly queued: number; readonly seen: number };
  /** Indexes of the files that are fetched whole. */
  readonly included: readonly number[];
}

export interface TorrentControl {
  /** Waits for the metadata, and holds the torrent from then on. Several callers may ask for the same one at once. */
  resolve(
    source: TorrentSource | TorrentUrlSource,
    options: { readonly signal: AbortSignal; readonly report: () => void },
  ): Promise<Release>;
  /** Null while the engine does not hold the torrent. */
  status(infoHash: InfoHash): TorrentProgress | null;
  setPaused(infoHash: InfoHash, isPaused: boolean): void | Promise<void>;
  /** Of a torrent that the engine holds. */
  setIncluded(infoHash: InfoHash, indexes: readonly number[]): Promise<void>;
  remove(infoHash: InfoHash, options: { readonly deleteFiles: boolean }): Promise<void>;
}

export interface TorrentJobs {
  openContent(contentId: ContentId, fileIndex: number, options: { readonly signal: AbortSignal }): Promise<MediaFile>;
  /** Ends what prepares this content; nobody joins what was ready. */
  cancelContent(contentId: ContentId): number;
}

/** Torrents in the library are items, however they came there. */
export interface TorrentItems {
  adopt(contentId: ContentId): unknown;
  /** Out of the library, with whatever item has it. */
  forgetContent(contentId: ContentId): void;
}

export interface TorrentsDeps {
  readonly items: TorrentItems;
  readonly library: TorrentLibrary;
  readonly engine: TorrentControl;
  readonly jobs: TorrentJobs;
  readonly access: Pick<RouteAccess, 'isOpen' | 'sign' | 'isSigned'>;
  /** Pages of these origins may read what is no bytes and no playlist; default none. */
  readonly corsOrigins?: readonly string[];
  /** Lets a caller with the API key pass; hands an `AccessError` to `next` for others. */
  readonly requireAccess: RequestHandler;
  readonly delivery: Pick<Delivery, 'deliver'>;
  /** Origin and path prefix the caller used, without a slash at the end. */
  readonly originOf: (req: Request) => string;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long a request waits for metadata or for a torrent to open. */
  readonly maxWaitMs: number;
  /** How long metadata is looked for after the request that asked for it was answered. */
  readonly prepareTimeoutMs: number;
}
