// What outlives the process: library, jobs, listed sources, sessions, in one SQLite file. All SQL of the house is in this room.
// What may carry a key (sources) is sealed; what is acknowledged as durable survives a power cut, the rest a crash.

export type { DataLock } from './data-lock.js';
export type { Database } from './database.js';
export type { CacheTenant, DiskCacheOptions, Evictable, EvictionRank } from './disk-cache.js';
export type { KeptJob, KeptWish } from './job-store.js';
export type { LibraryEntry } from './library-entry.js';
export type { ListedSource } from './listed-sources.js';

export { lockDataDir } from './data-lock.js';
export { openDatabase } from './database.js';
export { DiskCache } from './disk-cache.js';
export { JobStore } from './job-store.js';
export { Library } from './library.js';
export { ListedSources } from './listed-sources.js';
export { SessionRecords } from './session-records.js';
