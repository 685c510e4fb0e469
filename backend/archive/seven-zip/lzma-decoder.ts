// LZMA and LZMA2, for headers only: everything lies in memory, the output is the dictionary. Pure. No package for it is
// looked after well enough to be trusted with what strangers write; the format is small (LZMA SDK, lzma-specification).

import { unsupported } from '../refusals.js';

const PROBABILITY_BITS = 11;
const HALF = 1 << (PROBABILITY_BITS - 1);
const MOVE_BITS = 5;
const TOP = 2 ** 24;
const STATES = 12;
const MAX_POSITION_STATES = 16;
const LENGTH_STATES = 4;
const END_POSITION_MODEL = 14;
const FULL_DISTANCES = 128;
const ALIGN_BITS = 4;
const MIN_MATCH = 2;
const LITERAL_STATES = 7;

/** Decodes one LZMA stream (properties as 7z keeps them, 5 bytes) of known size. @throws {UnplayableError} */
export function decodeLzma(packed: Uint8Array, properties: Uint8Array, sizeBytes: number): Uint8Array {
  const decoder = new LzmaDecoder(sizeBytes);
  decoder.reset(properties[0] ?? 0xff);
  decoder.run(packed, sizeBytes);
  return decoder.output;
}

/** Decodes LZMA2: chunks, each stored or packed, that share one output. @throws {UnplayableError} */
export function decodeLzma2(packed: Uint8Array, sizeBytes: number): Uint8Array {
  const decoder = new LzmaDecoder(sizeBytes);
  let at = 0;
  const byte = (): number => packed[at++] ?? fail();
  for (let control = byte(); control !== 0; control = byte()) {
    if (control < 0x80) {
      const length = byte() * 256 + byte() + 1;
      if (control > 2 || at + length > packed.length) fail();
      decoder.store(packed.subarray(at, at + length));
      at += length;
      continue;
    }
    const length = (control & 0x1f) * 65_536 + byte() * 256 + byte() + 1;
    const packedLength = byte() * 256 + byte() + 1;
    const reset = (control >> 5) & 3;
    if (reset >= 2) decoder.reset(byte());
    else if (reset === 1) decoder.resetState();
    decoder.run(packed.subarray(at, at + packedLength), length);
    at += packedLength;
  }
  if (decoder.position !== sizeBytes) fail();
  return decoder.output;
}

class LzmaDecoder {
  readonly output: Uint8Array;
  position = 0;
  #input: Uint8Array = new Uint8Array();
  #at = 0;
  #range = 0;
  #code = 0;
  #lc = 0;
  #literalMask = 0;
  #positionMask = 0;
  #state = 0;
  #reps: [number, number, number, number] = [0, 0, 0, 0];
  #literals = new Uint16Array();
  readonly #isMatch = new Uint16Array(STATES * MAX_POSITION_STATES);
  readonly #isRep = new Uint16Array(STATES);
  readonly #isRep0 = new Uint16Array(STATES);
  readonly #isRep1 = new Uint16Array(STATES);
  readonly #isRep2 = new Uint16Array(STATES);
  readonly #isRep0Long = new Uint16Array(STATES * MAX_POSITION_STATES);
  readonly #slots = Array.from({ length: LENGTH_STATES }, () => new Uint16Array(64));
  readonly #distances = new Uint16Array(1 + FULL_DISTANCES - END_POSITION_MODEL);
  readonly #align = new Uint16Array(1 << ALIGN_BITS);
  readonly #matchLengths = new LengthModel();
  readonly #repLengths = new LengthModel();

  constructor(sizeBytes: number) {
    this.output = new Uint8Array(sizeBytes);
  }

  /** New properties: `(pb * 5 + lp) * 9 + lc`. */
  reset(properties: number): void {
    if (properties >= 9 * 5 * 5) fail();
    this.#lc = properties % 9;
    const lp = Math.floor(properties / 9) % 5;
    const pb = Math.floor(properties / 45);
    this.#literalMask = (1 << lp) - 1;
    this.#positionMask = (1 << pb) - 1;
    this.#literals = new Uint16Array(0x300 << (this.#lc + lp));
    this.resetState();
  }

  resetState(): void {
    this.#state = 0;
    this.#reps = [0, 0, 0, 0];
    const models = [this.#literals, this.#isMatch, this.#isRep, this.#isRep0, this.#isRep1, this.#isRep2];
    for (const model of [...models, this.#isRep0Long, ...this.#slots, this.#distances, this.#align]) model.fill(HALF);
    this.#matchLengths.reset();
    this.#repLengths.reset();
  }

  store(bytes: Uint8Array): void {
    if (this.position + bytes.length > this.output.length) fail();
    this.output.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** Decodes `length` bytes more from `input`. */
  run(input: Uint8Array, length: number): void {
    const end = this.position + length;
    if (end > this.output.length || this.#literals.length === 0) fail();
    this.#input = input;
    this.#at = 1;
    this.#range = 0xffffffff;
    this.#code = 0;
    for (let index = 0; index < 4; index += 1) this.#code = ((this.#code << 8) | (this.#input[this.#at++] ?? 0)) >>> 0;
    while (this.position < end) {
      const positionState = this.position & this.#positionMask;
      if (this.#bit(this.#isMatch, this.#state * MAX_POSITION_STATES + positionState) === 0) this.#literal();
      else this.#match(positionState, end);
    }
  }

  #literal(): void {
    const before = this.position > 0 ? (this.output[this.position - 1] ?? 0) : 0;
    const row = ((this.position & this.#literalMask) << this.#lc) + (before >> (8 - this.#lc));
    const base = 0x300 * row;
    let symbol = 1;
    if (this.#state >= LITERAL_STATES) {
      let matched = this.#byteBack(this.#reps[0]);
      do {
        const expected = (matched >> 7) & 1;
        matched <<= 1;
        const bit = this.#bit(this.#literals, base + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (bit !== expected) break;
      } while (symbol < 0x100);
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(this.#literals, base + symbol);
    this.output[this.position++] = symbol & 0xff;
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  #match(positionState: number, end: number): void {
    const state = this.#state;
    let length: number;
    if (this.#bit(this.#isRep, state) === 0) {
      length = this.#length(this.#matchLengths, positionState);
      this.#state = state < LITERAL_STATES ? 7 : 10;
      this.#reps = [this.#distance(length), this.#reps[0], this.#reps[1], this.#reps[2]];
    } else if (this.#isShortRep(positionState)) {
      this.#state = state < LITERAL_STATES ? 9 : 11;
      length = 1 - MIN_MATCH;
    } else {
      length = this.#length(this.#repLengths, positionState);
      this.#state = state < LITERAL_STATES ? 8 : 11;
    }
    this.#copy(length + MIN_MATCH, end);
  }

  /** Brings the distance meant to the front. True when a single byte is repeated. */
  #isShortRep(positionState: number): boolean {
    const state = this.#state;
    const [a, b, c, d] = this.#reps;
    if (this.#bit(this.#isRep0, state) === 0) {
      return this.#bit(this.#isRep0Long, state * MAX_POSITION_STATES + positionState) === 0;
    }
    if (this.#bit(this.#isRep1, state) === 0) this.#reps = [b, a, c, d];
    else if (this.#bit(this.#isRep2, state) === 0) this.#reps = [c, a, b, d];
    else this.#reps = [d, a, b, c];
    return false;
  }

  #copy(length: number, end: number): void {
    const [distance] = this.#reps;
    // The end mark (distance 2^32 - 1) before the end is as wrong as a distance before the beginning.
    if (distance >= this.position || this.position + length > end) fail();
    for (let count = 0; count < length; count += 1) {
      this.output[this.position] = this.output[this.position - distance - 1] ?? 0;
      this.position += 1;
    }
  }

  #byteBack(distance: number): number {
    return this.output[this.position - distance - 1] ?? fail();
  }

  #length(model: LengthModel, positionState: number): number {
    if (this.#bit(model.choice, 0) === 0) return this.#tree(model.low[positionState] ?? fail(), 3);
    if (this.#bit(model.choice, 1) === 0) return 8 + this.#tree(model.mid[positionState] ?? fail(), 3);
    return 16 + this.#tree(model.high, 8);
  }

  #distance(length: number): number {
    const slot = this.#tree(this.#slots[Math.min(length, LENGTH_STATES - 1)] ?? fail(), 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < END_POSITION_MODEL) return base + this.#reverseTree(this.#distances, base - slot, bits);
    let direct = 0;
    for (let count = bits - ALIGN_BITS; count > 0; count -= 1) direct = direct * 2 + this.#directBit();
    return base + direct * (1 << ALIGN_BITS) + this.#reverseTree(this.#align, 0, ALIGN_BITS);
  }

  #tree(model: Uint16Array, bits: number): number {
    let symbol = 1;
    for (let count = 0; count < bits; count += 1) symbol = (symbol << 1) | this.#bit(model, symbol);
    return symbol - (1 << bits);
  }

  #reverseTree(model: Uint16Array, offset: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let count = 0; count < bits; count += 1) {
      const bit = this.#bit(model, offset + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << count;
    }
    return value;
  }

  #bit(model: Uint16Array, index: number): number {
    const probability = model[index] ?? fail();
    const bound = (this.#range >>> PROBABILITY_BITS) * probability;
    const isZero = this.#code < bound;
    if (isZero) {
      this.#range = bound;
      model[index] = probability + (((1 << PROBABILITY_BITS) - probability) >> MOVE_BITS);
    } else {
      this.#range -= bound;
      this.#code -= bound;
      model[index] = probability - (probability >> MOVE_BITS);
    }
    this.#normalize();
    return isZero ? 0 : 1;
  }

  #directBit(): number {
    this.#range = this.#range >>> 1;
    const isOne = this.#code >= this.#range;
    if (isOne) this.#code -= this.#range;
    this.#normalize();
    return isOne ? 1 : 0;
  }

  #normalize(): void {
    if (this.#range >= TOP) return;
    // A little beyond the end is read as zeros, as the last symbol may need it; more is damage.
    if (this.#at > this.#input.length + 4) fail();
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | (this.#input[this.#at++] ?? 0)) >>> 0;
  }
}

class LengthModel {
  readonly choice = new Uint16Array(2);
  readonly low = Array.from({ length: MAX_POSITION_STATES }, () => new Uint16Array(8));
  readonly mid = Array.from({ length: MAX_POSITION_STATES }, () => new Uint16Array(8));
  readonly high = new Uint16Array(256);

  reset(): void {
    for (const model of [this.choice, ...this.low, ...this.mid, this.high]) model.fill(HALF);
  }
}

function fail(): never {
  throw unsupported('The packed header of the 7z archive is damaged.');
}
