// The compiled kernel: `yencode` (SIMD), in our words. Loading it is another file's matter.

import type yencode from 'yencode';
import type { YencKernel, YencRun, YencState } from './kernel.js';

/** The package. */
export type Yencode = typeof yencode;

/** The package names states by the characters that led to them, in the order of `YencState`. */
const STATE_TEXTS = ['\r\n', '=', '\r', '', '\r\n.', '\r\n.\r', '\r\n='] as const;
const STATES = new Map<string, YencState>(STATE_TEXTS.map((text, index) => [text, index as YencState]));
const ARTICLE_END = '\r\n.\r\n';

/** Wraps the package. */
export function nativeKernel(addon: Yencode): YencKernel {
  return { name: 'native', decode: (source, target, state) => decode(addon, source, target, state), crc32 };

  function crc32(bytes: Uint8Array, previous: number): number {
    if (bytes.length === 0) return previous;
    const seed = Uint8Array.of(previous >>> 24, previous >>> 16, previous >>> 8, previous);
    const [a = 0, b = 0, c = 0, d = 0] = addon.crc32(bytes, seed);
    return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  }
}

function decode(addon: Yencode, source: Uint8Array, target: Uint8Array, state: YencState): YencRun {
  if (source.length === 0) return { read: 0, written: 0, end: 'none', state };
  // The package tells an output from a state by asking whether it is a Buffer.
  const output = Buffer.from(target.buffer, target.byteOffset, target.byteLength);
  const run = addon.decodeChunk(source, output, STATE_TEXTS[state]);
  const { read, written } = run;
  if (!run.ended) return { read, written, end: 'none', state: STATES.get(run.state) ?? 3 };
  return { read, written, end: run.state === ARTICLE_END ? 'article' : 'control', state: 0 };
}
