// SHA-1 with the flaw of RAR 2.9 to 4: whole blocks taken straight from the input are overwritten with the end of the
// message schedule. Passwords of more than 28 characters come out differently for it, so it has to be repeated here.

const BLOCK_BYTES = 64;

/** As `node:crypto`'s hash, for `deriveRar4Key` alone. */
export class RarSha1 {
  #state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  readonly #buffer = new Uint8Array(BLOCK_BYTES);
  readonly #schedule = new Uint32Array(80);
  #count = 0;

  /** Takes `data` in and may change it. */
  updateSpoiling(data: Uint8Array): void {
    const held = this.#count % BLOCK_BYTES;
    this.#count += data.length;
    let at = 0;
    if (held + data.length >= BLOCK_BYTES) {
      at = BLOCK_BYTES - held;
      this.#buffer.set(data.subarray(0, at), held);
      this.#transform(this.#buffer, 0);
      for (; at + BLOCK_BYTES <= data.length; at += BLOCK_BYTES) {
        this.#transform(data, at);
        this.#spoil(data, at);
      }
      this.#buffer.set(data.subarray(at), 0);
    } else {
      this.#buffer.set(data, held);
    }
  }

  copy(): RarSha1 {
    const copy = new RarSha1();
    copy.#state = this.#state.slice();
    copy.#buffer.set(this.#buffer);
    copy.#count = this.#count;
    return copy;
  }

  /** Ends it. */
  digest(): Uint8Array {
    const bits = this.#count * 8;
    const held = this.#count % BLOCK_BYTES;
    const padding = new Uint8Array((held < 56 ? 56 : 120) - held + 8);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(padding.length - 4, bits >>> 0);
    this.updateSpoiling(padding);
    const sum = new Uint8Array(20);
    const words = new DataView(sum.buffer);
    this.#state.forEach((word, index) => words.setUint32(index * 4, word));
    return sum;
  }

  #spoil(data: Uint8Array, at: number): void {
    for (let index = 0; index < 16; index += 1) {
      const word = this.#schedule[64 + index] ?? 0;
      for (let byte = 0; byte < 4; byte += 1) data[at + index * 4 + byte] = (word >>> (8 * byte)) & 0xff;
    }
  }

  #transform(block: Uint8Array, at: number): void {
    const w = this.#schedule;
    for (let index = 0; index < 16; index += 1) {
      const from = at + index * 4;
      w[index] =
        ((block[from] ?? 0) << 24) |
        ((block[from + 1] ?? 0) << 16) |
        ((block[from + 2] ?? 0) << 8) |
        (block[from + 3] ?? 0);
    }
    for (let index = 16; index < 80; index += 1) {
      w[index] = rotate((w[index - 3] ?? 0) ^ (w[index - 8] ?? 0) ^ (w[index - 14] ?? 0) ^ (w[index - 16] ?? 0), 1);
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = this.#state;
    for (let index = 0; index < 80; index += 1) {
      const next = (rotate(a, 5) + mix(index, b, c, d) + e + (w[index] ?? 0)) | 0;
      [e, d, c, b, a] = [d, c, rotate(b, 30), a, next];
    }
    [a, b, c, d, e].forEach((word, index) => (this.#state[index] = (this.#state[index] ?? 0) + word));
  }
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function mix(index: number, b: number, c: number, d: number): number {
  if (index < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (index < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (index < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}
