// Every torrent the server's thread knows, from its first mention to its removal, and their common share of the cache. Sees
// to it that a folder has one owner at a time.

import type { InfoHash, TorrentSource } from '../../../content/index.js';
import type { Clock, Logger } from '../../../platform/index.js';
import type { CacheTenant, DiskCache, Evictable } from '../../../storage/index.js';
import { extentBytesFor } from '../geometry.js';
import type { FromWorker, ToWorker } from '../protocol.js';
import type { ColdFolders } from './cold-folders.js';
import type { EntryContext } from './entry-context.js';
import type { TrackerRules } from './known-source.js';
import { TorrentEntry } from './torrent-entry.js';

/** Background downloads stop when the cache is this full: they evict nothing. */
const SPARE_FRACTION = 0.8;

export interface TorrentEntriesOptions extends TrackerRules {
  readonly cache: Pick<DiskCache, 'count' | 'release' | 'reconsider' | 'usedBytes' | 'maxBytes'>;
  readonly folders: ColdFolders;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
  post(message: ToWorker): void;
  call(build: (call: number) => ToWorker): Promise<void>;
  /** Pieces were written into room that was reserved. */
  spaceFilled(bytes: number): void;
  /** What the user paused before the last restart. */
  isPaused(infoHash: InfoHash): boolean;
}

interface Leaving {
  readonly entry: TorrentEntry | null;
  readonly done: Promise<void>;
}

export class TorrentEntries implements CacheTenant {
  private readonly entries = new Map<InfoHash, TorrentEntry>();
  /** Torrents being removed: what the worker still says of them is theirs, and their folder is not free yet. */
  private readonly leaving = new Map<InfoHash, Leaving>();

  constructor(private readonly options: TorrentEntriesOptions) {}

  get(infoHash: InfoHash): TorrentEntry | undefined {
    return this.entries.get(infoHash);
  }

  all(): TorrentEntry[] {
    return [...this.entries.values()];
  }

  /** The worker tells of one torrent. */
  hear(message: Extract<FromWorker, { infoHash: InfoHash }>): void {
    const entry = this.told(message.infoHash);
    switch (message.type) {
      case 'metadata':
        return entry?.metadataArrived(message.info);
      case 'verified':
        return entry?.piecesVerified(message.pieces);
      case 'unclaimed':
        return entry?.claimsFailed(message.pieces);
      case 'unavailable':
        return entry?.piecesUnavailable(message.pieces);
      case 'failed':
        this.options.log.warn(
          { infoHash: message.infoHash, code: message.code, reason: message.message },
          'A torrent failed',
        );
        return entry?.failed(message);
      case 'opened':
        return;
    }
  }

  /** Whom the worker speaks of: a torrent on its way out before a new one of the same infohash. */
  told(infoHash: InfoHash): TorrentEntry | undefined {
    return this.leaving.get(infoHash)?.entry ?? this.entries.get(infoHash);
  }

  /** The torrent's entry, which learns what the source says. */
  of(source: TorrentSource): TorrentEntry {
    const { infoHash } = source;
    const known = this.entries.get(infoHash);
    if (known !== undefined) {
      known.learn(source);
      known.usedAt = this.options.clock.now();
      return known;
    }
    const entry = new TorrentEntry(infoHash, source, this.options.isPaused(infoHash), this.contextOf(infoHash));
    this.entries.set(infoHash, entry);
    return entry;
  }

  /** Forgets a torrent, and with `deleteFiles` what it has on disk. Resolves when its folder is free. */
  async remove(infoHash: InfoHash, { deleteFiles }: { readonly deleteFiles: boolean }): Promise<void> {
    const entry = this.entries.get(infoHash) ?? null;
    this.entries.delete(infoHash);
    const before = this.leaving.get(infoHash)?.done ?? Promise.resolve();
    const done = before.catch(() => undefined).then(() => this.removeNow(infoHash, entry, deleteFiles));
    const leaving = { entry, done };
    this.leaving.set(infoHash, leaving);
    await done.finally(() => {
      if (this.leaving.get(infoHash) === leaving) this.leaving.delete(infoHash);
    });
  }

  evictable(): Evictable[] {
    return [...this.options.folders.evictable(), ...this.all().flatMap((entry) => [...entry.evictable()])];
  }

  /** Torrents that nobody used for a while leave the worker. */
  restIdle(idleMs: number): void {
    const before = this.options.clock.now() - idleMs;
    for (const entry of this.all()) {
      entry.reviewRoom();
      if (entry.isWanted || entry.usedAt > before) continue;
      entry.rest().catch((error: unknown) => {
        this.options.log.warn({ err: error, infoHash: entry.infoHash }, 'A torrent did not rest');
      });
    }
  }

  workerStarted(): void {
    for (const entry of this.all()) entry.workerStarted();
  }

  workerLost(): void {
    for (const { entry } of this.leaving.values()) entry?.workerLost();
    for (const entry of this.all()) entry.workerLost();
  }

  /** Nobody waits any longer, no file stays open. */
  async close(): Promise<void> {
    await Promise.all(this.all().map((entry) => entry.close()));
  }

  private contextOf(infoHash: InfoHash): EntryContext {
    const { options } = this;
    const { cache, folders } = options;
    return {
      post: (message) => options.post(message),
      call: (build) => options.call(build),
      now: () => options.clock.now(),
      folder: folders.folderOf(infoHash),
      extentBytes: extentBytesFor(cache.maxBytes),
      trackers: () => options.trackers(),
      allowsTracker: (tracker) => options.allowsTracker(tracker),
      takeFolder: async () => {
        await this.leaving.get(infoHash)?.done.catch(() => undefined);
        return folders.handOver(infoHash);
      },
      returnFolder: async (countedBytes) => this.recounted((await folders.takeBack(infoHash)) - countedBytes),
      recounted: (change) => this.recounted(change),
      spaceFilled: (bytes) => options.spaceFilled(bytes),
      spaceFreed: (bytes) => cache.release(bytes),
      hasRoomToSpare: () => cache.usedBytes < cache.maxBytes * SPARE_FRACTION,
      reconsider: () => cache.reconsider(),
    };
  }

  private async removeNow(infoHash: InfoHash, entry: TorrentEntry | null, deleteFiles: boolean): Promise<void> {
    const { cache, folders } = this.options;
    const held = (await entry?.remove(deleteFiles)) ?? null;
    if (deleteFiles) cache.release((held ?? 0) + (await folders.remove(infoHash)));
    else if (held !== null) this.recounted((await folders.takeBack(infoHash)) - held);
  }

  private recounted(change: number): void {
    if (change > 0) this.options.cache.count(change);
    else this.options.cache.release(-change);
  }
}
