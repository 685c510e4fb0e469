// Cuts the body of an article into lines as they come from the wire: doubled dots undone, the closing line `.` recognised.
// Holds one line; knows nothing of what lines mean.

/** Longer lines are cut: no header or uuencoded line is, and nothing else is looked at. */
const MAX_LINE_BYTES = 4_096;
const [LF, CR, DOT] = [0x0a, 0x0d, 0x2e] as const;

/** RFC 3977 §3.1.1. Feed it until `line` is there or `isEnd`; a line is valid until the next call. */
export class BodyLines {
  /** The line that the last `read` completed, without its end; null when there is none yet. */
  line: Uint8Array | null = null;
  /** The closing line was read. */
  isEnd = false;
  readonly #held = new Uint8Array(MAX_LINE_BYTES);
  #length = 0;
  #lastByte = 0;
  /** What stands before this line is CR LF or nothing: only then a dot at its start is special. */
  #isAtStart = true;

  /** The next line is already under way: these were its first bytes. */
  resume(first: Uint8Array): void {
    this.#isAtStart = false;
    this.#append(first, 0, first.length);
  }

  /** Takes bytes from `at` on, to the end of one line at most; answers how many. */
  read(chunk: Uint8Array, at: number): number {
    const found = chunk.indexOf(LF, at);
    const end = found < 0 ? chunk.length : found;
    this.#append(chunk, at, end);
    this.line = null;
    if (found < 0) return end - at;
    this.#complete();
    return found + 1 - at;
  }

  #append(bytes: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    this.#lastByte = bytes[end - 1]!;
    const taken = Math.min(end - start, MAX_LINE_BYTES - this.#length);
    if (taken > 0) this.#held.set(bytes.subarray(start, start + taken), this.#length);
    this.#length += taken;
  }

  #complete(): void {
    const hasReturn = this.#lastByte === CR;
    const end = hasReturn && this.#held[this.#length - 1] === CR ? this.#length - 1 : this.#length;
    const isDotted = this.#isAtStart && end > 0 && this.#held[0] === DOT;
    if (isDotted && end === 1 && hasReturn) this.isEnd = true;
    else this.line = this.#held.subarray(isDotted ? 1 : 0, end);
    this.#isAtStart = hasReturn;
    this.#length = 0;
    this.#lastByte = 0;
  }
}
