// What the Stremio face asks of the backend: the few methods it calls, declared where they are used. The assembly hands
// the real rooms in; tests hand in small ones.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ContentId, EpisodeWish, InfoHash, Job, MediaFile, Release } from '../backend/content/index.js';
import type { Candidate, FindOptions, Found, SearchWish } from '../backend/discovery/index.js';
import type { PrepareRequest } from '../backend/jobs/index.js';
import type { Clock, Config, Logger } from '../backend/platform/index.js';
import type { KeptListing, ListedFile, ListedSource } from '../backend/storage/index.js';
import type { Preferences } from '../manifest/index.js';

/** Preparation, as the play route sees it. */
export interface AddonJobs {
  /** Joins the running preparation of the same content and file, or starts one; does not wait for it. */
  prepare(request: PrepareRequest): Promise<Job>;
  get(id: string): Job | null;
  /** The preparation that this request would join, else the newest one that failed at exactly this; null without either. */
  find(request: PrepareRequest): Job | null;
  list(): readonly Job[];
  /** Resolves once streamable (or completed); rejects when it fails or the signal ends the wait. */
  untilStreamable(id: string, options: { readonly signal: AbortSignal }): Promise<Job>;
  open(id: string, options: { readonly signal: AbortSignal }): Promise<MediaFile>;
  openContent(contentId: ContentId, fileIndex: number, options: { readonly signal: AbortSignal }): Promise<MediaFile>;
}

/** One release of the library. */
export type AddonLibraryEntry = Release & { readonly titleId: string | null; readonly addedAt: number };

export interface AddonLibrary {
  get(contentId: ContentId): AddonLibraryEntry | null;
  /** A user removed it, not long ago. */
  isUnwanted(contentId: ContentId): boolean;
  byTitle(titleId: string): readonly AddonLibraryEntry[];
  list(options: { readonly limit: number; readonly offset: number }): readonly AddonLibraryEntry[];
  count(): number;
  /** What is known of a file's inside, in the form `readKeptMedia` reads. */
  media(contentId: ContentId, fileIndex: number): unknown;
}

export interface AddonListedSources {
  /** `file`: as `formatPlayFile` writes it. */
  remember(sourceId: string, file: string, listed: ListedSource): void;
  /** Of another file of the same source, where this one never was listed. */
  get(sourceId: string, file: string): KeptListing | null;
  /** What was listed for an episode, the newest first. */
  listedFor(titleId: string, episode: Pick<EpisodeWish, 'season' | 'episode'>): readonly ListedFile[];
}

export interface AddonAccess {
  /** Nobody needs a key. */
  readonly isOpen: boolean;
  readonly addonKey: string;
  isAddonKey(key: string): boolean;
  isApiKey(key: string): boolean;
  sourceId(identity: string): string;
  /** @throws {AccessError} for a wrong key. */
  signIn(apiKey: string): { readonly token: string; readonly expiresAt: number };
  isSession(token: string): boolean;
  signOut(token: string): void;
}

export interface AddonDelivery {
  deliver(
    request: IncomingMessage,
    response: ServerResponse,
    file: MediaFile,
    options?: { readonly isSecretUrl?: boolean; readonly signal?: AbortSignal },
  ): Promise<void>;
}

/** How much of a torrent is here. Null for a torrent the engine does not hold. */
export interface TorrentHoldings {
  status(infoHash: InfoHash): {
    readonly fileHaveBytes: readonly number[];
    /** `queued`: known and not connected; `seen`: were connected at some time. */
    readonly peers?: { readonly connected: number; readonly queued: number; readonly seen: number };
    /** A tracker has answered, and nobody is there. */
    readonly isDeserted?: boolean;
  } | null;
}

/** News servers, which may become others while the house runs. */
export interface NewsServers {
  onProvidersReplaced(listener: () => void): void;
}

export interface AddonDiscovery {
  /** Answers within the time a search has. @throws the signal's reason */
  find(wish: SearchWish, options: FindOptions): Promise<Found>;
  /** Told what a list shows, best first; waits for nothing. */
  follow(listed: readonly Candidate[]): void;
  /** Its trackers were asked lately, and counted nobody. */
  isDeserted(contentId: ContentId): boolean;
}

/** Text tracks inside files, as WebVTT. */
export interface AddonSubtitleExtractor {
  /** Whether there is what it takes. */
  isAvailable(): Promise<boolean>;
  /** `index` among all streams of the file. @throws {HeadstartError}; the signal's reason */
  extract(file: MediaFile, index: number, options: { readonly signal: AbortSignal }): Promise<string>;
}

/** Everything the Stremio face is built from. */
export interface AddonDeps {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly access: AddonAccess;
  readonly jobs: AddonJobs;
  readonly library: AddonLibrary;
  readonly listedSources: AddonListedSources;
  readonly delivery: AddonDelivery;
  readonly torrents: TorrentHoldings;
  readonly usenet: NewsServers;
  readonly discovery: AddonDiscovery;
  readonly subtitleExtractor: AddonSubtitleExtractor;
  /** Of the configured indexers, as `URL.origin` writes them. */
  readonly indexerOrigins: () => ReadonlySet<string>;
  /** How lists are to be, as it is set now. */
  readonly preferences: () => Preferences;
  /** Keeps how they are to be from now on. */
  readonly keepPreferences: (preferences: Preferences) => void;
  /** The package's version, semver. */
  readonly version: string;
  /** The package's root: `manifest/logo.*`, `addon/clips/` and `addon/pages/assets/` are read below it. */
  readonly packageDir: string;
}
