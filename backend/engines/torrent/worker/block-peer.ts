// What the scheduler needs of anything that serves blocks: a BitTorrent peer or a web seed.

import type { RequestPipeline } from '../demand/pipeline.js';
import type { PieceIndex } from '../geometry.js';

/** Called once per `ask`: with the bytes, or with null when they will not come. */
export type BlockAnswer = (data: Uint8Array | null) => void;

export interface BlockPeer {
  /** Requests not answered yet. */
  readonly outstanding: number;
  readonly pipeline: Pick<RequestPipeline, 'limit' | 'rate' | 'received' | 'backOff'>;
  /** Blocks that one request may cover: 1 for BitTorrent peers. */
  readonly maxRunBlocks: number;
  /** Unchoked and open. */
  readonly isReady: boolean;
  /** False also when the peer refuses this very piece. */
  hasPiece(piece: PieceIndex): boolean;
  ask(piece: PieceIndex, offset: number, length: number, answer: BlockAnswer): void;
  /** Takes a request back; its `answer` is called with null at once. */
  withdraw(piece: PieceIndex, offset: number, length: number): void;
  /** Tells the peer whether we want anything of it (BEP 3 interested). */
  setInterest(isInterested: boolean): void;
  /** Ends the connection: the peer sent bad data. */
  ban(reason: string): void;
}
