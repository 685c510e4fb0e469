// How fast bytes go, over the last few seconds. Pure: the caller brings the time.

const WINDOW_MS = 5_000;

/** Counts in two windows of five seconds; reading costs nothing per byte and keeps no samples. */
export class RateMeter {
  #previousBytes = 0;
  #currentBytes = 0;
  #previousSince: number;
  #currentSince: number;

  constructor(now: number) {
    this.#previousSince = now;
    this.#currentSince = now;
  }

  /** Counts bytes sent at `now` (epoch ms). */
  add(bytes: number, now: number): void {
    this.#turn(now);
    this.#currentBytes += bytes;
  }

  /** Bytes per second over the last five to ten seconds; zero after a pause of ten. */
  bytesPerSecond(now: number): number {
    this.#turn(now);
    const elapsedMs = Math.max(1_000, now - this.#previousSince);
    return Math.round(((this.#previousBytes + this.#currentBytes) * 1_000) / elapsedMs);
  }

  #turn(now: number): void {
    const elapsed = now - this.#currentSince;
    if (elapsed < WINDOW_MS) return;
    const isRecent = elapsed < 2 * WINDOW_MS;
    this.#previousBytes = isRecent ? this.#currentBytes : 0;
    this.#previousSince = isRecent ? this.#currentSince : now - WINDOW_MS;
    this.#currentBytes = 0;
    this.#currentSince = now;
  }
}
