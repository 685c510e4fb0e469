// Asks the peers of one torrent for the blocks that its readers want next, and gathers them into verified pieces. Decides
// nothing about what is wanted (demand/) and does no I/O itself.

import { BlockTimes } from '../demand/late-blocks.js';
import { urgentPieces, wantedPieces } from '../demand/wanted-pieces.js';
import type { Geometry, PieceIndex } from '../geometry.js';
import type { Demand } from '../protocol.js';
import type { AssemblyStore } from './assembly.js';
import { Assembly } from './assembly.js';
import type { BlockPeer } from './block-peer.js';
import { PeerFaults } from './peer-faults.js';
import type { Ask, BlockRun, PieceDownload } from './piece-download.js';

const WANTED_LIMIT = 1024;

type Download = PieceDownload<BlockPeer>;

/** What the scheduler needs of the torrent's store. */
export interface PieceStore extends AssemblyStore {
  has(piece: PieceIndex): boolean;
  /** On disk from an unclean stop, to be hashed before use. */
  isClaimed(piece: PieceIndex): boolean;
  /** Starts hashing a claimed piece; repeated calls join. */
  checkClaim(piece: PieceIndex): void;
  /** True while the piece is being written. */
  isBusy(piece: PieceIndex): boolean;
  /** Verifies and keeps a whole piece; owns `buffer` from here on. Returns false when the hash is wrong. */
  accept(piece: PieceIndex, buffer: Uint8Array): boolean;
}

export interface SchedulerOptions {
  readonly geometry: Geometry;
  readonly store: PieceStore;
  readonly now: () => number;
  /** A wanted piece is neither here nor claimed: a swarm is needed. */
  readonly onMissing: () => void;
  /** A request came back empty: `wake` soon, so that other peers take it over. */
  readonly onReleased: () => void;
}

/** Scheduler of one torrent. `wake` after anything changed; calls within one tick are gathered by the caller. */
export class Scheduler {
  private demands: readonly Demand[] = [];
  private wanted: PieceIndex[] = [];
  private urgent = new Set<PieceIndex>();
  private cursor = 0;
  private isStale = true;
  private readonly assembly: Assembly<BlockPeer>;
  private readonly peers = new Set<BlockPeer>();
  private readonly faults = new PeerFaults<BlockPeer>();
  private readonly blockTimes = new BlockTimes();
  private isPaused = false;
  private isWithdrawing = false;

  constructor(private readonly options: SchedulerOptions) {
    this.assembly = new Assembly(options.geometry, options.store);
  }

  addPeer(peer: BlockPeer): void {
    this.peers.add(peer);
    peer.setInterest(this.demands.length > 0);
    this.fill(peer);
  }

  /** The peer is gone; what it was asked for is free for others. */
  removePeer(peer: BlockPeer): void {
    this.peers.delete(peer);
    for (const download of this.assembly.all()) {
      for (const ask of download.outstanding()) if (ask.peer === peer) download.released(ask.run, peer);
    }
    this.cursor = 0;
  }

  /** Replaces what is wanted; requests that serve no demand any more are withdrawn before new ones are made. */
  setDemands(demands: readonly Demand[]): void {
    const wasIdle = this.demands.length === 0;
    this.demands = demands;
    this.isStale = true;
    const leftovers = this.leftovers();
    for (const download of leftovers) this.withdraw(download, download.outstanding());
    this.assembly.trim(leftovers);
    if (wasIdle !== (demands.length === 0)) {
      for (const peer of this.peers) peer.setInterest(demands.length > 0);
    }
    this.wake();
  }

  setPaused(isPaused: boolean): void {
    this.isPaused = isPaused;
    this.wake();
  }

  /** Missing wanted pieces that no claim covers; used while paused to tell what cannot be had. */
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
    if (this.isPaused || !this.peers.has(peer)) return;
    while (peer.isReady && peer.outstanding < peer.pipeline.limit) {
      const next = this.nextRun(peer);
      if (next === null || !this.ask(next.download, next.run, peer)) return;
    }
  }

  /** Asks a second peer for late blocks of the pieces that readers wait for (end game). Call a few times a second. */
  rescue(): void {
    if (this.isPaused || this.peers.size < 2) return;
    const before = this.options.now() - this.blockTimes.deadlineMs;
    const late = new Set<BlockPeer>();
    for (const piece of this.urgent) {
      const download = this.assembly.get(piece);
      for (const { run, peer } of download?.lateBlocks(before) ?? []) {
        const other = this.fastestOther(piece, peer);
        if (other === null || !this.assembly.holds(download!)) break;
        late.add(peer);
        this.ask(download!, run, other);
      }
    }
    for (const peer of late) peer.pipeline.backOff();
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
      bytes += store.has(piece) ? geometry.pieceBytes(piece) : (this.assembly.get(piece)?.hereBytes ?? 0);
    }
    return bytes;
  }

  /** Lets go of half-done pieces that nobody wants: room is short. */
  dropLeftovers(): void {
    for (const download of this.leftovers()) this.drop(download);
  }

  /** Drops everything in assembly; the scheduler is not used afterwards. */
  close(): void {
    this.demands = [];
    this.isStale = true;
    for (const download of this.assembly.all()) this.drop(download);
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
    const { geometry, store } = this.options;
    const base = { demands: this.demands, geometry, has: (piece: PieceIndex): boolean => store.has(piece) };
    this.wanted = wantedPieces({ ...base, limit: WANTED_LIMIT });
    this.urgent = new Set(urgentPieces(base));
  }

  private checkClaims(): void {
    const { store } = this.options;
    for (const piece of this.wanted) if (store.isClaimed(piece)) store.checkClaim(piece);
  }

  private nextRun(peer: BlockPeer): { download: Download; run: BlockRun } | null {
    this.refresh();
    const now = this.options.now();
    let canOpen = true;
    for (let index = this.cursor; index < this.wanted.length; index++) {
      const piece = this.wanted[index]!;
      const download = this.assembly.get(piece);
      if (download === undefined ? !this.isMissing(piece) : !download.hasFreeBlocks) {
        if (index === this.cursor) this.cursor++;
        continue;
      }
      if (!peer.hasPiece(piece) || this.faults.isRefused(peer, piece, now)) continue;
      const opened = this.downloadFor(piece, peer, canOpen);
      if (opened === null) {
        canOpen &&= download !== undefined;
        continue;
      }
      const run = opened.take(peer.maxRunBlocks);
      if (run !== null) return { download: opened, run };
    }
    return null;
  }

  /** The piece's download, if the peer may join or begin it. */
  private downloadFor(piece: PieceIndex, peer: BlockPeer, canOpen: boolean): Download | null {
    const download = this.assembly.get(piece);
    if (download === undefined) return canOpen ? this.assembly.open(piece, this.urgent.has(piece)) : null;
    if (!this.faults.isSuspect(piece) || download.isAloneWith(peer)) return download;
    if (download.isAsked) return null;
    this.drop(download);
    return this.assembly.open(piece, this.urgent.has(piece));
  }

  /** False when the peer refused within the call. */
  private ask(download: Download, run: BlockRun, peer: BlockPeer): boolean {
    const askedAt = this.options.now();
    let isRefused = false;
    download.asked(run, peer, askedAt);
    peer.ask(download.piece, run.offset, run.length, (data) => {
      if (data === null || data.length !== run.length) {
        isRefused = true;
        if (this.assembly.holds(download)) this.notGiven(download, run, peer);
        return;
      }
      const now = this.options.now();
      peer.pipeline.received(data.length, now);
      if (this.assembly.holds(download)) {
        this.blockTimes.add(now - askedAt);
        this.arrived(download, run, data, peer);
      }
      this.fill(peer);
    });
    return !isRefused;
  }

  private notGiven(download: Download, run: BlockRun, peer: BlockPeer): void {
    download.released(run, peer);
    this.cursor = 0;
    if (this.isWithdrawing) return;
    // A peer that chokes or leaves is not ready: only one that goes on as if nothing were wrong has refused.
    if (peer.isReady) this.faults.refused(peer, download.piece, this.options.now());
    this.options.onReleased();
  }

  private arrived(download: Download, run: BlockRun, data: Uint8Array, peer: BlockPeer): void {
    const others = download.put(run, data, peer).filter((other) => other.peer.maxRunBlocks === 1);
    if (others.length > 0) this.withdraw(download, others);
    if (download.isComplete) this.completed(download);
    for (const other of others) this.fill(other.peer);
  }

  private completed(download: Download): void {
    this.assembly.finish(download);
    if (this.options.store.accept(download.piece, download.buffer)) {
      this.faults.passed(download.piece);
      return;
    }
    this.isStale = true;
    for (const liar of this.faults.failed(download)) liar.ban('sent data that fails its hash');
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

  /** Downloads that serve no demand, oldest first. */
  private leftovers(): Download[] {
    const ranges = this.demands.map((demand) => this.options.geometry.piecesOf(demand));
    const isWanted = ({ piece }: Download): boolean => ranges.some(({ first, end }) => piece >= first && piece < end);
    return this.assembly.all().filter((download) => !isWanted(download));
  }

  private drop(download: Download): void {
    this.withdraw(download, download.outstanding());
    this.assembly.drop(download);
  }

  /** Answers that come meanwhile are no refusals. */
  private withdraw({ piece }: Download, asks: readonly Ask<BlockPeer>[]): void {
    this.isWithdrawing = true;
    for (const { run, peer } of asks) peer.withdraw(piece, run.offset, run.length);
    this.isWithdrawing = false;
  }
}
