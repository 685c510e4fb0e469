// Room in the cache, taken in small advances from the server's thread, which alone knows the limit of all engines.

const ADVANCE_BYTES = 4 * 1024 * 1024;
/** With less than this left the next advance is asked for, so that a fast download does not stand and wait for it. */
const LOW_BYTES = ADVANCE_BYTES / 2;

export interface SpaceCreditEvents {
  /** Ask for room; `grant` follows when it is there. One request is out at a time. */
  needSpace(bytes: number): void;
  freed(bytes: number): void;
  granted(): void;
}

/** Credit of the whole worker. When it is used up, pieces wait; nothing is refused for good. */
export class SpaceCredit {
  private bytes = 0;
  private isAsking = false;
  private isShort = false;

  constructor(private readonly events: SpaceCreditEvents) {}

  /** True while somebody was refused room and none has come since. */
  get isWaiting(): boolean {
    return this.isShort;
  }

  /** Takes `bytes`, or asks for them and returns false. */
  take(bytes: number): boolean {
    if (this.bytes >= bytes) {
      this.bytes -= bytes;
      if (this.bytes < LOW_BYTES) this.ask(ADVANCE_BYTES);
      return true;
    }
    this.isShort = true;
    this.ask(Math.max(bytes - this.bytes, ADVANCE_BYTES));
    return false;
  }

  /** Room that was asked for is there. */
  grant(bytes: number): void {
    this.isAsking = false;
    this.isShort = false;
    this.bytes += bytes;
    this.events.granted();
  }

  /** Room that was taken is not needed after all; kept for the next piece, handed back when it is much. */
  giveBack(bytes: number): void {
    this.bytes += bytes;
    const surplus = this.bytes - 2 * ADVANCE_BYTES;
    if (surplus <= 0) return;
    this.bytes -= surplus;
    this.events.freed(surplus);
  }

  private ask(bytes: number): void {
    if (this.isAsking) return;
    this.isAsking = true;
    this.events.needSpace(bytes);
  }
}
