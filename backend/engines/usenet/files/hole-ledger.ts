// Which missing segments of one media file may be played as zeros, and how many were. Pure.

/** A segment of a posted file, `file` being the posted file's place in the NZB. */
export interface SegmentKey {
  readonly file: number;
  readonly index: number;
}

export interface Damage {
  readonly holes: number;
  readonly bytes: number;
}

export const MAX_HOLES_IN_A_ROW = 4;
export const MAX_HOLES = 64;
/** Of the media file's bytes. */
export const MAX_HOLE_SHARE = 0.02;

/** Remembers at most `MAX_HOLES` holes. */
export class HoleLedger {
  readonly #holes = new Map<string, number>();
  #bytes = 0;

  /** `isPaddable`: neither encrypted nor anything but video. */
  constructor(
    private readonly sizeBytes: number,
    readonly isPaddable: boolean,
  ) {}

  get damage(): Damage {
    return { holes: this.#holes.size, bytes: this.#bytes };
  }

  /** True when a hole of `bytes` at this segment is within what may be played; it is counted once, however often it is read. */
  allow(key: SegmentKey, bytes: number): boolean {
    if (!this.isPaddable) return false;
    if (this.#holes.has(nameOf(key))) return true;
    if (this.#holes.size >= MAX_HOLES) return false;
    if (this.#bytes + bytes > this.sizeBytes * MAX_HOLE_SHARE) return false;
    if (this.#runWith(key) > MAX_HOLES_IN_A_ROW) return false;
    this.#holes.set(nameOf(key), bytes);
    this.#bytes += bytes;
    return true;
  }

  #runWith({ file, index }: SegmentKey): number {
    let first = index;
    let last = index;
    while (this.#holes.has(nameOf({ file, index: first - 1 }))) first -= 1;
    while (this.#holes.has(nameOf({ file, index: last + 1 }))) last += 1;
    return last - first + 1;
  }
}

function nameOf({ file, index }: SegmentKey): string {
  return `${file}:${index}`;
}
