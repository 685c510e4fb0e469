// What undoes yEnc and computes CRC-32, byte for byte the same in every implementation. Knows nothing of articles, headers
// or connections.

/**
 * What the last bytes were, where that changes the meaning of the next: 0 a line begins, 1 after `=`, 2 after CR, 3 none of
 * these, 4 after a dot at a line's start, 5 after that dot and CR, 6 after `=` at a line's start. The numbers are yencode's own.
 */
export type YencState = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** A line begins: where data after a header starts. */
export const LINE_START: YencState = 0;
/** After `=` at a line's start. */
export const LINE_START_ESCAPE: YencState = 6;

/** How far one call came. */
export interface YencRun {
  /** Bytes of the source that were used: all of them unless `end` says otherwise. */
  readonly read: number;
  /** Bytes of the target that now hold data; those after them, up to the source's length, are arbitrary. */
  readonly written: number;
  /** `control` after `=y` at a line's start, `article` after the line `.`: both are used up. */
  readonly end: 'none' | 'control' | 'article';
  /** For the next call. */
  readonly state: YencState;
}

/** Decodes yEnc data as it stands on the wire, the dots that NNTP adds included. Stateless; any thread may use it. */
export interface YencKernel {
  readonly name: 'native' | 'portable';
  /** Decodes `source` into the start of `target`, which must be at least as long. */
  decode(source: Uint8Array, target: Uint8Array, state: YencState): YencRun;
  /** CRC-32 (IEEE) of what `previous` stands for followed by `bytes`, unsigned; begin with 0. */
  crc32(bytes: Uint8Array, previous: number): number;
}
