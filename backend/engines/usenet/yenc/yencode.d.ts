// What we use of the `yencode` package, which ships no types.

declare module 'yencode' {
  const yencode: {
    /** Decodes raw NNTP data; `state` is what the last call returned, null at a line's start. `output` at least as long as `data`. */
    decodeChunk(
      data: Uint8Array,
      output: Uint8Array,
      state: string | null,
    ): { read: number; written: number; ended: boolean; state: string };
    /** Big-endian, four bytes in and out. */
    crc32(data: Uint8Array, initial?: Uint8Array): Uint8Array;
  };
  export default yencode;
}
