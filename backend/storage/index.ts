// What outlives the process: library, jobs, items, listed sources, sessions, indexers, news servers, preferences, failures, in
// one SQLite file, and NZBs beside it. All SQL of the house is in this room. What may carry a key (sources, NZBs, addresses) is sealed;
// what is acknowledged as durable survives a power cut, the rest a crash.

export type { DataLock } from './data-lock.js';
export type { Database } from './database.js';
export type { CacheTenant, DiskCacheOptions, Evictable, EvictionRank } from './disk-cache.js';
export type { FailedRelease } from './failed-releases.js';
export type { IndexerEntry, KeptIndexer } from './indexer-store.js';
export type { CategoryEntry, FolderItem, FolderPage, ItemKind } from './item-index.js';
export type { LibraryWish, ListedItem, SubmittedItem } from './item-index.js';
export type { HistoryEntry, HistoryWish } from './item-listings.js';
export type { KeptItem } from './item-row.js';
export type { KeptJob, KeptWish } from './job-store.js';
export type { LibraryEntry } from './library-entry.js';
export type { KeptListing, ListedFile, ListedSource } from './listed-sources.js';
export type { KeptProvider, ProviderEntry } from './provider-store.js';

export { lockDataDir } from './data-lock.js';
export { openDatabase } from './database.js';
export { DiskCache } from './disk-cache.js';
export { FailedReleases } from './failed-releases.js';
export { IndexerStore } from './indexer-store.js';
export { ItemIndex } from './item-index.js';
export { ItemListings } from './item-listings.js';
export { ItemStore } from './item-store.js';
export { JobStore } from './job-store.js';
export { KnownNzbUrls } from './known-nzb-urls.js';
export { Library } from './library.js';
export { ListedSources } from './listed-sources.js';
export { NzbDocuments } from './nzb-documents.js';
export { PreferencesStore } from './preferences-store.js';
export { ProviderStore } from './provider-store.js';
export { SessionRecords } from './session-records.js';
