// What peers did wrong, and what follows: who is banned, and who is not asked for which piece for a while. Times are
// passed in.

import type { PieceIndex } from '../geometry.js';
import type { PieceDownload } from './piece-download.js';

/** A piece that a peer refused is not asked of it for this long. */
const REFUSAL_MS = 2000;
/** Refusals remembered of one peer; all are forgotten when full. */
const MAX_REFUSALS = 1024;

export class PeerFaults<Peer extends object> {
  private readonly refusals = new WeakMap<Peer, Map<PieceIndex, number>>();
  /** Pieces whose hash failed with bytes of several peers: each is fetched from one peer alone, which tells who lies. */
  private readonly suspects = new Set<PieceIndex>();

  /** The peer did not give what it was asked, though it seemed ready. */
  refused(peer: Peer, piece: PieceIndex, nowMs: number): void {
    const known = this.refusals.get(peer) ?? new Map<PieceIndex, number>();
    if (known.size >= MAX_REFUSALS) known.clear();
    known.set(piece, nowMs);
    this.refusals.set(peer, known);
  }

  isRefused(peer: Peer, piece: PieceIndex, nowMs: number): boolean {
    const known = this.refusals.get(peer);
    const at = known?.get(piece);
    if (at === undefined) return false;
    if (nowMs - at < REFUSAL_MS) return true;
    known!.delete(piece);
    return false;
  }

  isSuspect(piece: PieceIndex): boolean {
    return this.suspects.has(piece);
  }

  passed(piece: PieceIndex): void {
    this.suspects.delete(piece);
  }

  /** A whole piece failed its hash; returns who is surely to blame. */
  failed(download: PieceDownload<Peer>): Peer[] {
    if (download.contributors.size === 1) return [...download.contributors];
    this.suspects.add(download.piece);
    return [];
  }
}
