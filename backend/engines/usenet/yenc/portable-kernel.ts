// The kernel that runs everywhere: plain TypeScript. Runs of ordinary bytes take a tight loop, whatever lies around line
// ends goes through the states one byte at a time.

import { crc32 } from './crc32.js';
import type { YencKernel, YencRun, YencState } from './kernel.js';

const [LF, CR, DOT, EQUALS, SMALL_Y] = [0x0a, 0x0d, 0x2e, 0x3d, 0x79] as const;
const SHIFT = 42;
const ESCAPED_SHIFT = 42 + 64;
const [LINE_START, ESCAPE, AFTER_CR, PLAIN, DOT_START, DOT_CR, LINE_START_ESCAPE] = [0, 1, 2, 3, 4, 5, 6] as const;

/** One comparison that nearly always goes the same way: compared in order of frequency, bytes would mislead the processor. */
const IS_DATA = Uint8Array.from({ length: 256 }, (_, byte) => (byte === EQUALS || byte === CR || byte === LF ? 0 : 1));

export const portableKernel: YencKernel = { name: 'portable', decode: decodeAside, crc32 };

/**
 * A slot is paged memory, over which JavaScript goes byte by byte at half the speed: the bytes are made aside and copied in
 * one go. One place for all, because nothing happens between the two.
 */
const ASIDE = new Uint8Array(64 * 1024);

function decodeAside(source: Uint8Array, target: Uint8Array, from: YencState): YencRun {
  if (source.length > ASIDE.length) return decode(source, target, from);
  const run = decode(source, ASIDE, from);
  target.set(ASIDE.subarray(0, run.written));
  return run;
}

function decode(source: Uint8Array, target: Uint8Array, from: YencState): YencRun {
  let state = from;
  let at = 0;
  let written = 0;
  while (at < source.length) {
    if (state === PLAIN) {
      const skipped = runOn(source, at, target, written);
      at += skipped.read;
      written += skipped.written;
      if (at >= source.length) break;
    }
    const byte = source[at]!;
    at += 1;
    if (state === LINE_START_ESCAPE && byte === SMALL_Y)
      return { read: at, written, end: 'control', state: LINE_START };
    if (state === DOT_CR && byte === LF) return { read: at, written, end: 'article', state: LINE_START };
    if (state === ESCAPE || state === LINE_START_ESCAPE) {
      target[written] = byte - ESCAPED_SHIFT;
      written += 1;
    } else if (IS_DATA[byte] === 1 && !(state === LINE_START && byte === DOT)) {
      target[written] = byte - SHIFT;
      written += 1;
    }
    state = stateAfter(byte, state);
  }
  return { read: source.length, written, end: 'none', state };
}

/** After an escaped CR a line end may still follow: a CR that stands there unescaped by mistake. */
function stateAfter(byte: number, before: YencState): YencState {
  const isEscaped = before === ESCAPE || before === LINE_START_ESCAPE;
  if (byte === CR) return before === DOT_START ? DOT_CR : AFTER_CR;
  if (isEscaped) return PLAIN;
  if (byte === LF) return before === AFTER_CR ? LINE_START : PLAIN;
  if (byte === EQUALS) return before === LINE_START || before === DOT_START ? LINE_START_ESCAPE : ESCAPE;
  return byte === DOT && before === LINE_START ? DOT_START : PLAIN;
}

/** Decodes from the middle of a line on, over ends of lines after which nothing special stands; stops before what is special. */
function runOn(
  source: Uint8Array,
  start: number,
  target: Uint8Array,
  place: number,
): { read: number; written: number } {
  const end = source.length;
  let at = start;
  let out = place;
  while (at < end) {
    const byte = source[at]!;
    if (IS_DATA[byte] === 1) {
      target[out] = byte - SHIFT;
      out += 1;
      at += 1;
    } else if (byte === EQUALS) {
      if (at + 1 >= end || source[at + 1] === CR) break;
      target[out] = source[at + 1]! - ESCAPED_SHIFT;
      out += 1;
      at += 2;
    } else if (byte === CR) {
      if (at + 2 >= end || source[at + 1] !== LF) break;
      const next = source[at + 2]!;
      if (next === DOT || next === EQUALS || next === CR) break;
      at += 2;
    } else {
      at += 1;
    }
  }
  return { read: at - start, written: out - place };
}
