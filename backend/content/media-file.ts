// One playable file, the same wherever it lives. Delivery and archives know nothing else of an engine.

import type { ByteRange } from './byte-range.js';

/** `play`: somebody waits for these bytes. `prepare`: somebody is about to. `background`: only when nothing else is wanted. */
export type Priority = 'play' | 'prepare' | 'background';

export interface OpenOptions {
  /** Ends the read; the iterator then throws the signal's reason. */
  readonly signal: AbortSignal;
  /** Default `play`. */
  readonly priority?: Priority;
}

export interface MediaFile {
  /** Stable across restarts and unique to these bytes: the strong validator of HTTP is made from it. */
  readonly id: string;
  /** File name without folders, as the viewer should see it. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Since when these bytes are known here; survives a restart. */
  readonly modifiedAt: Date;
  /**
   * Reads `range`, which must lie inside the file. Yields verified bytes in order, as they come, in chunks of at most
   * 1 MiB. A chunk belongs to the caller only until it asks for the next one: copy what must live longer.
   * Nothing is read or fetched before the first chunk is asked for; ending the iteration ends the demand.
   * @throws {HeadstartError} when the bytes cannot be had; never ends early without one.
   */
  open(range: ByteRange, options: OpenOptions): AsyncIterable<Uint8Array>;
}
