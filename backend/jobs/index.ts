// Preparations: one state machine, single flight by content and file, deadlines, events, persistence. Engines, store and
// library are what fits the small interfaces declared here. Knows no HTTP and no SQL. Bounded: 100 preparations at once,
// 2 000 jobs remembered. Items: the NZBs that were submitted and are kept, each following its preparation; 100 000 at most.

export type { Engine, Lack, PreparedFile, PrepareOptions, ResolveOptions, StageReport } from './engine.js';
export type { FolderFile } from './folder-files.js';
export type { Item, ItemKind, ItemRequest, ItemStore, Submission } from './item-store.js';
export type { ItemsOptions } from './items.js';
export type { ExportItem, LibraryExportOptions } from './library-export.js';
export type { JobTimeouts } from './job-courses.js';
export type { JobManagerOptions, PrepareRequest } from './job-manager.js';
export type { JobRegistryLimits } from './job-registry.js';
export type { LibraryKeeperOptions, UnusedItem } from './library-keeper.js';
export type { MediaNotesOptions } from './media-notes.js';
export type { JobLibrary, JobStore, JobWish, StoredJob } from './job-store.js';
export type { DroppedFile, WatchFolderOptions } from './watch-folder.js';

export { DocumentKeeper } from './document-keeper.js';
export { folderFilesOf } from './folder-files.js';
export { cutToBytes, MAX_NAME_BYTES } from './item-folder.js';
export { isOpen, isPaused } from './item-progress.js';
export { Items } from './items.js';
export { contentKeyOf, contentKeyOfJobId } from './job-key.js';
export { JobManager } from './job-manager.js';
export { LibraryExport } from './library-export.js';
export { LibraryKeeper } from './library-keeper.js';
export { MediaNotes } from './media-notes.js';
export { WatchFolder } from './watch-folder.js';
