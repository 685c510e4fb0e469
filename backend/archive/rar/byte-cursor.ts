// Reads numbers and bytes off a RAR header in order. Knows where it ends, nothing else.

import { corruptArchive } from './corrupt-archive.js';

/** A place in `bytes` that moves on with each read. Views, not copies. Every read throws `ARCHIVE_CORRUPT` past the end. */
export class ByteCursor {
  #position: number;

  constructor(
    private readonly bytes: Uint8Array,
    start = 0,
    private readonly end = bytes.length,
  ) {
    this.#position = start;
  }

  get position(): number {
    return this.#position;
  }

  get remaining(): number {
    return this.end - this.#position;
  }

  u8(): number {
    return this.take(1)[0] ?? 0;
  }

  u16(): number {
    const [low = 0, high = 0] = this.take(2);
    return low | (high << 8);
  }

  u32(): number {
    const low = this.u16();
    return low + this.u16() * 0x10000;
  }

  /** RAR5's variable number, up to 10 bytes. @throws {UnplayableError} also when it is beyond what JavaScript counts exactly. */
  vint(): number {
    let value = 0;
    for (let index = 0, scale = 1; index < 10; index += 1, scale *= 0x80) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw corruptArchive('a number is too large');
      if ((byte & 0x80) === 0) return value;
    }
    throw corruptArchive('a number does not end');
  }

  take(count: number): Uint8Array {
    if (count < 0 || count > this.remaining) throw corruptArchive('a header ends too early');
    const view = this.bytes.subarray(this.#position, this.#position + count);
    this.#position += count;
    return view;
  }
}

/** Bytes a RAR5 variable number takes when written as short as can be. */
export function vintBytes(value: number): number {
  let count = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) count += 1;
  return count;
}
