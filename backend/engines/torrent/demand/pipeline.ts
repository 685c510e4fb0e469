// How many blocks may be asked of one peer at once. Pure state per peer, time passed in.

import { BLOCK_BYTES } from '../geometry.js';

const FIRST_DEPTH = 4;
const MIN_DEPTH = 2;
const MAX_DEPTH = 512;
/** What a peer is assumed to queue when it does not say (`reqq`, BEP 10). */
const DEFAULT_PEER_QUEUE = 250;
/** The queue holds at most this much of the peer's measured time, so that a cancelled window is not waited out. */
const QUEUE_SECONDS = 1;
const RATE_WINDOW_MS = 1000;

/** Request depth of one peer: opens like TCP's slow start, is then held to about a second of the measured rate. */
export class RequestPipeline {
  private depth = FIRST_DEPTH;
  private bytesPerSecond = 0;
  private windowBytes = 0;
  private windowStartedAt: number;

  constructor(
    nowMs: number,
    private peerQueue: number = DEFAULT_PEER_QUEUE,
  ) {
    this.windowStartedAt = nowMs;
  }

  /** The peer told how many requests it queues. */
  setPeerQueue(requests: number): void {
    if (Number.isSafeInteger(requests) && requests > 0) this.peerQueue = requests;
  }

  /** Requests that may be outstanding now. */
  get limit(): number {
    return Math.min(this.depth, this.peerQueue, MAX_DEPTH);
  }

  /** Measured rate, bytes per second; 0 until the first second is over. */
  get rate(): number {
    return this.bytesPerSecond;
  }

  /** A block of `bytes` arrived. */
  received(bytes: number, nowMs: number): void {
    this.windowBytes += bytes;
    const elapsedMs = nowMs - this.windowStartedAt;
    if (elapsedMs >= RATE_WINDOW_MS) {
      const measured = (this.windowBytes * 1000) / elapsedMs;
      this.bytesPerSecond = this.bytesPerSecond === 0 ? measured : this.bytesPerSecond * 0.5 + measured * 0.5;
      this.windowBytes = 0;
      this.windowStartedAt = nowMs;
    }
    const ceiling =
      this.bytesPerSecond === 0
        ? MAX_DEPTH
        : Math.max(FIRST_DEPTH * 2, Math.ceil((this.bytesPerSecond * QUEUE_SECONDS) / BLOCK_BYTES) + FIRST_DEPTH);
    this.depth = Math.min(this.depth + 1, ceiling);
  }

  /** A request was refused or came late: ask for less at once. */
  backOff(): void {
    this.depth = Math.max(MIN_DEPTH, Math.floor(this.depth / 2));
  }
}
