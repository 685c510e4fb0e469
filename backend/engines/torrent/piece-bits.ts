// Which pieces are verified and on disk: one bit each, shared by the server's thread and the worker. Knows no torrent.

/** A bitfield in shared memory. Reads and writes are atomic, so either thread may set and clear. */
export class PieceBits {
  private readonly words: Int32Array;

  constructor(
    readonly memory: SharedArrayBuffer,
    readonly length: number,
  ) {
    this.words = new Int32Array(memory);
  }

  static create(length: number): PieceBits {
    return new PieceBits(new SharedArrayBuffer(Math.max(4, Math.ceil(length / 32) * 4)), length);
  }

  has(index: number): boolean {
    return (Atomics.load(this.words, index >>> 5) & (1 << (index & 31))) !== 0;
  }

  set(index: number): void {
    Atomics.or(this.words, index >>> 5, 1 << (index & 31));
  }

  clear(index: number): void {
    Atomics.and(this.words, index >>> 5, ~(1 << (index & 31)));
  }

  /** Plain copy, most significant bit first (the wire order of BEP 3). Proportional to the number of pieces. */
  toBitfield(): Uint8Array {
    const bytes = new Uint8Array(Math.ceil(this.length / 8));
    for (let index = 0; index < this.length; index++) {
      if (this.has(index)) bytes[index >>> 3]! |= 0x80 >>> (index & 7);
    }
    return bytes;
  }
}

/** Reads one bit of a bitfield in wire order. */
export function bitOf(bitfield: Uint8Array, index: number): boolean {
  return ((bitfield[index >>> 3] ?? 0) & (0x80 >>> (index & 7))) !== 0;
}
