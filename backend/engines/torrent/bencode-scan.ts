// Walks bencoded bytes without building anything, so that hostile input (deep nesting, lying lengths, millions of items)
// is refused before the decoder recurses into it, and finds where each value of a dictionary lies. Knows no torrents.

import bencode from 'bencode';
import type { ByteRange } from '../../content/index.js';
import { InputError } from '../../content/index.js';

/** Lists and dictionaries inside each other; file trees of hybrids nest two per folder. */
const MAX_DEPTH = 128;
/** Strings, numbers, lists and dictionaries in all; 100,000 files of a hybrid need fewer. */
const MAX_ITEMS = 2_000_000;

const [LIST, DICTIONARY, INTEGER, END, COLON, MINUS, ZERO, NINE] = [0x6c, 0x64, 0x69, 0x65, 0x3a, 0x2d, 0x30, 0x39];

/** What the innermost open container expects next: a list its items, a dictionary a key or the value of one. */
type Expected = 'item' | 'key' | 'value';

/**
 * Checks the bencoded dictionary (BEP 3) at the start of `bytes` and answers where its values lie, by key, and where it
 * ends (what follows is ignored). Everything inside is checked too: a value so found can be given to `decodeAt`.
 * @throws {InputError} when it is no dictionary, broken, too deep, too large, or names a key twice.
 */
export function scanDictionary(bytes: Uint8Array): { values: ReadonlyMap<string, ByteRange>; end: number } {
  const scanner = new Scanner(bytes);
  const values = scanner.dictionary();
  return { values, end: scanner.position };
}

/** Decodes one value that `scanDictionary` found in the same bytes; strings become `Uint8Array`. */
export function decodeAt(bytes: Uint8Array, range: ByteRange): unknown {
  return bencode.decode(bytes.subarray(range.start, range.end));
}

/**
 * The bytes of a string that `scanDictionary` found, as a view; null when that value is not a string.
 */
export function stringAt(bytes: Uint8Array, range: ByteRange): Uint8Array | null {
  const colon = bytes.subarray(range.start, Math.min(range.end, range.start + 12)).indexOf(COLON);
  const first = bytes[range.start] ?? END;
  return colon < 0 || first < ZERO || first > NINE ? null : bytes.subarray(range.start + colon + 1, range.end);
}

class Scanner {
  position = 0;
  private itemCount = 0;

  constructor(private readonly bytes: Uint8Array) {}

  dictionary(): Map<string, ByteRange> {
    if (this.bytes[0] !== DICTIONARY) throw broken('it does not begin with a dictionary');
    this.position = 1;
    const values = new Map<string, ByteRange>();
    while (this.bytes[this.position] !== END) {
      const key = new TextDecoder('latin1').decode(this.string());
      if (values.has(key)) throw broken('a key appears twice');
      const start = this.position;
      this.value();
      values.set(key, { start, end: this.position });
    }
    this.position += 1;
    return values;
  }

  /** Steps over one value of any kind; its own stack keeps depth off the call stack. */
  private value(): void {
    const open: Expected[] = [];
    do {
      const expected = open.at(-1);
      const byte = this.bytes[this.position];
      if (byte === END && (expected === 'item' || expected === 'key')) {
        this.position += 1;
        open.pop();
      } else if (expected === 'key') {
        this.key();
        open[open.length - 1] = 'value';
        continue;
      } else if (byte === LIST || byte === DICTIONARY) {
        if (open.length >= MAX_DEPTH) throw broken('it is nested too deeply');
        this.countItem();
        this.position += 1;
        if (expected === 'value') open[open.length - 1] = 'key';
        open.push(byte === LIST ? 'item' : 'key');
        continue;
      } else if (byte === INTEGER) {
        this.integer();
      } else {
        this.string();
      }
      if (open.at(-1) === 'value') open[open.length - 1] = 'key';
    } while (open.length > 0);
  }

  /** A dictionary's key; the decoder builds plain objects, whose prototype no key may replace. */
  private key(): void {
    const key = this.string();
    if (key.length === 9 && new TextDecoder('latin1').decode(key) === '__proto__') throw broken('a key is not allowed');
  }

  private integer(): void {
    this.countItem();
    let at = this.position + 1;
    if (this.bytes[at] === MINUS) at += 1;
    const end = this.digits(at, 19);
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
    if (at === start)
      throw broken(at >= this.bytes.length ? 'it ends too early' : 'something else than a value stands there');
    return at;
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
