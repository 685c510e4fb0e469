// A scheduler among pretended peers and a pretended store, on a clock turned by hand. Peers answer only when told to.

import { createHash } from 'node:crypto';
import { RequestPipeline } from '../../../../../backend/engines/torrent/demand/pipeline.js';
import type { PieceIndex } from '../../../../../backend/engines/torrent/geometry.js';
import { BLOCK_BYTES, Geometry } from '../../../../../backend/engines/torrent/geometry.js';
import type { Demand, DemandKind } from '../../../../../backend/engines/torrent/protocol.js';
import type { BlockAnswer, BlockPeer } from '../../../../../backend/engines/torrent/worker/block-peer.js';
import type { PieceStore } from '../../../../../backend/engines/torrent/worker/scheduler.js';
import { Scheduler } from '../../../../../backend/engines/torrent/worker/scheduler.js';
import { pseudoRandomBytes } from '../../../../support/pseudo-random.js';

export interface FakeRequest {
  readonly piece: PieceIndex;
  readonly offset: number;
  readonly length: number;
  readonly answer: BlockAnswer;
}

export interface FakePeerOptions {
  /** Requests it takes at once; default: what a real peer's pipeline opens with, and on. */
  readonly limit?: number;
  readonly pieces?: readonly number[];
  readonly maxRunBlocks?: number;
}

/** A peer that keeps what it is asked until the test answers. */
export class FakePeer implements BlockPeer {
  readonly requests: FakeRequest[] = [];
  /** Everything it was ever asked, as `piece/block`. */
  readonly asked: string[] = [];
  readonly withdrawn: string[] = [];
  isReady = true;
  isInterested = false;
  isBanned = false;
  /** Refuses within `ask`, as a closing connection does. */
  refusesAtOnce = false;
  readonly maxRunBlocks: number;
  readonly pipeline: BlockPeer['pipeline'];

  constructor(
    private readonly lab: SchedulerLab,
    private readonly options: FakePeerOptions,
  ) {
    this.maxRunBlocks = options.maxRunBlocks ?? 1;
    const pipeline = new RequestPipeline(lab.now);
    this.pipeline =
      options.limit === undefined
        ? pipeline
        : { limit: options.limit, rate: 0, received: () => undefined, backOff: () => undefined };
  }

  get outstanding(): number {
    return this.requests.length;
  }

  /** What is asked of it now, as `piece/block`. */
  get open(): string[] {
    return this.requests.map(nameOf);
  }

  hasPiece(piece: PieceIndex): boolean {
    return this.options.pieces?.includes(piece) ?? true;
  }

  ask(piece: PieceIndex, offset: number, length: number, answer: BlockAnswer): void {
    const request = { piece, offset, length, answer };
    this.asked.push(nameOf(request));
    if (this.refusesAtOnce) answer(null);
    else this.requests.push(request);
  }

  withdraw(piece: PieceIndex, offset: number, length: number): void {
    const at = this.requests.findIndex(
      (request) => request.piece === piece && request.offset === offset && request.length === length,
    );
    if (at < 0) return;
    const [request] = this.requests.splice(at, 1);
    this.withdrawn.push(nameOf(request!));
    request!.answer(null);
  }

  setInterest(isInterested: boolean): void {
    this.isInterested = isInterested;
  }

  ban(): void {
    this.isBanned = true;
    this.leave();
  }

  /** Answers the oldest requests, rightly. */
  give(count = 1): void {
    for (let left = count; left > 0 && this.requests.length > 0; left--) this.answer((data) => data);
  }

  /** Answers everything it is asked until nothing more comes. */
  giveAll(): void {
    while (this.requests.length > 0) this.give();
  }

  lie(count = 1): void {
    for (let left = count; left > 0 && this.requests.length > 0; left--) {
      this.answer((data) => Buffer.from(data).map((byte) => byte ^ 0xff));
    }
  }

  refuse(count = 1): void {
    for (let left = count; left > 0; left--) this.requests.shift()?.answer(null);
  }

  /** Answers with fewer bytes than were asked for. */
  giveShort(): void {
    this.answer((data) => data.subarray(0, data.length - 1));
  }

  /** The connection ends: what was asked is answered with nothing, then the scheduler is told. */
  leave(): void {
    this.isReady = false;
    for (const request of this.requests.splice(0)) request.answer(null);
    this.lab.scheduler.removePeer(this);
    this.lab.scheduler.wake();
  }

  private answer(edit: (data: Uint8Array) => Uint8Array): void {
    const request = this.requests.shift()!;
    const start = this.lab.geometry.pieceStart(request.piece) + request.offset;
    request.answer(edit(this.lab.content.subarray(start, start + request.length)));
  }
}

/** Keeps pieces in memory; `room` bytes may be taken. */
export class FakeStore implements PieceStore {
  readonly here = new Map<PieceIndex, Uint8Array>();
  readonly claims = new Set<PieceIndex>();
  readonly checks: PieceIndex[] = [];
  room = Number.POSITIVE_INFINITY;
  buffersOut = 0;
  mostBytesOut = 0;
  private bytesOut = 0;

  constructor(private readonly lab: SchedulerLab) {}

  has(piece: PieceIndex): boolean {
    return this.here.has(piece);
  }

  isClaimed(piece: PieceIndex): boolean {
    return this.claims.has(piece);
  }

  checkClaim(piece: PieceIndex): void {
    if (!this.checks.includes(piece)) this.checks.push(piece);
  }

  isBusy(): boolean {
    return false;
  }

  takeSpace(bytes: number): boolean {
    if (this.room < bytes) return false;
    this.room -= bytes;
    return true;
  }

  returnSpace(bytes: number): void {
    this.room += bytes;
  }

  createBuffer(bytes: number): Uint8Array {
    this.buffersOut++;
    this.bytesOut += bytes;
    this.mostBytesOut = Math.max(this.mostBytesOut, this.bytesOut);
    return Buffer.alloc(bytes);
  }

  releaseBuffer(buffer: Uint8Array): void {
    this.buffersOut--;
    this.bytesOut -= buffer.length;
  }

  accept(piece: PieceIndex, buffer: Uint8Array): boolean {
    this.releaseBuffer(buffer);
    const start = this.lab.geometry.pieceStart(piece);
    const isRight = sha1(buffer) === sha1(this.lab.content.subarray(start, start + buffer.length));
    if (!isRight) {
      this.room += buffer.length;
      return false;
    }
    this.here.set(piece, buffer);
    this.lab.scheduler.pieceChanged();
    return true;
  }
}

export interface SchedulerLabOptions {
  readonly pieces: number;
  /** Default two blocks. */
  readonly pieceLength?: number;
  /** Default 0: the last piece is whole. */
  readonly lastPieceLess?: number;
}

/** What a torrent has in the worker, without network and disk. */
export class SchedulerLab {
  now = 0;
  missingCalls = 0;
  releases = 0;
  readonly geometry: Geometry;
  readonly content: Uint8Array;
  readonly store: FakeStore;
  readonly scheduler: Scheduler;
  private demandId = 0;

  constructor({ pieces, pieceLength = 2 * BLOCK_BYTES, lastPieceLess = 0 }: SchedulerLabOptions) {
    this.geometry = new Geometry(pieces * pieceLength - lastPieceLess, pieceLength, pieceLength);
    this.content = pseudoRandomBytes('scheduler', this.geometry.totalBytes);
    this.store = new FakeStore(this);
    this.scheduler = new Scheduler({
      geometry: this.geometry,
      store: this.store,
      now: () => this.now,
      onMissing: () => this.missingCalls++,
      onReleased: () => this.releases++,
    });
  }

  peer(options: FakePeerOptions = {}): FakePeer {
    const peer = new FakePeer(this, options);
    this.scheduler.addPeer(peer);
    return peer;
  }

  /** A demand for whole pieces. */
  demand(first: number, end: number, kind: DemandKind = 'play'): Demand {
    const { pieceLength, totalBytes } = this.geometry;
    return { id: this.demandId++, kind, start: first * pieceLength, end: Math.min(totalBytes, end * pieceLength) };
  }

  /** Replaces what is wanted. */
  want(...demands: readonly Demand[]): void {
    this.scheduler.setDemands(demands);
  }

  /** Lets time pass as a session does: a look several times a second. */
  advance(ms: number): void {
    for (const end = this.now + ms; this.now < end;) {
      this.now = Math.min(end, this.now + 100);
      this.scheduler.wake();
      this.scheduler.rescue();
    }
  }

  get here(): number[] {
    return [...this.store.here.keys()].sort((a, b) => a - b);
  }
}

function nameOf(request: FakeRequest): string {
  return `${request.piece}/${request.offset / BLOCK_BYTES}`;
}

function sha1(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}
