// One torrent in the worker: joins the swarm when something is missing, leaves it when nothing is wanted, and ties
// demands, scheduler, store and wires together. All of its state changes here.

import type { InfoHash } from '../../../content/index.js';
import type { Clock } from '../../../platform/index.js';
import { Geometry } from '../geometry.js';
import type { ExtentIndex, PieceIndex } from '../geometry.js';
import { parseInfo } from '../info.js';
import type { TorrentMetadata } from '../info.js';
import { PieceBits } from '../piece-bits.js';
import type { Demand, FromWorker, SwarmAddress, ToWorker, TorrentNumbers } from '../protocol.js';
import { createCreditedStore } from './credited-store.js';
import { ExtentStore } from './extent-store.js';
import { Membership } from './membership.js';
import type { SwarmEntrance } from './membership.js';
import { Scheduler } from './scheduler.js';
import type { SpaceCredit } from './space-credit.js';
import type { SwarmMember } from './swarm-client.js';
import { Uploads } from './uploads.js';
import { Wires } from './wires.js';

type OpenMessage = Extract<ToWorker, { type: 'open' }>;

export interface SessionOptions {
  readonly infoHash: InfoHash;
  readonly swarm: SwarmAddress;
  readonly client: SwarmEntrance;
  readonly credit: SpaceCredit;
  readonly clock: Pick<Clock, 'after'>;
  readonly now: () => number;
  readonly send: (message: FromWorker) => void;
  /** Resolves when an earlier session of the same torrent has left folder and swarm. */
  readonly after: Promise<void>;
}

const WRITE_RETRY_MS = 5000;
/** A session looks for late blocks at every tick, and for what events may have missed at every so many. */
const TICKS_PER_WAKE = 10;

export class Session {
  private openMessage: OpenMessage | null = null;
  private opening: Promise<void> | null = null;
  private parsed: TorrentMetadata | null = null;
  private store: ExtentStore | null = null;
  private scheduler: Scheduler | null = null;
  private demands: readonly Demand[] = [];
  private readonly membership: Membership;
  private readonly wires: Wires;
  private readonly uploads: Uploads;
  private verified: number[] = [];
  private ticks = 0;
  private isWakeQueued = false;
  private isPaused = false;
  private isClosed = false;
  private wasActive = false;
  private hasSentMetadata = false;

  constructor(private readonly options: SessionOptions) {
    const { client, swarm, after, infoHash, now } = options;
    this.wires = new Wires({
      now,
      isInterested: () => this.store === null || this.demands.length > 0,
      ban: (wire) => this.membership.ban(wire),
      closed: () => this.wake(),
    });
    this.membership = new Membership({
      client,
      swarm,
      after,
      describe: () => ({
        infoHash,
        info: this.openMessage?.info ?? null,
        isPrivate: this.parsed?.isPrivate ?? false,
        member: this.member(),
      }),
      connected: () => this.wires.connected,
      left: () => this.wires.closeAll(),
      failed: (error) => this.options.send({ type: 'failed', infoHash, code: 'UPSTREAM', message: error.message }),
    });
    this.uploads = new Uploads(() => this.membership.torrent);
  }

  /** Joins the swarm, for the metadata alone or because something is missing. */
  join(): void {
    if (!this.isPaused && !this.isClosed) this.membership.join();
  }

  /** Opens the store; demands are served from here on. When it fails, the next demand tries again. */
  async open(message: OpenMessage): Promise<void> {
    const isNew = this.parsed === null;
    this.parsed ??= parseInfo(message.info, message.infoHash);
    this.openMessage ??= message;
    if (isNew && this.parsed.isPrivate) this.membership.confine(message.swarm);
    else this.membership.learn(message.swarm);
    await this.openStore();
  }

  /** Replaces what is wanted. */
  async setDemands(demands: readonly Demand[]): Promise<void> {
    this.demands = demands;
    if (this.scheduler === null && demands.length > 0) await this.openStore();
    else this.applyDemands();
  }

  setPaused(isPaused: boolean): void {
    this.isPaused = isPaused;
    if (isPaused) void this.membership.leave();
    this.scheduler?.setPaused(isPaused);
    this.applyDemands();
  }

  /** Knows more ways into the swarm from now on. */
  learn(swarm: SwarmAddress): void {
    this.membership.learn(swarm);
  }

  /** Called several times a second while something is wanted. */
  tick(): void {
    this.ticks = (this.ticks + 1) % TICKS_PER_WAKE;
    if (this.ticks === 0) this.scheduler?.wake();
    this.scheduler?.rescue();
  }

  /** Something changed that pieces may have waited for; calls of one turn are gathered. */
  wake(): void {
    if (this.isWakeQueued || this.isClosed) return;
    this.isWakeQueued = true;
    setImmediate(() => {
      this.isWakeQueued = false;
      if (!this.isClosed) this.scheduler?.wake();
    });
  }

  get isWanted(): boolean {
    return this.demands.length > 0;
  }

  /** Room is short: half-done pieces that nobody wants are let go. */
  giveRoom(): void {
    this.scheduler?.dropLeftovers();
  }

  save(): Promise<void> {
    return this.store?.save(false) ?? Promise.resolve();
  }

  /** @throws when nothing is open */
  async dropExtent(extent: number): Promise<void> {
    await this.opening?.catch(() => undefined);
    if (this.store === null) throw new Error('not open');
    const pieces = await this.store.dropExtent(extent as ExtentIndex);
    // What was verified until now is told before the extent is said to be gone.
    this.flush();
    this.uploads.withdraw(pieces);
    this.pieceMissing();
  }

  /** Leaves the swarm, finishes what is being written and closes the files. */
  async close(deletesFiles: boolean): Promise<void> {
    this.isClosed = true;
    await this.opening?.catch(() => undefined);
    this.scheduler?.close();
    const stored = deletesFiles ? this.store?.destroy() : this.store?.close();
    await Promise.all([stored ?? Promise.resolve(), this.membership.leave()]);
    this.flush();
  }

  /** Numbers, if they may have changed since the last call. */
  news(): TorrentNumbers | null {
    const isActive = this.membership.torrent !== null || this.demands.length > 0;
    const hasNews = isActive || this.wasActive;
    this.wasActive = isActive;
    if (!hasNews) return null;
    return {
      infoHash: this.options.infoHash,
      ...this.membership.numbers(),
      peersConnected: this.wires.connected,
      peersSeen: this.wires.seen,
      demandBytes: this.demands
        .filter((demand) => demand.kind === 'prepare')
        .map((demand) => [demand.id, this.scheduler?.demandBytes(demand) ?? 0] as const),
    };
  }

  /** What the swarm tells, and reads. */
  private member(): SwarmMember {
    return {
      metadata: (info) => this.metadata(info),
      wireOpened: (wire) => this.wires.open(wire),
      wireClosed: (wire) => this.wires.close(wire),
      wireChanged: (wire) => this.wires.change(wire),
      failed: (error) => this.membership.torrentFailed(error),
      readForUpload: (piece, offset, length) =>
        this.store?.read(piece as PieceIndex, offset, length) ?? Promise.reject(new Error('not open')),
      hasPiece: (piece) => this.store?.has(piece as PieceIndex) ?? false,
    };
  }

  private metadata(info: Uint8Array): void {
    if (this.openMessage !== null || this.hasSentMetadata) return this.offerPieces();
    this.hasSentMetadata = true;
    this.options.send({ type: 'metadata', infoHash: this.options.infoHash, info: Uint8Array.from(info) });
  }

  private openStore(): Promise<void> {
    const message = this.openMessage;
    if (message === null || this.store !== null || this.isClosed) return Promise.resolve();
    this.opening ??= this.openNow(message).finally(() => (this.opening = null));
    return this.opening;
  }

  private async openNow(message: OpenMessage): Promise<void> {
    await this.options.after;
    this.parsed ??= parseInfo(message.info, message.infoHash);
    const geometry = new Geometry(this.parsed.totalBytes, this.parsed.pieceLength, message.extentBytes);
    const store = this.createStore(message, this.parsed, geometry);
    await store.start();
    this.store = store;
    this.scheduler = new Scheduler({
      geometry,
      store: createCreditedStore(store, this.options.credit),
      now: this.options.now,
      onMissing: () => this.join(),
      onReleased: () => this.wake(),
    });
    this.scheduler.setPaused(this.isPaused);
    this.offerPieces();
    this.wires.serve(this.scheduler);
    this.options.send({ type: 'opened', infoHash: this.options.infoHash });
    this.applyDemands();
  }

  private createStore(message: OpenMessage, metadata: TorrentMetadata, geometry: Geometry): ExtentStore {
    return new ExtentStore({
      folder: message.folder,
      geometry,
      pieceHashes: metadata.pieceHashes,
      bits: new PieceBits(message.bits, geometry.pieceCount),
      claimed: message.claimed,
      clock: this.options.clock,
      events: {
        pieceVerified: (piece) => this.pieceVerified(piece),
        claimFailed: (piece) => this.claimFailed(piece),
        writeFailed: (_piece, error) => this.writeFailed(error),
        freed: (bytes) => this.options.credit.giveBack(bytes),
      },
    });
  }

  private applyDemands(): void {
    if (this.scheduler === null || this.isClosed) return;
    this.scheduler.setDemands(this.demands);
    this.reportUnavailable();
  }

  private reportUnavailable(): void {
    if (!this.isPaused || this.scheduler === null) return;
    const pieces = this.scheduler.missingPieces();
    if (pieces.length > 0) this.options.send({ type: 'unavailable', infoHash: this.options.infoHash, pieces });
  }

  private offerPieces(): void {
    const { store, parsed } = this;
    if (store !== null && parsed !== null) this.uploads.offerAll(parsed.pieceCount, (piece) => store.has(piece));
  }

  private pieceVerified(piece: PieceIndex): void {
    if (this.verified.push(piece) === 1) setImmediate(() => this.flush());
    this.uploads.offer(piece);
    this.scheduler?.pieceChanged();
    this.wake();
  }

  /** Sends the pieces verified since the last call. */
  private flush(): void {
    if (this.verified.length === 0) return;
    this.options.send({ type: 'verified', infoHash: this.options.infoHash, pieces: this.verified });
    this.verified = [];
  }

  private claimFailed(piece: PieceIndex): void {
    this.options.send({ type: 'unclaimed', infoHash: this.options.infoHash, pieces: [piece] });
    this.pieceMissing();
  }

  private pieceMissing(): void {
    this.scheduler?.pieceChanged();
    this.reportUnavailable();
    this.wake();
  }

  private writeFailed(error: NodeJS.ErrnoException): void {
    const code = error.code === 'ENOSPC' || error.code === 'EDQUOT' ? 'STORAGE_FULL' : 'STORAGE';
    this.options.send({ type: 'failed', infoHash: this.options.infoHash, code, message: error.message });
    setTimeout(() => this.pieceMissing(), WRITE_RETRY_MS).unref();
  }
}
