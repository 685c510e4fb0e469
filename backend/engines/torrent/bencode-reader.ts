// Reads bencoded bytes (BEP 3) as views into them, one container at a time. Nothing is built that nobody asked for, so
// that hostile input (deep nesting, lying lengths, millions of items) costs one pass and no memory; a decoder that makes
// objects of everything takes half a gigabyte for 4 MB of empty strings. Knows no torrents.

import { InputError } from '../../content/index.js';

/** Lists and dictionaries inside each other; file trees of hybrids nest two per folder. */
const MAX_DEPTH = 128;
/** Strings, numbers, lists and dictionaries in all; 100,000 files of a hybrid need fewer. */
const MAX_ITEMS = 2_000_000;
/** Keys of one dictionary that is read (others may have as many as they like). */
const MAX_KEYS = 1_000;

const [LIST, DICTIONARY, INTEGER, END, COLON, MINUS, ZERO, NINE] = [0x6c, 0x64, 0x69, 0x65, 0x3a, 0x2d, 0x30, 0x39];
const LATIN1 = new TextDecoder('latin1');

/** What the innermost open container expects next: a list its items, a dictionary a key or the value of one. */
type Expected = 'item' | 'key' | 'value';

/** One bencoded value, checked to be whole. */
export type Bencoded = Uint8Array;

/**
 * The values, by key, of the dictionary at the start of `bytes`, and where it ends (what follows is ignored). Everything
 * inside is checked at any depth.
 * @throws {InputError} when it is no dictionary, broken, too deep, too large, or names a key twice.
 */
export function readDictionary(bytes: Uint8Array): { values: ReadonlyMap<string, Bencoded>; end: number } {
  const scanner = new Scanner(bytes);
  const values = scanner.dictionary();
  return { values, end: scanner.position };
}

/** The items of a list; null when `value` is none. @throws {InputError} when there are more than `limit`. */
export function readList(value: Bencoded, limit: number): Bencoded[] | null {
  return value[0] === LIST ? new Scanner(value).list(limit) : null;
}

/** The bytes of a string; null when `value` is none. */
export function readString(value: Bencoded): Uint8Array | null {
  const colon = isDigit(value[0]) ? value.subarray(0, 12).indexOf(COLON) : -1;
  return colon < 0 ? null : value.subarray(colon + 1);
}

/** A number; null when `value` is none, or not a safe integer. */
export function readInteger(value: Bencoded): number | null {
  const number = value[0] === INTEGER ? Number(LATIN1.decode(value.subarray(1, -1))) : NaN;
  return Number.isSafeInteger(number) ? number : null;
}

class Scanner {
  position = 0;
  private itemCount = 0;

  constructor(private readonly bytes: Uint8Array) {}

  dictionary(): Map<string, Bencoded> {
    if (this.bytes[0] !== DICTIONARY) throw broken('it does not begin with a dictionary');
    this.position = 1;
    const values = new Map<string, Bencoded>();
    while (this.bytes[this.position] !== END) {
      const key = LATIN1.decode(this.string());
      if (values.has(key)) throw broken('a key appears twice');
      if (values.size >= MAX_KEYS) throw broken('it has too many entries');
      values.set(key, this.value());
    }
    this.position += 1;
    return values;
  }

  list(limit: number): Bencoded[] {
    this.position = 1;
    const items: Bencoded[] = [];
    while (this.bytes[this.position] !== END) {
      if (items.length >= limit) throw broken('it has too many entries');
      items.push(this.value());
    }
    return items;
  }

  /** Steps over one value of any kind; its own stack keeps depth off the call stack. */
  private value(): Bencoded {
    const start = this.position;
    const open: Expected[] = [];
    do this.step(open);
    while (open.length > 0);
    return this.bytes.subarray(start, this.position);
  }

  private step(open: Expected[]): void {
    const expected = open.at(-1);
    const byte = this.bytes[this.position];
    if (byte === END && (expected === 'item' || expected === 'key')) {
      this.position += 1;
      open.pop();
    } else if (expected === 'key') {
      this.string();
      open[open.length - 1] = 'value';
    } else {
      if (expected === 'value') open[open.length - 1] = 'key';
      if (byte === LIST || byte === DICTIONARY) this.enter(open, byte === LIST ? 'item' : 'key');
      else if (byte === INTEGER) this.integer();
      else this.string();
    }
  }

  private enter(open: Expected[], expected: Expected): void {
    if (open.length >= MAX_DEPTH) throw broken('it is nested too deeply');
    this.countItem();
    this.position += 1;
    open.push(expected);
  }

  private integer(): void {
    this.countItem();
    const isNegative = this.bytes[this.position + 1] === MINUS;
    const end = this.digits(this.position + (isNegative ? 2 : 1), 19);
    if (this.bytes[end] !== END) throw broken('a number does not end');
    this.position = end + 1;
  }

  private string(): Uint8Array {
    this.countItem();
    const colon = this.digits(this.position, 9);
    if (this.bytes[colon] !== COLON) throw broken('a string has no length');
    let length = 0;
    for (let at = this.position; at < colon; at += 1) length = length * 10 + (this.bytes[at] ?? ZERO) - ZERO;
    const end = colon + 1 + length;
    if (end > this.bytes.length) throw broken('it ends too early');
    this.position = end;
    return this.bytes.subarray(colon + 1, end);
  }

  /** Where the run of 1 to `limit` digits that begins at `start` ends. */
  private digits(start: number, limit: number): number {
    let at = start;
    while (at - start < limit && isDigit(this.bytes[at])) at += 1;
    if (at > start) return at;
    throw broken(at >= this.bytes.length ? 'it ends too early' : 'something else than a value stands there');
  }

  private countItem(): void {
    this.itemCount += 1;
    if (this.itemCount > MAX_ITEMS) throw broken('it has too many entries');
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function broken(why: string): InputError {
  return new InputError(`This is not a valid torrent: ${why}.`);
}
