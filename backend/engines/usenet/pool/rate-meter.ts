// Bytes per second over the last few seconds. Pure: told the time.

const BUCKET_MS = 1000;
const BUCKETS = 5;

export class RateMeter {
  readonly #buckets = new Array<number>(BUCKETS).fill(0);
  #last = 0;

  add(bytes: number, now: number): void {
    this.#turn(now);
    const at = this.#last % BUCKETS;
    this.#buckets[at] = (this.#buckets[at] ?? 0) + bytes;
  }

  bytesPerSecond(now: number): number {
    this.#turn(now);
    const sum = this.#buckets.reduce((total, bytes) => total + bytes, 0);
    return Math.round((sum * 1000) / (BUCKETS * BUCKET_MS));
  }

  #turn(now: number): void {
    const current = Math.floor(now / BUCKET_MS);
    const passed = Math.min(BUCKETS, Math.max(0, current - this.#last));
    for (let step = 0; step < passed; step += 1) this.#buckets[(current - step) % BUCKETS] = 0;
    this.#last = Math.max(this.#last, current);
  }
}
