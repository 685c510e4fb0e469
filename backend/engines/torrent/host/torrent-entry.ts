// One torrent as the server's thread knows it: what is wanted of it, what is here, who waits. Every event that changes a
// torrent on this side is a method here; the worker only reports.

import type { InfoHash, TorrentSource } from '../../../content/index.js';
import { BusyError, ClosedError, GoneError, StorageFullError, UpstreamError } from '../../../content/index.js';
import type { Evictable } from '../../../storage/index.js';
import type { PieceIndex } from '../geometry.js';
import type { TorrentMetadata } from '../info.js';
import { parseInfo } from '../info.js';
import type { Demand, FromWorker, SwarmAddress, ToWorker, TorrentNumbers } from '../protocol.js';
import type { EntryContext } from './entry-context.js';
import { DemandList } from './demand-list.js';
import { ExtentEvictor } from './extent-evictor.js';
import { KnownSource } from './known-source.js';
import { PieceWaiters } from './piece-waiters.js';
import { RemoteTorrent } from './remote-torrent.js';
import { StayNumbers } from './stay-numbers.js';
import { TorrentDisk } from './torrent-disk.js';

export class TorrentEntry {
  metadata: TorrentMetadata | null = null;
  disk: TorrentDisk | null = null;
  failure: string | null = null;
  isPaused: boolean;
  usedAt: number;
  readonly waiters = new PieceWaiters();
  readonly demands = new DemandList(() => this.demandsChanged());
  private readonly metadataWaiters = new PieceWaiters();
  private readonly remote: RemoteTorrent;
  private readonly known: KnownSource;
  private readonly stays = new StayNumbers();
  private opening: Promise<TorrentDisk> | null = null;
  private evictor: ExtentEvictor | null = null;
  private isPostQueued = false;
  private ended: Error | null = null;

  constructor(
    readonly infoHash: InfoHash,
    source: TorrentSource,
    isPaused: boolean,
    private readonly context: EntryContext,
  ) {
    this.known = new KnownSource(source, context);
    this.isPaused = isPaused;
    this.usedAt = context.now();
    this.remote = new RemoteTorrent(infoHash, {
      post: (message) => context.post(message),
      call: (build) => context.call(build),
      describe: () => this.describe(),
      isWanted: () => this.isWanted,
    });
  }

  // What others ask of it.

  get source(): TorrentSource {
    return this.known.source;
  }

  /** Resolves with the metadata, from the source or from the swarm. */
  async findMetadata(signal: AbortSignal): Promise<TorrentMetadata> {
    if (this.ended !== null) throw this.ended;
    if (this.metadata === null && this.source.info !== undefined) this.learnInfo(this.source.info);
    if (this.metadata !== null) return this.metadata;
    const found = this.metadataWaiters.wait(0, signal);
    this.remote.tell();
    await found;
    return this.metadata!;
  }

  /** Makes what is on disk readable and demands heard. */
  open(metadata: TorrentMetadata): Promise<TorrentDisk> {
    this.opening ??= this.load(metadata).catch((error: unknown) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  /** Knows more ways into the swarm from now on, and what the torrent is, if that was not known. */
  learn(news: SwarmAddress & { readonly info?: Uint8Array }): void {
    if (news.info !== undefined && this.source.info === undefined) this.learnInfo(news.info);
    const ways = this.known.learnWays(news);
    if (ways !== null) this.remote.learn(ways);
  }

  /**
   * Resolves when a piece can be read.
   * @throws {BusyError} when paused and not here, {GoneError} when removed, {ClosedError} when the engine closes
   */
  async waitFor(piece: PieceIndex, signal: AbortSignal): Promise<void> {
    if (this.ended !== null) throw this.ended;
    if (this.disk?.isReadable(piece) === true) return;
    if (this.isPaused && this.disk?.isClaimed(piece) === false) throw pausedError();
    await this.waiters.wait(piece, signal);
  }

  setPaused(isPaused: boolean): void {
    this.isPaused = isPaused;
    this.remote.setPaused(isPaused);
  }

  get isWanted(): boolean {
    return this.demands.size > 0 || this.metadataWaiters.size > 0;
  }

  /** Of its present stay in the worker, bytes of all stays together; null while it rests. */
  get numbers(): TorrentNumbers | null {
    return this.stays.current;
  }

  get receivedBytes(): number {
    return this.stays.receivedBytes;
  }

  get uploadedBytes(): number {
    return this.stays.uploadedBytes;
  }

  /** Leaves the worker; what is on disk stays readable without waiting. */
  async rest(): Promise<void> {
    if (!this.remote.isKnown) return;
    this.stays.stayEnded();
    await this.remote.close({ deletesFiles: false });
    if (!this.isWanted) await this.disk?.files.close();
  }

  /** Ends everything about the torrent. Resolves with the bytes its files counted, null where it had not taken them. */
  async remove(deletesFiles: boolean): Promise<number | null> {
    this.end(new GoneError('The torrent was removed.'));
    await this.opening?.catch(() => undefined);
    await this.remote.close({ deletesFiles }).catch(() => undefined);
    await this.disk?.files.close();
    return this.disk?.totalHeldBytes ?? null;
  }

  /** The engine closes: nobody waits any longer. */
  async close(): Promise<void> {
    this.end(new ClosedError());
    await this.disk?.files.close();
  }

  /** An extent cannot be read as it should: what it holds is fetched again. */
  async dropDamaged(piece: PieceIndex): Promise<void> {
    if (this.disk === null || this.evictor === null || this.ended !== null) return;
    this.context.spaceFreed(await this.evictor.letGo(this.disk.geometry.extentOf(piece)));
    this.demandsChanged();
  }

  /** Extents that nobody reads or is about to read. */
  evictable(): readonly Evictable[] {
    return this.ended === null ? (this.evictor?.evictable() ?? []) : [];
  }

  /** The cache may have become full, or have room again: background demands are held or heard. */
  reviewRoom(): void {
    if (this.demands.isOutdated({ hasRoom: this.context.hasRoomToSpare() })) this.postDemands();
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
    const filled = disk.verified(pieces as readonly PieceIndex[]);
    for (const piece of pieces as readonly PieceIndex[]) if (disk.isReadable(piece)) this.waiters.arrived(piece);
    this.failure = null;
    this.context.spaceFilled(filled);
    this.reviewRoom();
  }

  /** Pieces that an unclean stop left are not what they should be: they are missing. */
  claimsFailed(pieces: readonly number[]): void {
    for (const piece of pieces as readonly PieceIndex[]) this.context.spaceFreed(this.disk?.dropClaim(piece) ?? 0);
  }

  piecesUnavailable(pieces: readonly number[]): void {
    for (const piece of pieces) this.waiters.fail(piece, pausedError());
  }

  numbersArrived(numbers: TorrentNumbers): void {
    if (this.remote.isKnown) this.stays.arrived(numbers);
  }

  /** What the worker could not do it tries again at the next demand. */
  failed(message: Pick<Extract<FromWorker, { type: 'failed' }>, 'code' | 'message'>): void {
    const cause = new Error(message.message);
    const isFull = message.code === 'STORAGE_FULL';
    const full = new StorageFullError('The disk is full.', { cause });
    this.failWith(message.code, isFull ? full : new UpstreamError('The torrent engine failed.', 'TORRENT', { cause }));
  }

  /** Whoever waits fails; the next one may have better luck. */
  failWith(code: string, error: Error): void {
    this.failure = code;
    this.waiters.failAll(error);
    this.metadataWaiters.failAll(error);
  }

  /** The worker died, perhaps before it could tell of the last pieces it wrote. */
  workerLost(): void {
    this.stays.stayEnded();
    this.remote.lost();
    const { disk } = this;
    if (disk === null) return;
    this.context.spaceFilled(disk.recount());
    for (const piece of this.waiters.pieces()) if (disk.isReadable(piece as PieceIndex)) this.waiters.arrived(piece);
  }

  workerStarted(): void {
    this.remote.started();
  }

  // How it is done.

  private async load(metadata: TorrentMetadata): Promise<TorrentDisk> {
    const { context } = this;
    const counted = await context.takeFolder();
    try {
      const disk = await TorrentDisk.load(context.folder, metadata, context.extentBytes);
      this.disk = disk;
      this.evictor = new ExtentEvictor({
        disk,
        demands: this.demands,
        remote: this.remote,
        usedAt: () => this.usedAt,
        readable: (piece) => this.waiters.arrived(piece),
      });
      context.recounted(disk.totalHeldBytes - counted);
      if (this.demands.size > 0) this.remote.tell();
      return disk;
    } catch (error) {
      await context.returnFolder(counted);
      throw error;
    }
  }

  private learnInfo(info: Uint8Array): void {
    this.metadata = parseInfo(info, this.infoHash);
    this.known.learnInfo(info);
    this.metadataWaiters.arrived(0);
  }

  private demandsChanged(): void {
    this.usedAt = this.context.now();
    if (this.isPostQueued) return;
    this.isPostQueued = true;
    setImmediate(() => {
      this.isPostQueued = false;
      if (this.remote.isOpen) this.postDemands();
      else if (this.demands.size > 0) this.remote.tell();
      this.context.reconsider();
    });
  }

  /** Everything that makes the worker know the torrent. */
  private describe(): ToWorker[] | null {
    const { infoHash, source, disk } = this;
    if (this.ended !== null) return null;
    const swarm = this.known.swarm({ isPrivate: this.metadata?.isPrivate === true });
    if (source.info === undefined) return [{ type: 'find', infoHash, name: source.name ?? null, swarm }];
    if (disk === null) return null;
    const { folder, claimed } = disk;
    const [bits, extentBytes] = [disk.bits.memory, disk.geometry.extentBytes];
    return [
      { type: 'open', infoHash, info: source.info, swarm, folder, extentBytes, bits, claimed },
      ...(this.isPaused ? [{ type: 'pause', infoHash, isPaused: true } as const] : []),
      { type: 'demand', infoHash, demands: this.servedDemands() },
    ];
  }

  private postDemands(): void {
    this.remote.setDemands(this.servedDemands());
  }

  private servedDemands(): Demand[] {
    return this.demands.served({ hasRoom: this.context.hasRoomToSpare() });
  }

  private end(reason: Error): void {
    this.ended ??= reason;
    this.demands.clear();
    this.waiters.failAll(reason);
    this.metadataWaiters.failAll(reason);
  }
}

function pausedError(): BusyError {
  return new BusyError('The torrent is paused and this part of it is not here.', 10, { code: 'PAUSED' });
}
