// One torrent in the worker: joins the swarm when something is missing, leaves it when nothing is wanted, and ties
// demands, scheduler, store and wires together. All of its state changes here.

import type { Torrent, Wire } from 'webtorrent';
import type { InfoHash } from '../../../content/index.js';
import { Geometry } from '../geometry.js';
import type { ExtentIndex, PieceIndex } from '../geometry.js';
import { parseInfo } from '../info.js';
import type { TorrentMetadata } from '../info.js';
import { PieceBits } from '../piece-bits.js';
import type { Demand, FromWorker, SwarmAddress, ToWorker, TorrentNumbers } from '../protocol.js';
import { ExtentStore } from './extent-store.js';
import { Scheduler } from './scheduler.js';
import type { PieceStore } from './scheduler.js';
import type { SpaceCredit } from './space-credit.js';
import type { SwarmClient, SwarmMember } from './swarm-client.js';
import { WirePeer } from './wire-peer.js';
import { readInPlace } from './wire-reader.js';

type OpenMessage = Extract<ToWorker, { type: 'open' }>;

export interface SessionOptions {
  readonly infoHash: InfoHash;
  readonly swarm: SwarmAddress;
  readonly client: SwarmClient;
  readonly credit: SpaceCredit;
  readonly now: () => number;
  readonly send: (message: FromWorker) => void;
  /** Asks for one `flush` soon. */
  readonly queueFlush: () => void;
}

const WRITE_RETRY_MS = 5000;

export class Session implements SwarmMember {
  private swarm: SwarmAddress;
  private metadataInfo: Uint8Array | null = null;
  private parsed: TorrentMetadata | null = null;
  private store: ExtentStore | null = null;
  private scheduler: Scheduler | null = null;
  private torrent: Torrent | null = null;
  private joining: Promise<void> | null = null;
  private demands: readonly Demand[] = [];
  private readonly peers = new Map<Wire, WirePeer>();
  private verified: number[] = [];
  private receivedBefore = 0;
  private uploadedBefore = 0;
  private isWakeQueued = false;
  private isPaused = false;
  private isClosed = false;
  private hasSentMetadata = false;
  private readonly seenPeers = new Set<string>();

  constructor(private readonly options: SessionOptions) {
    this.swarm = options.swarm;
  }

  /** Joins the swarm for the metadata alone. */
  find(): void {
    this.join();
  }

  /** Opens the store; demands are served from here on. */
  async open(message: OpenMessage): Promise<void> {
    if (this.store !== null) return;
    this.metadataInfo = message.info;
    this.parsed = parseInfo(message.info, message.infoHash);
    this.swarm = mergeSwarm(this.swarm, message.swarm);
    const geometry = new Geometry(this.parsed.totalBytes, this.parsed.pieceLength, message.extentBytes);
    const store = new ExtentStore({
      folder: message.folder,
      geometry,
      pieceHashes: this.parsed.pieceHashes,
      bits: new PieceBits(message.bits, geometry.pieceCount),
      claimed: message.claimed,
      events: {
        pieceVerified: (piece) => this.pieceVerified(piece),
        claimFailed: () => this.pieceMissing(),
        writeFailed: (_piece, error) => this.writeFailed(error),
        freed: (bytes) => this.options.credit.giveBack(bytes),
      },
    });
    await store.start();
    this.store = store;
    this.scheduler = new Scheduler({
      geometry,
      store: this.pieceStore(store),
      now: this.options.now,
      onMissing: () => this.join(),
      onReleased: () => this.wake(),
    });
    this.offerPieces();
    for (const peer of this.peers.values()) this.scheduler.addPeer(peer);
    this.options.send({ type: 'opened', infoHash: this.options.infoHash });
    this.applyDemands();
  }

  setDemands(demands: readonly Demand[]): void {
    this.demands = demands;
    this.applyDemands();
  }

  setPaused(isPaused: boolean): void {
    this.isPaused = isPaused;
    if (isPaused) void this.leave();
    this.scheduler?.setPaused(isPaused);
    this.applyDemands();
  }

  /** Peers are tried at once; trackers and web seeds when nobody is connected yet, else at the next join. */
  async learn(swarm: SwarmAddress): Promise<void> {
    const known = this.swarm;
    this.swarm = mergeSwarm(known, swarm);
    const hasNewWays =
      this.swarm.trackers.length > known.trackers.length || this.swarm.webSeeds.length > known.webSeeds.length;
    if (hasNewWays && this.peers.size === 0 && (this.torrent !== null || this.joining !== null)) {
      await this.leave();
      this.join();
    } else {
      for (const peer of swarm.peers) this.torrent?.addPeer(peer, 'manual');
    }
  }

  /** Called several times a second while something is wanted. */
  tick(): void {
    this.scheduler?.wake();
    this.scheduler?.rescue();
  }

  /** Room in the cache came: pieces that waited for it can start. */
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

  /** True while its numbers may change. */
  get isActive(): boolean {
    return this.torrent !== null || this.demands.length > 0;
  }

  save(): Promise<void> {
    return this.store?.save(false) ?? Promise.resolve();
  }

  async dropExtent(extent: number): Promise<void> {
    const pieces = (await this.store?.dropExtent(extent as ExtentIndex)) ?? [];
    for (const piece of pieces) {
      if (this.torrent?.ready !== true || !this.torrent.bitfield.get(piece)) continue;
      this.torrent._markUnverified(piece);
      for (const wire of this.torrent.wires) wire.lt_donthave?.donthave(piece);
    }
    this.pieceMissing();
  }

  /** Leaves the swarm; what is here stays readable. */
  async leave(): Promise<void> {
    await this.joining;
    const torrent = this.torrent;
    if (torrent === null) return;
    this.torrent = null;
    this.receivedBefore += torrent.received;
    this.uploadedBefore += torrent.uploaded;
    for (const wire of [...this.peers.keys()]) this.wireClosed(wire);
    await new Promise<void>((resolve) => torrent.destroy({ destroyStore: false }, resolve));
  }

  async close(deletesFiles: boolean): Promise<void> {
    this.isClosed = true;
    this.scheduler?.close();
    await this.leave();
    if (deletesFiles) await this.store?.destroy();
    else await this.store?.close();
  }

  numbers(): TorrentNumbers {
    const torrent = this.torrent;
    return {
      infoHash: this.options.infoHash,
      isJoined: torrent !== null,
      peersConnected: this.peers.size,
      peersQueued: torrent === null ? 0 : torrent._queue.length,
      peersSeen: this.seenPeers.size,
      receivedBytes: this.receivedBefore + (torrent?.received ?? 0),
      uploadedBytes: this.uploadedBefore + (torrent?.uploaded ?? 0),
      downloadBytesPerSecond: torrent?.downloadSpeed ?? 0,
      uploadBytesPerSecond: torrent?.uploadSpeed ?? 0,
      demandBytes: this.demands
        .filter((demand) => demand.kind === 'prepare')
        .map((demand) => [demand.id, this.scheduler?.demandBytes(demand) ?? 0] as const),
    };
  }

  /** Sends the pieces verified since the last call. */
  flush(): void {
    if (this.verified.length === 0) return;
    this.options.send({ type: 'verified', infoHash: this.options.infoHash, pieces: this.verified });
    this.verified = [];
  }

  // What the swarm tells.

  metadata(info: Uint8Array): void {
    if (this.metadataInfo !== null || this.hasSentMetadata) return this.offerPieces();
    this.hasSentMetadata = true;
    this.options.send({ type: 'metadata', infoHash: this.options.infoHash, info: Uint8Array.from(info) });
  }

  wireOpened(wire: Wire): void {
    if (wire.remoteAddress !== undefined) this.seenPeers.add(wire.remoteAddress);
    readInPlace(wire);
    const peer = new WirePeer(wire, this.options.now());
    this.peers.set(wire, peer);
    wire.on('extended', () => peer.readHandshake());
    this.scheduler?.addPeer(peer);
  }

  wireClosed(wire: Wire): void {
    const peer = this.peers.get(wire);
    if (peer === undefined) return;
    this.peers.delete(wire);
    this.scheduler?.removePeer(peer);
    this.wake();
  }

  wireChanged(wire: Wire): void {
    const peer = this.peers.get(wire);
    if (peer === undefined) return;
    peer.setInterest(this.store === null || this.demands.length > 0);
    this.scheduler?.fill(peer);
  }

  failed(error: Error): void {
    this.torrent = null;
    this.peers.clear();
    this.options.send({ type: 'failed', infoHash: this.options.infoHash, code: 'UPSTREAM', message: error.message });
  }

  readForUpload(piece: number, offset: number, length: number): Promise<Uint8Array> {
    return this.store?.read(piece as PieceIndex, offset, length) ?? Promise.reject(new Error('not open'));
  }

  hasPiece(piece: number): boolean {
    return this.store?.has(piece as PieceIndex) ?? false;
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

  private join(): void {
    if (this.torrent !== null || this.joining !== null || this.isPaused || this.isClosed) return;
    this.joining = this.options.client
      .join({
        infoHash: this.options.infoHash,
        info: this.metadataInfo,
        isPrivate: this.parsed?.isPrivate ?? false,
        swarm: this.swarm,
        member: this,
      })
      .then(
        (torrent) => void (this.torrent = torrent),
        (error: Error) => this.failed(error),
      )
      .finally(() => (this.joining = null));
  }

  /** Tells webtorrent which pieces may be uploaded, once it knows the metadata. */
  private offerPieces(): void {
    const torrent = this.torrent;
    if (torrent === null || this.store === null || this.parsed === null) return;
    for (let piece = 0; piece < this.parsed.pieceCount; piece++) {
      if (this.store.has(piece as PieceIndex) && !torrent.bitfield.get(piece)) torrent._markVerified(piece);
    }
  }

  private pieceVerified(piece: PieceIndex): void {
    if (this.verified.push(piece) === 1) this.options.queueFlush();
    if (this.torrent?.ready === true) {
      this.torrent._markVerified(piece);
      for (const wire of this.torrent.wires) wire.have(piece);
    }
    this.scheduler?.pieceChanged();
    this.wake();
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

  private pieceStore(store: ExtentStore): PieceStore {
    const { credit } = this.options;
    return {
      has: (piece) => store.has(piece),
      isClaimed: (piece) => store.isClaimed(piece),
      checkClaim: (piece) => store.checkClaim(piece),
      isBusy: (piece) => store.isBusy(piece),
      takeSpace: (bytes) => credit.take(bytes),
      returnSpace: (bytes) => credit.giveBack(bytes),
      createBuffer: (bytes) => store.createBuffer(bytes),
      releaseBuffer: (buffer) => store.releaseBuffer(buffer),
      accept: (piece, buffer) => store.accept(piece, buffer),
    };
  }
}

function mergeSwarm(first: SwarmAddress, second: SwarmAddress): SwarmAddress {
  return {
    trackers: [...new Set([...first.trackers, ...second.trackers])],
    webSeeds: [...new Set([...first.webSeeds, ...second.webSeeds])],
    peers: [...new Set([...first.peers, ...second.peers])],
  };
}
