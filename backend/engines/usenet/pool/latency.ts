// How long articles take: the measure from which a late one is known. Pure.

/** The last so many count: a few seconds' worth, so that a line that changes is noticed. */
const SAMPLES = 64;
const ENOUGH = 8;
const QUANTILE = 0.95;
const MARGIN = 1.5;
const MIN_DEADLINE_MS = 300;
const MAX_DEADLINE_MS = 5000;
/** Until enough is known. */
const FIRST_DEADLINE_MS = 1500;

export class LatencyMeter {
  readonly #samples: number[] = [];
  #next = 0;
  #deadlineMs: number | null = null;

  add(ms: number): void {
    this.#samples[this.#next] = ms;
    this.#next = (this.#next + 1) % SAMPLES;
    if (this.#next % ENOUGH === 0) this.#deadlineMs = null;
  }

  /** An article that takes longer is late: half as long again as 95 of 100 took, within sensible bounds. */
  get deadlineMs(): number {
    if (this.#samples.length < ENOUGH) return FIRST_DEADLINE_MS;
    this.#deadlineMs ??= this.#measure();
    return this.#deadlineMs;
  }

  #measure(): number {
    const sorted = this.#samples.toSorted((one, other) => one - other);
    const slow = sorted[Math.floor((sorted.length - 1) * QUANTILE)] ?? 0;
    return Math.min(MAX_DEADLINE_MS, Math.max(MIN_DEADLINE_MS, slow * MARGIN));
  }
}
