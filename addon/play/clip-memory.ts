// Which addresses showed a clip lately. A player that seeks inside a clip must get the clip, not a slice of the film that
// has become ready meanwhile; one tap may send twenty requests, and all of them deserve the same answer.

import { LRUCache } from 'lru-cache';
import type { Clock } from '../../backend/platform/index.js';
import type { ClipReason } from './failure-reason.js';

interface Shown {
  readonly reason: ClipReason;
  readonly sizeBytes: number;
  readonly atMs: number;
}

/** Addresses remembered; the one not asked for longest is forgotten, and is then prepared again. */
const MAX_SHOWN = 1_000;
/** As long as a clip claims to last. */
const SEEKABLE_FOR_MS = 30 * 60_000;
/** One tap's burst of requests, and the player's own retries. */
const BURST_MS = 5_000;

export class ClipMemory {
  readonly #shown = new LRUCache<string, Shown>({ max: MAX_SHOWN });

  constructor(private readonly clock: Clock) {}

  /** Notes that `address` answered with a clip of this size. */
  note(address: string, reason: ClipReason, sizeBytes: number): void {
    this.#shown.set(address, { reason, sizeBytes, atMs: this.clock.now() });
  }

  /** Real bytes went out: whoever asks next means them. */
  forget(address: string): void {
    this.#shown.delete(address);
  }

  /** The clip in which this request seeks, if any: it starts past the beginning, inside what the player was told to be the file. */
  recallSeek(address: string, range: string | undefined): ClipReason | null {
    const start = Number(/^\s*bytes\s*=\s*(\d{1,15})\s*-/i.exec(range ?? '')?.[1] ?? 0);
    const shown = this.#shown.get(address);
    if (shown === undefined || start === 0 || start >= shown.sizeBytes) return null;
    return this.clock.now() - shown.atMs < SEEKABLE_FOR_MS ? shown.reason : null;
  }

  /** The clip this address answered with a moment ago: the rest of the burst that got it gets it too. */
  recallBurst(address: string): ClipReason | null {
    const shown = this.#shown.get(address);
    return shown !== undefined && this.clock.now() - shown.atMs < BURST_MS ? shown.reason : null;
  }
}
