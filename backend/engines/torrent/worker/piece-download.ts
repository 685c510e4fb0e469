// One piece on its way: which blocks are free, asked for, or here. Knows no network, no disk and no clock.

import type { Geometry, PieceIndex } from '../geometry.js';
import { BLOCK_BYTES } from '../geometry.js';

const FREE = 0;
const ASKED = 1;
const HERE = 2;

/** One outstanding request of a block. */
export interface Ask<Peer> {
  readonly peer: Peer;
  readonly askedAt: number;
  /** The whole request, of which this block is part. */
  readonly run: BlockRun;
}

/** A run of blocks taken for one request. */
export interface BlockRun {
  readonly block: number;
  readonly offset: number;
  readonly length: number;
}

/** Assembles one piece. `buffer` belongs to whoever created it; it is whole once `isComplete`. */
export class PieceDownload<Peer> {
  readonly blocks: number;
  /** Peers whose bytes are in it. */
  readonly contributors = new Set<Peer>();
  private readonly states: Uint8Array;
  private readonly asks = new Map<number, Ask<Peer>[]>();
  private freeFrom = 0;
  private freeBlocks: number;
  private missingBlocks: number;

  constructor(
    readonly piece: PieceIndex,
    readonly buffer: Uint8Array,
    private readonly geometry: Geometry,
  ) {
    this.blocks = geometry.blockCount(piece);
    this.states = new Uint8Array(this.blocks);
    this.freeBlocks = this.blocks;
    this.missingBlocks = this.blocks;
  }

  get hasFreeBlocks(): boolean {
    return this.freeBlocks > 0;
  }

  get isComplete(): boolean {
    return this.missingBlocks === 0;
  }

  /** True while somebody has been asked for a block. */
  get isAsked(): boolean {
    return this.asks.size > 0;
  }

  /** Bytes that are here. */
  get hereBytes(): number {
    return Math.min((this.blocks - this.missingBlocks) * BLOCK_BYTES, this.geometry.pieceBytes(this.piece));
  }

  /** Takes the first free blocks, up to `maxBlocks` in a row; null when none is free. */
  take(maxBlocks: number): BlockRun | null {
    if (this.freeBlocks === 0) return null;
    while (this.states[this.freeFrom] !== FREE) this.freeFrom++;
    const block = this.freeFrom;
    let length = 0;
    let next = block;
    for (; next < this.blocks && next - block < maxBlocks && this.states[next] === FREE; next++) {
      this.states[next] = ASKED;
      this.freeBlocks--;
      length += this.geometry.blockBytes(this.piece, next);
    }
    this.freeFrom = next;
    return { block, offset: block * BLOCK_BYTES, length };
  }

  /** Notes that `peer` was asked for a run (freshly taken, or a second time). */
  asked(run: BlockRun, peer: Peer, askedAt: number): void {
    for (let block = run.block; block * BLOCK_BYTES < run.offset + run.length; block++) {
      const asks = this.asks.get(block) ?? [];
      asks.push({ peer, askedAt, run });
      this.asks.set(block, asks);
    }
  }

  /** The request failed or was withdrawn; its blocks are free again unless another peer was asked too. */
  released(run: BlockRun, peer: Peer): void {
    for (let block = run.block; block * BLOCK_BYTES < run.offset + run.length; block++) {
      if (this.states[block] !== ASKED) continue;
      const asks = (this.asks.get(block) ?? []).filter((ask) => ask.peer !== peer);
      if (asks.length > 0) {
        this.asks.set(block, asks);
        continue;
      }
      this.asks.delete(block);
      this.states[block] = FREE;
      this.freeBlocks++;
      this.freeFrom = Math.min(this.freeFrom, block);
    }
  }

  /** Copies an answer in; returns the requests for these blocks that other peers were sent and may be spared. */
  put(run: BlockRun, data: Uint8Array, peer: Peer): Ask<Peer>[] {
    const others: Ask<Peer>[] = [];
    for (let block = run.block; block * BLOCK_BYTES < run.offset + run.length; block++) {
      if (this.states[block] === HERE) continue;
      const at = (block - run.block) * BLOCK_BYTES;
      this.buffer.set(data.subarray(at, at + this.geometry.blockBytes(this.piece, block)), block * BLOCK_BYTES);
      if (this.states[block] === FREE) this.freeBlocks--;
      this.states[block] = HERE;
      this.missingBlocks--;
      for (const ask of this.asks.get(block) ?? []) if (ask.peer !== peer) others.push(ask);
      this.asks.delete(block);
      this.contributors.add(peer);
    }
    return others;
  }

  /** True when nobody else gave or was asked for any of it. */
  isAloneWith(peer: Peer): boolean {
    const asked = [...this.asks.values()].flat().map((ask) => ask.peer);
    return [...this.contributors, ...asked].every((other) => other === peer);
  }

  /** Every outstanding request, each once. */
  outstanding(): Ask<Peer>[] {
    return [...new Map([...this.asks.values()].flat().map((ask) => [ask.run, ask])).values()];
  }

  /** Outstanding single-peer blocks asked before `before`, oldest first in block order. */
  lateBlocks(before: number): { readonly run: BlockRun; readonly peer: Peer }[] {
    const late: { run: BlockRun; peer: Peer }[] = [];
    for (const [block, asks] of this.asks) {
      const [only] = asks;
      if (asks.length !== 1 || only === undefined || only.askedAt > before) continue;
      const length = this.geometry.blockBytes(this.piece, block);
      late.push({ run: { block, offset: block * BLOCK_BYTES, length }, peer: only.peer });
    }
    return late;
  }
}
