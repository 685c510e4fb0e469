// A webtorrent wire (BitTorrent peer or web seed) as the scheduler sees peers.

import type { Wire } from 'webtorrent';
import { RequestPipeline } from '../demand/pipeline.js';
import type { PieceIndex } from '../geometry.js';
import type { BlockAnswer, BlockPeer } from './block-peer.js';

/** A web seed serves runs of this many blocks per HTTP request, this many requests at once. */
const WEB_SEED_RUN_BLOCKS = 64;
const WEB_SEED_REQUESTS = 4;

export class WirePeer implements BlockPeer {
  readonly pipeline: RequestPipeline;
  readonly maxRunBlocks: number;

  constructor(
    private readonly wire: Wire,
    nowMs: number,
    private readonly onBan: (wire: Wire) => void,
  ) {
    const isWebSeed = wire.type === 'webSeed';
    this.maxRunBlocks = isWebSeed ? WEB_SEED_RUN_BLOCKS : 1;
    this.pipeline = new RequestPipeline(nowMs, isWebSeed ? WEB_SEED_REQUESTS : undefined);
  }

  /** The peer's extension handshake (BEP 10) came: it says how many requests it queues. */
  readHandshake(): void {
    const queue = this.wire.peerExtendedHandshake?.reqq;
    if (typeof queue === 'number' && this.maxRunBlocks === 1) this.pipeline.setPeerQueue(queue);
  }

  get outstanding(): number {
    return this.wire.requests.length;
  }

  get isReady(): boolean {
    return !this.wire.destroyed && (!this.wire.peerChoking || this.wire.peerAllowedFastSet.length > 0);
  }

  hasPiece(piece: PieceIndex): boolean {
    if (this.wire.peerChoking && !this.wire.peerAllowedFastSet.includes(piece)) return false;
    return this.wire.peerPieces.get(piece);
  }

  ask(piece: PieceIndex, offset: number, length: number, answer: BlockAnswer): void {
    this.wire.request(piece, offset, length, (error, data) => answer(error === null ? data : null));
  }

  withdraw(piece: PieceIndex, offset: number, length: number): void {
    if (!this.wire.destroyed) this.wire.cancel(piece, offset, length);
  }

  setInterest(isInterested: boolean): void {
    if (this.wire.destroyed) return;
    if (isInterested) this.wire.interested();
    else this.wire.uninterested();
  }

  ban(): void {
    this.onBan(this.wire);
  }
}
