// Reads the numbers, bits and names of a 7z header off a buffer. Knows where it ends: beyond that is damage.

import { unsupported } from '../refusals.js';

export class ByteReader {
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get remaining(): number {
    return this.bytes.length - this.#at;
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  /** A view, not a copy. */
  take(count: number): Uint8Array {
    if (count < 0 || count > this.remaining) throw damaged();
    const view = this.bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return view;
  }

  /** 7z's variable number: the first byte's leading ones say how many bytes follow, lowest first. */
  number(): number {
    const first = this.byte();
    let value = 0;
    let scale = 1;
    let mask = 0x80;
    for (; mask !== 0 && (first & mask) !== 0; mask >>= 1) {
      value += this.byte() * scale;
      scale *= 256;
    }
    if (mask > 1) value += (first & (mask - 1)) * scale;
    if (!Number.isSafeInteger(value)) throw damaged();
    return value;
  }

  /** A number of things of at least one byte or bit each: never more than there can be. */
  count(limit = this.remaining * 8): number {
    const value = this.number();
    if (value > limit) throw damaged();
    return value;
  }

  /** One bit for each of `count` things, highest first. */
  bits(count: number): boolean[] {
    const bytes = this.take(Math.ceil(count / 8));
    return Array.from({ length: count }, (_bit, at) => ((bytes[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0);
  }

  /** As `bits`, behind a byte that says whether all are set. */
  optionalBits(count: number): boolean[] {
    return this.byte() === 0 ? this.bits(count) : Array.from({ length: count }, () => true);
  }

  uint32(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.take(4);
    return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
  }
}

/** What every reader of the header throws. */
export function damaged(): Error {
  return unsupported('The header of the 7z archive is damaged.');
}
