// Asks the peers of one torrent for the blocks that its readers want next, and gathers them into verified pieces. Decides
// nothing about what is wanted (demand/) and does no I/O itself.

import { BlockTimes } from '../demand/late-blocks.js';
import { urgentPieces, wantedPieces } from '../demand/wanted-pieces.js';
import type { Geometry, PieceIndex } from '../geometry.js';
import type { Demand } from '../protocol.js';
import type { BlockPeer } from './block-peer.js';
import type { BlockRun } from './piece-download.js';
import { PieceDownload } from './piece-download.js';

const WANTED_LIMIT = 1024;
/** Pieces in assembly hold at most this much memory; an urgent piece may go over it. */
const MAX_ASSEMBLY_BYTES = 64 * 1024 * 1024;
/** Half-fetched pieces that nobody wants any more, kept for a seek back; the oldest go first when full. */
const MAX_LEFTOVER_BYTES = 16 * 1024 * 1024;
const MAX_BAD_PIECES = 3;

/** What the scheduler needs of the torrent's store. */
export interface PieceStore {
  has(piece: PieceIndex): boolean;
  /** On disk from an unclean stop, to be hashed before use. */
  isClaimed(piece: PieceIndex): boolean;
  /** Starts hashing a claimed piece; repeated calls join. */
  checkClaim(piece: PieceIndex): void;
  /** True while the piece is being written. */
  isBusy(piece: PieceIndex): boolean;
  /** Takes room for a piece, or asks for it and returns false. */
  takeSpace(bytes: number): boolean;
  returnSpace(bytes: number): void;
  createBuffer(bytes: number): Uint8Array;
  releaseBuffer(buffer: Uint8Array): void;
  /** Verifies and keeps a whole piece; owns `buffer` from here on. Returns false when the hash is wrong. */
  accept(piece: PieceIndex, buffer: Uint8Array): boolean;
}

export interface SchedulerOptions {
  readonly geometry: Geometry;
  readonly store: PieceStore;
  readonly now: () => number;
  /** A wanted piece is neither here nor claimed: a swarm is needed. */
  readonly onMissing: () => void;
}

/** Scheduler of one torrent. `wake` after anything changed; calls within one tick are gathered by the caller. */
export class Scheduler {
  private demands: readonly Demand[] = [];
  private wanted: PieceIndex[] = [];
  private cursor = 0;
  private isStale = true;
  private readonly downloads = new Map<PieceIndex, PieceDownload<BlockPeer>>();
  private readonly peers = new Set<BlockPeer>();
  private readonly badPieces = new WeakMap<BlockPeer, number>();
  private readonly blockTimes = new BlockTimes();
  private assemblyBytes = 0;
  private isPaused = false;

  constructor(private readonly options: SchedulerOptions) {}

  addPeer(peer: BlockPeer): void {
    this.peers.add(peer);
    peer.setInterest(this.demands.length > 0);
    this.fill(peer);
  }

  /** The peer's outstanding requests must have been answered with null by then. */
  removePeer(peer: BlockPeer): void {
    this.peers.delete(peer);
    this.cursor = 0;
  }

  /** Replaces what is wanted; requests that serve no demand any more are withdrawn before new ones are made. */
  setDemands(demands: readonly Demand[]): void {
    const wasIdle = this.demands.length === 0;
    this.demands = demands;
    this.isStale = true;
    this.withdrawUnwanted();
    if (wasIdle !== (demands.length === 0)) {
      for (const peer of this.peers) peer.setInterest(demands.length > 0);
    }
    this.wake();
  }

  setPaused(isPaused: boolean): void {
    this.isPaused = isPaused;
    this.wake();
  }

  /** True while there is anything wanted that has to come from the swarm. */
  get isHungry(): boolean {
    this.refresh();
    return this.wanted.some((piece) => this.isMissing(piece));
  }

  /** The list of missing wanted pieces that no claim covers; used while paused to tell what cannot be had. */
  missingPieces(): PieceIndex[] {
    this.refresh();
    return this.wanted.filter((piece) => this.isMissing(piece));
  }

  /** Makes every request that can be made now. */
  wake(): void {
    this.refresh();
    this.checkClaims();
    if (this.isPaused) return;
    if (this.wanted.some((piece) => this.isMissing(piece))) this.options.onMissing();
    for (const peer of this.peers) this.fill(peer);
  }

  /** Makes the requests that one peer has room for. */
  fill(peer: BlockPeer): void {
    if (this.isPaused || !peer.isReady) return;
    while (peer.outstanding < peer.pipeline.limit) {
      const next = this.nextRun(peer);
      if (next === null) return;
      this.ask(next.download, next.run, peer);
    }
  }

  /** Asks a second peer for late blocks of the pieces that readers wait for (end game). Call a few times a second. */
  rescue(): void {
    if (this.isPaused || this.peers.size < 2) return;
    const has = (piece: PieceIndex): boolean => this.options.store.has(piece);
    const before = this.options.now() - this.blockTimes.deadlineMs;
    for (const piece of urgentPieces({ demands: this.demands, geometry: this.options.geometry, has })) {
      for (const late of this.downloads.get(piece)?.lateBlocks(before) ?? []) {
        const other = this.fastestOther(piece, late.peer);
        if (other === null) break;
        late.peer.pipeline.backOff();
        this.ask(this.downloads.get(piece)!, late.run, other);
      }
    }
  }

  /** A piece was verified, dropped, or its claim failed: the list of wanted pieces is out of date. */
  pieceChanged(): void {
    this.isStale = true;
  }

  /** Bytes of a demand that are here, verified or in assembly. Proportional to the demand's pieces. */
  demandBytes(demand: Demand): number {
    const { geometry, store } = this.options;
    const { first, end } = geometry.piecesOf(demand);
    let bytes = 0;
    for (let index: number = first; index < end; index++) {
      const piece = index as PieceIndex;
      bytes += store.has(piece) ? geometry.pieceBytes(piece) : (this.downloads.get(piece)?.hereBytes ?? 0);
    }
    return bytes;
  }

  /** Drops everything in assembly; the scheduler is not used afterwards. */
  close(): void {
    this.demands = [];
    for (const download of [...this.downloads.values()]) this.drop(download);
    this.peers.clear();
  }

  private isMissing(piece: PieceIndex): boolean {
    const { store } = this.options;
    return !store.has(piece) && !store.isClaimed(piece) && !store.isBusy(piece);
  }

  private refresh(): void {
    const runsLow = this.wanted.length >= WANTED_LIMIT && this.cursor > WANTED_LIMIT / 2;
    if (!this.isStale && !runsLow) return;
    this.isStale = false;
    this.cursor = 0;
    this.wanted = wantedPieces({
      demands: this.demands,
      geometry: this.options.geometry,
      has: (piece) => this.options.store.has(piece),
      limit: WANTED_LIMIT,
    });
  }

  private checkClaims(): void {
    const { store } = this.options;
    for (const piece of this.wanted) if (store.isClaimed(piece)) store.checkClaim(piece);
  }

  private nextRun(peer: BlockPeer): { download: PieceDownload<BlockPeer>; run: BlockRun } | null {
    this.refresh();
    for (let index = this.cursor; index < this.wanted.length; index++) {
      const piece = this.wanted[index]!;
      const download = this.downloads.get(piece);
      if (download === undefined ? !this.isMissing(piece) : !download.hasFreeBlocks) {
        if (index === this.cursor) this.cursor++;
        continue;
      }
      if (!peer.hasPiece(piece)) continue;
      const opened = download ?? this.openDownload(piece, index === 0);
      if (opened === null) return null;
      const run = opened.take(peer.maxRunBlocks);
      if (run !== null) return { download: opened, run };
    }
    return null;
  }

  private openDownload(piece: PieceIndex, isFirst: boolean): PieceDownload<BlockPeer> | null {
    const { geometry, store } = this.options;
    const bytes = geometry.pieceBytes(piece);
    if (!isFirst && this.downloads.size > 0 && this.assemblyBytes + bytes > MAX_ASSEMBLY_BYTES) return null;
    if (!store.takeSpace(bytes)) return null;
    const download = new PieceDownload<BlockPeer>(piece, store.createBuffer(bytes), geometry);
    this.downloads.set(piece, download);
    this.assemblyBytes += bytes;
    return download;
  }

  private ask(download: PieceDownload<BlockPeer>, run: BlockRun, peer: BlockPeer): void {
    const askedAt = this.options.now();
    download.asked(run, peer, askedAt);
    peer.ask(download.piece, run.offset, run.length, (data) => {
      if (this.downloads.get(download.piece) !== download) return;
      if (data === null || data.length !== run.length) {
        download.released(run, peer);
        this.cursor = 0;
        return;
      }
      const now = this.options.now();
      this.blockTimes.add(now - askedAt);
      peer.pipeline.received(data.length, now);
      this.arrived(download, run, data, peer);
      this.fill(peer);
    });
  }

  private arrived(download: PieceDownload<BlockPeer>, run: BlockRun, data: Uint8Array, peer: BlockPeer): void {
    for (const other of download.put(run, data, peer)) {
      if (other.peer.maxRunBlocks === 1) other.peer.withdraw(download.piece, other.run.offset, other.run.length);
    }
    if (!download.isComplete) return;
    this.downloads.delete(download.piece);
    this.assemblyBytes -= download.buffer.length;
    if (this.options.store.accept(download.piece, download.buffer)) return;
    this.isStale = true;
    this.blame(download);
  }

  /** A bad piece from one peer is that peer's; from several, each is suspected and banned when it happens again. */
  private blame(download: PieceDownload<BlockPeer>): void {
    for (const peer of download.contributors) {
      const count = (this.badPieces.get(peer) ?? 0) + 1;
      this.badPieces.set(peer, count);
      if (download.contributors.size === 1 || count >= MAX_BAD_PIECES) peer.ban('sent data that fails its hash');
    }
  }

  private fastestOther(piece: PieceIndex, than: BlockPeer): BlockPeer | null {
    let best: BlockPeer | null = null;
    for (const peer of this.peers) {
      if (peer === than || !peer.isReady || peer.maxRunBlocks > 1 || !peer.hasPiece(piece)) continue;
      if (peer.outstanding >= peer.pipeline.limit + 4) continue;
      if (best === null || peer.pipeline.rate > best.pipeline.rate) best = peer;
    }
    return best;
  }

  private withdrawUnwanted(): void {
    const ranges = this.demands.map((demand) => this.options.geometry.piecesOf(demand));
    let leftoverBytes = 0;
    const leftovers: PieceDownload<BlockPeer>[] = [];
    for (const download of this.downloads.values()) {
      if (ranges.some((range) => download.piece >= range.first && download.piece < range.end)) continue;
      if (download.isAsked) this.withdrawAll(download);
      leftovers.push(download);
      leftoverBytes += download.buffer.length;
    }
    for (const download of leftovers) {
      if (leftoverBytes <= MAX_LEFTOVER_BYTES && download.hereBytes > 0) continue;
      leftoverBytes -= download.buffer.length;
      this.drop(download);
    }
  }

  private withdrawAll(download: PieceDownload<BlockPeer>): void {
    for (const { run, peer } of download.outstanding()) peer.withdraw(download.piece, run.offset, run.length);
  }

  private drop(download: PieceDownload<BlockPeer>): void {
    this.withdrawAll(download);
    this.downloads.delete(download.piece);
    this.assemblyBytes -= download.buffer.length;
    this.options.store.returnSpace(download.buffer.length);
    this.options.store.releaseBuffer(download.buffer);
  }
}
