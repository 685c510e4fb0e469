// How many connections a provider really allows: the configured number until it says "too many", then fewer, then slowly more
// again. Pure: told the time.

/** One more is tried after each of these. */
const RECOVERY_MS = 30_000;

export class AdaptiveCeiling {
  readonly #configured: number;
  #limit: number;
  #loweredAt = 0;

  constructor(configured: number) {
    this.#configured = configured;
    this.#limit = configured;
  }

  /** Never less than one, never more than configured. */
  limit(now: number): number {
    if (this.#limit >= this.#configured) return this.#configured;
    return Math.min(this.#configured, this.#limit + Math.floor((now - this.#loweredAt) / RECOVERY_MS));
  }

  /** The provider refused a connection while `open` others stood. */
  refused(open: number, now: number): void {
    this.#limit = Math.min(this.limit(now), Math.max(1, open));
    this.#loweredAt = now;
  }
}
