// How long a server may take: from a command's turn to its first byte, between bytes, and in all. Knows no socket.

import type { Clock, Timer } from '../../../platform/index.js';

/** Each counted from a command's turn: it waits for those before it at their expense. */
export interface CommandTimeouts {
  readonly firstByteMs: number;
  /** Between two chunks. */
  readonly stallMs: number;
  readonly totalMs: number;
}

/** Those behind an answer that nobody wants do not wait long for it. */
const UNWANTED_MS = 2000;

/** One timer for all commands of a connection: late by at most one of its own periods rather than set anew for each chunk. */
export class CommandWatch {
  readonly #clock: Clock;
  readonly #timeouts: CommandTimeouts;
  readonly #onLate: () => void;
  #timer: Timer | null = null;
  #turnAt = 0;
  #bytesAt: number | null = null;
  #isBusy = false;
  #isUnwanted = false;

  constructor(options: { readonly clock: Clock; readonly timeouts: CommandTimeouts; readonly onLate: () => void }) {
    this.#clock = options.clock;
    this.#timeouts = options.timeouts;
    this.#onLate = options.onLate;
  }

  /** How long the command whose turn it is has waited for its next byte. */
  get quietMs(): number {
    return this.#isBusy ? this.#clock.now() - (this.#bytesAt ?? this.#turnAt) : 0;
  }

  /** The next command's turn begins. */
  begin(isUnwanted: boolean): void {
    this.#turnAt = this.#clock.now();
    this.#bytesAt = null;
    this.#isBusy = true;
    this.#isUnwanted = false;
    if (isUnwanted) this.hurry();
    else this.#timer ??= this.#clock.after(this.#leftMs(), this.#look);
  }

  /** Nobody wants the command any more whose turn it is. */
  hurry(): void {
    this.#isUnwanted = true;
    this.#timer?.cancel();
    this.#timer = this.#clock.after(Math.max(0, this.#leftMs()), this.#look);
  }

  bytesCame(): void {
    this.#bytesAt = this.#clock.now();
  }

  /** Nobody's turn: the timer is left to find that out. */
  rest(): void {
    this.#isBusy = false;
  }

  stop(): void {
    this.#isBusy = false;
    this.#timer?.cancel();
  }

  readonly #look = (): void => {
    this.#timer = null;
    if (!this.#isBusy) return;
    const leftMs = this.#leftMs();
    if (leftMs <= 0) this.#onLate();
    else this.#timer = this.#clock.after(leftMs, this.#look);
  };

  #leftMs(): number {
    const { firstByteMs, stallMs, totalMs } = this.#timeouts;
    const now = this.#clock.now();
    const quietMs = this.#bytesAt === null ? firstByteMs - (now - this.#turnAt) : stallMs - (now - this.#bytesAt);
    const leftMs = Math.min(quietMs, totalMs - (now - this.#turnAt));
    return this.#isUnwanted ? Math.min(leftMs, UNWANTED_MS - this.quietMs) : leftMs;
  }
}
