// Bytes that may be fetched from a provider in a period. Counted from the start of the process: what was fetched before is not
// known here. Pure: told the time.

export class QuotaMeter {
  readonly #quotaBytes: number | null;
  readonly #periodMs: number | null;
  #period = 0;
  #bytes = 0;

  /** Without `quotaBytes` it is never spent; without `periodMs` it never begins anew. */
  constructor(quotaBytes: number | undefined, periodMs: number | undefined) {
    this.#quotaBytes = quotaBytes ?? null;
    this.#periodMs = periodMs ?? null;
  }

  add(bytes: number, now: number): void {
    this.#turn(now);
    this.#bytes += bytes;
  }

  isSpent(now: number): boolean {
    if (this.#quotaBytes === null) return false;
    this.#turn(now);
    return this.#bytes >= this.#quotaBytes;
  }

  #turn(now: number): void {
    const period = this.#periodMs === null ? 0 : Math.floor(now / this.#periodMs);
    if (period === this.#period) return;
    this.#period = period;
    this.#bytes = 0;
  }
}
