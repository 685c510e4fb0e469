// When a block is late enough to ask a second peer for it. Pure: times are passed in.

const SAMPLES = 64;
const FIRST_DEADLINE_MS = 2000;
const SHORTEST_DEADLINE_MS = 120;
/** Late is twice the median. */
const FACTOR = 2;

/** Median of the last block times of one torrent. */
export class BlockTimes {
  private readonly times: number[] = [];
  private next = 0;

  /** A block took `ms` from request to arrival. */
  add(ms: number): void {
    this.times[this.next] = ms;
    this.next = (this.next + 1) % SAMPLES;
  }

  /** Age in ms from which an outstanding block counts as late. */
  get deadlineMs(): number {
    if (this.times.length < 8) return FIRST_DEADLINE_MS;
    const sorted = [...this.times].sort((a, b) => a - b);
    return Math.max(SHORTEST_DEADLINE_MS, FACTOR * sorted[sorted.length >>> 1]!);
  }
}
