// The one form of a byte range inside the house. The inclusive form of HTTP exists only in delivery.

/** Half-open range of bytes: `start` is included, `end` is not. `0 <= start <= end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}
