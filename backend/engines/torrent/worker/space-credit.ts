// Room in the cache, taken in small advances from the server's thread, which alone knows the limit of all engines.

const ADVANCE_BYTES = 4 * 1024 * 1024;

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

  constructor(private readonly events: SpaceCreditEvents) {}

  /** True while room was asked for and has not come. */
  get isWaiting(): boolean {
    return this.isAsking;
  }

  /** Takes `bytes`, or asks for them and returns false. */
  take(bytes: number): boolean {
    if (this.bytes >= bytes) {
      this.bytes -= bytes;
      return true;
    }
    if (!this.isAsking) {
      this.isAsking = true;
      this.events.needSpace(Math.max(bytes - this.bytes, ADVANCE_BYTES));
    }
    return false;
  }

  /** Room that was asked for is there. */
  grant(bytes: number): void {
    this.isAsking = false;
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
}
