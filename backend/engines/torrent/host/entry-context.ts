// What one torrent needs of the engine around it: the line to the worker, its folder, and the common counting of room.

import type { ToWorker } from '../protocol.js';
import type { TrackerRules } from './known-source.js';

/** What an entry needs of the engine around it. */
export interface EntryContext extends TrackerRules {
  post(message: ToWorker): void;
  call(build: (call: number) => ToWorker): Promise<void>;
  now(): number;
  readonly folder: string;
  readonly extentBytes: number;
  /** The folder is the entry's from here on; resolves with the bytes it was counted with, when nobody else touches it. */
  takeFolder(): Promise<number>;
  /** The folder is not the entry's any more; `countedBytes` is what it counted last. */
  returnFolder(countedBytes: number): Promise<void>;
  /** What is on disk was found to take so much more (or less) than it was counted with. */
  recounted(change: number): void;
  /** Pieces were written into room that was reserved. */
  spaceFilled(bytes: number): void;
  /** Pieces were removed that were counted. */
  spaceFreed(bytes: number): void;
  /** False when the cache is so full that nothing is fetched which nobody waits for. */
  hasRoomToSpare(): boolean;
  /** What is evictable has changed. */
  reconsider(): void;
}
