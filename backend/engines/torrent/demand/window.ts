// How far ahead of a reader bytes are wanted. Pure: what was delivered so far in, a number of bytes out.

/** What a fresh reader wants first: a range a player asks for at a seek in one go, little enough to drop without regret. */
export const FIRST_WINDOW_BYTES = 1024 * 1024;

/**
 * Bytes wanted ahead of a reader that has taken `deliveredBytes` so far: a reader that keeps up doubles its window, one
 * that stops keeps it, and none passes `maxBytes`.
 */
export function windowBytes(deliveredBytes: number, maxBytes: number): number {
  return Math.min(maxBytes, Math.max(FIRST_WINDOW_BYTES, deliveredBytes));
}

/**
 * Most bytes any one reader may want ahead, so that all windows together leave half the cache for what is being read.
 * `readers` counts the open readers, this one included.
 */
export function fairWindowBytes(o: {
  readonly readAheadBytes: number;
  readonly cacheMaxBytes: number;
  readonly readers: number;
}): number {
  const share = Math.floor(o.cacheMaxBytes / 2 / Math.max(1, o.readers));
  return Math.max(FIRST_WINDOW_BYTES, Math.min(o.readAheadBytes, share));
}
