// One torrent as the server's thread knows it: what is wanted of it, what is here, who waits. Every event that changes a
// torrent on this side is a method here; the worker only reports.

import type { ByteRange, InfoHash, TorrentSource } from '../../../content/index.js';
import { BusyError, GoneError, StorageFullError, UpstreamError } from '../../../content/index.js';
import type { Evictable } from '../../../storage/index.js';
import type { ExtentIndex, PieceIndex } from '../geometry.js';
import type { TorrentMetadata } from '../info.js';
import { parseInfo } from '../info.js';
import type { Demand, DemandKind, FromWorker, SwarmAddress, ToWorker, TorrentNumbers } from '../protocol.js';
import { PieceWaiters } from './piece-waiters.js';
import { removeExtent, TorrentDisk } from './torrent-disk.js';

/** What an entry needs of the engine around it. */
export interface EntryContext {
  post(message: ToWorker): void;
  call(build: (call: number) => ToWorker): Promise<void>;
  now(): number;
  readonly folder: string;
  readonly extentBytes: number;
  /** Trackers added to every public torrent. */
  trackers(): readonly string[];
  /** False for a tracker never to be used, whoever names it. */
  allowsTracker(tracker: string): boolean;
  /** Pieces were written into room that was reserved. */
  spaceFilled(bytes: number): void;
  /** Pieces were removed that were counted. */
  spaceFreed(bytes: number): void;
  /** False when the cache is so full that nothing is fetched which nobody waits for. */
  hasRoomToSpare(): boolean;
  /** What is evictable has changed. */
  reconsider(): void;
  /** The folder was measured at start; it takes this much less now, and `held` more. */
  folderOpened(held: number): void;
}

/** A standing wish for bytes; its owner moves it and closes it. */
export interface DemandHandle {
  readonly id: number;
  /** Bytes of the torrent wanted from now on. */
  move(start: number, end: number): void;
  close(): void;
}

let nextDemandId = 1;

export class TorrentEntry {
  source: TorrentSource;
  metadata: TorrentMetadata | null = null;
  disk: TorrentDisk | null = null;
  numbers: TorrentNumbers | null = null;
  failure: string | null = null;
  isPaused: boolean;
  usedAt: number;
  readonly waiters = new PieceWaiters();
  private readonly demands = new Map<number, Demand>();
  private readonly metadataWaiters = new PieceWaiters();
  private opening: Promise<TorrentDisk> | null = null;
  /** What the worker was told of this torrent. */
  private inWorker: 'nothing' | 'find' | 'open' = 'nothing';
  private isPostQueued = false;
  private isRemoved = false;
  private background: readonly DemandHandle[] = [];

  constructor(
    readonly infoHash: InfoHash,
    source: TorrentSource,
    isPaused: boolean,
    private readonly context: EntryContext,
  ) {
    this.source = source;
    this.isPaused = isPaused;
    this.usedAt = context.now();
  }

  // What others ask of it.

  /** Resolves with the metadata, from the source or from the swarm. */
  async findMetadata(signal: AbortSignal): Promise<TorrentMetadata> {
    if (this.metadata === null && this.source.info !== undefined) this.learnInfo(this.source.info);
    if (this.metadata !== null) return this.metadata;
    this.tellWorker();
    await this.metadataWaiters.wait(0, signal);
    return this.metadata!;
  }

  /** Makes what is on disk readable and demands heard. */
  open(metadata: TorrentMetadata): Promise<TorrentDisk> {
    this.opening ??= TorrentDisk.load(this.context.folder, metadata, this.context.extentBytes).then((disk) => {
      this.disk = disk;
      this.context.folderOpened(disk.totalHeldBytes);
      if (this.demands.size > 0) this.tellWorker();
      return disk;
    });
    return this.opening;
  }

  /** Knows more ways into the swarm from now on. */
  learn(swarm: SwarmAddress): void {
    const { source } = this;
    const trackers = union(source.trackers, swarm.trackers);
    const webSeeds = union(source.webSeeds, swarm.webSeeds);
    const peers = union(source.peers, swarm.peers);
    const news = trackers.length + webSeeds.length + peers.length;
    if (news === source.trackers.length + source.webSeeds.length + source.peers.length) return;
    this.source = { ...source, trackers, webSeeds, peers };
    const allowed = { ...swarm, trackers: this.allowed(swarm.trackers) };
    if (this.inWorker !== 'nothing') this.context.post({ type: 'learn', infoHash: this.infoHash, swarm: allowed });
  }

  addDemand(kind: DemandKind, start: number, end: number): DemandHandle {
    const id = nextDemandId++;
    const set = (from: number, to: number): void => {
      this.demands.set(id, { id, kind, start: from, end: to });
      this.demandsChanged();
    };
    set(start, end);
    return {
      id,
      move: (from, to) => {
        if (this.demands.has(id)) set(from, to);
      },
      close: () => {
        if (this.demands.delete(id)) this.demandsChanged();
      },
    };
  }

  /** Replaces what is fetched in the background. */
  setBackground(ranges: readonly ByteRange[]): void {
    for (const handle of this.background) handle.close();
    this.background = ranges.map((range) => this.addDemand('background', range.start, range.end));
  }

  /** Resolves when a piece is verified. @throws {BusyError} when paused and not here, {GoneError} when removed */
  async waitFor(piece: PieceIndex, signal: AbortSignal): Promise<void> {
    if (this.isRemoved) throw removedError();
    if (this.disk?.bits.has(piece) === true) return;
    if (this.isPaused && this.disk?.isClaimed(piece) === false) throw pausedError();
    await this.waiters.wait(piece, signal);
  }

  setPaused(isPaused: boolean): void {
    this.isPaused = isPaused;
    this.context.post({ type: 'pause', infoHash: this.infoHash, isPaused });
  }

  get isWanted(): boolean {
    return this.demands.size > 0 || this.metadataWaiters.size > 0;
  }

  get playing(): number {
    let playing = 0;
    for (const demand of this.demands.values()) if (demand.kind === 'play') playing++;
    return playing;
  }

  /** Leaves the worker; what is on disk stays readable without waiting. */
  async rest(): Promise<void> {
    if (this.inWorker === 'nothing') return;
    this.inWorker = 'nothing';
    this.numbers = null;
    await this.context.call((call) => ({ type: 'close', infoHash: this.infoHash, deletesFiles: false, call }));
  }

  /** Ends everything about the torrent. Returns the room its files took, when they were deleted. */
  async remove(deletesFiles: boolean): Promise<number> {
    this.isRemoved = true;
    this.demands.clear();
    this.waiters.failAll(removedError());
    this.metadataWaiters.failAll(removedError());
    const held = this.disk?.totalHeldBytes ?? 0;
    if (this.inWorker !== 'nothing') {
      this.inWorker = 'nothing';
      await this.context
        .call((call) => ({ type: 'close', infoHash: this.infoHash, deletesFiles, call }))
        .catch(() => undefined);
    }
    await this.disk?.files.close();
    return deletesFiles ? held : 0;
  }

  /** An extent cannot be read as it should: what it holds is fetched again. */
  async dropDamaged(piece: PieceIndex): Promise<void> {
    if (this.disk === null) return;
    this.context.spaceFreed(await this.evict(this.disk.geometry.extentOf(piece)));
    this.demandsChanged();
  }

  /** Extents that nobody reads or is about to read. */
  evictable(): Evictable[] {
    const { disk } = this;
    if (disk === null) return [];
    const demands = [...this.demands.values()];
    const reached = Math.max(...demands.map((demand) => demand.start), 0);
    const free: Evictable[] = [];
    for (const extent of disk.heldBytes.keys()) {
      const range = disk.geometry.extentRange(extent);
      if (
        demands.some((demand) => demand.kind !== 'background' && range.start < demand.end && demand.start < range.end)
      )
        continue;
      const rank = demands.length === 0 ? 'idle' : range.end <= reached ? 'behind' : 'ahead';
      free.push({ rank, usedAt: rank === 'behind' ? range.start : this.usedAt, evict: () => this.evict(extent) });
    }
    return free;
  }

  // What the worker tells.

  metadataArrived(info: Uint8Array): void {
    try {
      this.learnInfo(info);
    } catch (error) {
      this.metadataWaiters.failAll(error as Error);
    }
  }

  piecesVerified(pieces: readonly number[]): void {
    const { disk } = this;
    if (disk === null) return;
    let filled = 0;
    for (const piece of pieces as readonly PieceIndex[]) {
      if (disk.isClaimed(piece)) {
        disk.settleClaim(piece);
      } else {
        disk.hold(piece);
        filled += disk.geometry.pieceBytes(piece);
      }
      this.waiters.arrived(piece);
    }
    this.failure = null;
    this.context.spaceFilled(filled);
    if (this.background.length > 0 && !this.context.hasRoomToSpare()) this.postDemands();
  }

  /** Pieces that an unclean stop left are not what they should be: they are missing. */
  claimsFailed(pieces: readonly number[]): void {
    for (const piece of pieces as readonly PieceIndex[]) this.context.spaceFreed(this.disk?.dropClaim(piece) ?? 0);
  }

  piecesUnavailable(pieces: readonly number[]): void {
    for (const piece of pieces) this.waiters.fail(piece, pausedError());
  }

  /** What the worker still holds of the torrent may be half made: the next demand tells it everything again. */
  failed(message: Extract<FromWorker, { type: 'failed' }>): void {
    this.failure = message.code;
    this.inWorker = 'nothing';
    const error =
      message.code === 'STORAGE_FULL'
        ? new StorageFullError('The disk is full.')
        : new UpstreamError('The torrent engine failed.', 'TORRENT', { cause: new Error(message.message) });
    this.waiters.failAll(error);
    this.metadataWaiters.failAll(error);
  }

  /** The worker died, perhaps before it could tell of the last pieces it wrote. */
  workerLost(): void {
    this.inWorker = 'nothing';
    this.numbers = null;
    if (this.disk === null) return;
    this.context.spaceFilled(this.disk.recount());
    for (const piece of this.waiters.pieces()) if (this.disk.bits.has(piece)) this.waiters.arrived(piece);
  }

  /** A fresh worker knows nothing, whatever was sent while it started. */
  workerStarted(): void {
    this.inWorker = 'nothing';
    if (this.isWanted) this.tellWorker();
  }

  // How it is done.

  private learnInfo(info: Uint8Array): void {
    this.metadata = parseInfo(info, this.infoHash);
    this.source = { ...this.source, info };
    this.metadataWaiters.arrived(0);
  }

  private demandsChanged(): void {
    this.usedAt = this.context.now();
    if (this.isPostQueued) return;
    this.isPostQueued = true;
    setImmediate(() => {
      this.isPostQueued = false;
      if (this.inWorker === 'open') this.postDemands();
      else if (this.demands.size > 0) this.tellWorker();
      this.context.reconsider();
    });
  }

  /** Tells the worker everything about the torrent, from nothing. */
  private tellWorker(): void {
    if (this.isRemoved) return;
    const { infoHash, source, disk } = this;
    const swarm = {
      trackers: this.allowed(
        this.metadata?.isPrivate === true ? source.trackers : union(source.trackers, this.context.trackers()),
      ),
      webSeeds: source.webSeeds,
      peers: source.peers,
    };
    if (disk !== null && source.info !== undefined) {
      this.inWorker = 'open';
      this.context.post({
        type: 'open',
        infoHash,
        info: source.info,
        swarm,
        folder: disk.folder,
        extentBytes: disk.geometry.extentBytes,
        bits: disk.bits.memory,
        claimed: disk.claimed,
      });
      if (this.isPaused) this.context.post({ type: 'pause', infoHash, isPaused: true });
      this.postDemands();
    } else if (source.info === undefined) {
      this.inWorker = 'find';
      this.context.post({ type: 'find', infoHash, name: source.name ?? null, swarm });
    }
  }

  private allowed(trackers: readonly string[]): string[] {
    return trackers.filter((tracker) => this.context.allowsTracker(tracker));
  }

  private postDemands(): void {
    const demands = [...this.demands.values()];
    const isFull = !this.context.hasRoomToSpare();
    this.context.post({
      type: 'demand',
      infoHash: this.infoHash,
      demands: isFull ? demands.filter((demand) => demand.kind !== 'background') : demands,
    });
  }

  private async evict(extent: ExtentIndex): Promise<number> {
    const { disk } = this;
    if (disk === null || this.isRemoved) return 0;
    const freed = await disk.retire(extent);
    if (this.inWorker !== 'open' || !(await this.dropInWorker(extent))) await removeExtent(disk.folder, extent);
    return freed;
  }

  private dropInWorker(extent: ExtentIndex): Promise<boolean> {
    return this.context
      .call((call) => ({ type: 'dropExtent', infoHash: this.infoHash, extent, call }))
      .then(
        () => true,
        () => false,
      );
  }
}

function union(first: readonly string[], second: readonly string[]): string[] {
  return [...new Set([...first, ...second])];
}

function pausedError(): BusyError {
  return new BusyError('The torrent is paused and this part of it is not here.', 10, { code: 'PAUSED' });
}

function removedError(): GoneError {
  return new GoneError('The torrent was removed.');
}
