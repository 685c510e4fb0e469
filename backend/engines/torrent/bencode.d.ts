// What we use of the `bencode` package, which ships no types.

declare module 'bencode' {
  const bencode: {
    /** Decodes the first value; strings become `Uint8Array`. Not safe for input from outside. */
    decode(data: Uint8Array): unknown;
    encode(value: unknown): Uint8Array;
  };
  export default bencode;
}
