// How long a server may take: from a command's turn to its first byte, between bytes, and in all. Knows no socket.

import type { Clock, Timer } from '../../../platform/index.js';

/** Each counted from a command's turn: it waits for those before it at their expense. */
export interface CommandTimeouts {
  readonly firstByteMs: number;
  /** Between two chunks; also how long an answer may come more slowly than `MIN_BYTES_PER_MS`. */
  readonly stallMs: number;
  readonly totalMs: number;
}

/** Those behind an answer that nobody wants do not wait long for it. */
const UNWANTED_MS = 2000;

/** About 4 KiB/s: whoever sends less for long might as well be silent. */
const MIN_BYTES_PER_MS = 4;

/** One timer for all commands of a connection: late by at most one of its own periods rather than set anew for each chunk. */
export class CommandWatch {
  readonly #clock: Clock;
  readonly #timeouts: CommandTimeouts;
  readonly #onLate: () => void;
  #timer: Timer | null = null;
  #turnAt = 0;
  #bytesAt: number | null = null;
  /** When its bytes will have been too few: each puts it off, but never further than `stallMs` from now. */
  #paidUntil = 0;
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
    else this.#timer ??= this.#lookIn(this.#leftMs());
  }

  /** Nobody wants the command any more whose turn it is. */
  hurry(): void {
    this.#isUnwanted = true;
    this.#timer?.cancel();
    this.#timer = this.#clock.after(Math.max(0, this.#leftMs()), this.#look);
  }

  bytesCame(count: number): void {
    const { stallMs } = this.#timeouts;
    const now = this.#clock.now();
    const paidUntil = this.#bytesAt === null ? Infinity : this.#paidUntil + count / MIN_BYTES_PER_MS;
    this.#paidUntil = Math.min(now + stallMs, paidUntil);
    this.#bytesAt = now;
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
    else this.#timer = this.#lookIn(leftMs);
  };

  /** Not later than a first byte of this moment would make it due. */
  #lookIn(leftMs: number): Timer {
    return this.#clock.after(Math.min(leftMs, this.#timeouts.stallMs), this.#look);
  }

  #leftMs(): number {
    const { firstByteMs, totalMs } = this.#timeouts;
    const now = this.#clock.now();
    const dueAt = this.#bytesAt === null ? this.#turnAt + firstByteMs : this.#paidUntil;
    const leftMs = Math.min(dueAt - now, totalMs - (now - this.#turnAt));
    return this.#isUnwanted ? Math.min(leftMs, UNWANTED_MS - this.quietMs) : leftMs;
  }
}
