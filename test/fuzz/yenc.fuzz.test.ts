// Whatever a server sends as the body of an article: both kernels make the same of it however it is cut, stay in step, and
// answer with the article or an error with a code.

import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HeadstartError } from '../../backend/content/index.js';
import { ArticleDecoder } from '../../backend/engines/usenet/yenc/article-decoder.js';
import { crc32 } from '../../backend/engines/usenet/yenc/crc32.js';
import type { YencKernel, YencState } from '../../backend/engines/usenet/yenc/kernel.js';
import { loadYencKernel } from '../../backend/engines/usenet/yenc/load-kernel.js';
import { portableKernel } from '../../backend/engines/usenet/yenc/portable-kernel.js';
import { articleText } from '../support/article-text.js';
import { startProcessorTime } from '../support/processor-time.js';

/** Generous: it catches loops and explosions, not slow machines. */
const BOUND_MS = 2_000;
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 2_000);
const MAX_BYTES = 8 * 1024 * 1024;

/** Mostly the bytes that mean something. */
const wire = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom('\r', '\n', '\r\n', '.', '=', 'y', '\r\n.', '\r\n=y', '\r\n.\r\n', '=\r'),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom('begin line=1 size=3 name=a', '=ybegin part=1 line=9 size=9 name=b\r\n'),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom('=ypart begin=1 end=9\r\n', '=yend size=3', 'begin 644 a\r\n', 'end', '`\r\n'),
      },
      { weight: 4, arbitrary: fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('latin1')) },
    ),
    { maxLength: 60 },
  )
  .map((parts) => Buffer.from(parts.join(''), 'latin1'));

const cuts = fc.array(fc.nat({ max: 999 }), { maxLength: 6 });

function pieces(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => Math.floor((place * bytes.length) / 1000)), bytes.length].sort(
    (a, b) => a - b,
  );
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

function decodeArticle(kernel: YencKernel, chunks: readonly Uint8Array[], sizeHint: number): unknown {
  const allocate = (size: number): Uint8Array => {
    expect(size).toBeLessThanOrEqual(MAX_BYTES);
    return new Uint8Array(size);
  };
  const decoder = new ArticleDecoder({ kernel, allocate, sizeHint });
  let used = 0;
  for (const chunk of chunks) if (!decoder.isDone) used += decoder.push(chunk);
  const told = { used, isDone: decoder.isDone };
  try {
    const article = decoder.finish();
    expect(article.crc32).toBe(crc32(article.bytes, 0));
    return { ...told, part: article.part, bytes: Buffer.from(article.bytes).toString('hex') };
  } catch (error) {
    if (!(error instanceof HeadstartError)) throw error;
    return { ...told, code: error.code };
  }
}

/** All data that comes out, and where the first end is. */
function decodeRaw(kernel: YencKernel, chunks: readonly Uint8Array[], from: YencState): unknown {
  let state = from;
  let used = 0;
  const data: Uint8Array[] = [];
  for (const chunk of chunks) {
    const target = new Uint8Array(chunk.length);
    const run = kernel.decode(chunk, target, state);
    data.push(target.subarray(0, run.written));
    used += run.read;
    state = run.state;
    if (run.end !== 'none') return { end: run.end, used, data: Buffer.concat(data).toString('hex') };
  }
  return { end: 'none', used, data: Buffer.concat(data).toString('hex') };
}

describe('article decoders', () => {
  let native: YencKernel;

  beforeAll(async () => {
    native = await loadYencKernel();
    expect(native.name).toBe('native');
  });

  it('yEnc kernels - make the same of any bytes however they are cut', () => {
    const state = fc.constantFrom<YencState>(0, 1, 2, 3, 4, 5, 6);
    fc.assert(
      fc.property(wire, cuts, state, (bytes, places, from) => {
        const expected = decodeRaw(portableKernel, [bytes], from);
        expect(decodeRaw(portableKernel, pieces(bytes, places), from)).toEqual(expected);
        expect(decodeRaw(native, [bytes], from)).toEqual(expected);
        expect(decodeRaw(native, pieces(bytes, places), from)).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
  });

  it('yEnc kernels - compute the same checksum of any bytes however they are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), cuts, (bytes, places) => {
        const inPieces = (kernel: YencKernel): number =>
          pieces(bytes, places).reduce((crc, piece) => kernel.crc32(piece, crc), 0);
        expect(inPieces(native)).toBe(inPieces(portableKernel));
        expect(inPieces(portableKernel)).toBe(crc32(bytes, 0));
      }),
      { numRuns: RUNS },
    );
  });

  it('article decoder - answers any body with the same article or error however it is cut', () => {
    const head = fc.constantFrom(
      '',
      '=ybegin line=128 size=3 name=a\r\n',
      'begin 644 a\r\n',
      '=ybegin part=1 line=9 size=1e9 name=a\r\n',
    );
    fc.assert(
      fc.property(head, wire, cuts, fc.constantFrom(0, 70, 1e15, -1, NaN), (start, bytes, places, sizeHint) => {
        const workMs = startProcessorTime();
        const body = Buffer.concat([Buffer.from(start), bytes, Buffer.from('\r\n.\r\n')]);
        const expected = decodeArticle(portableKernel, [body], sizeHint);
        expect(expected).toMatchObject({ isDone: true });
        expect(decodeArticle(portableKernel, pieces(body, places), sizeHint)).toEqual(expected);
        expect(decodeArticle(native, pieces(body, places), sizeHint)).toEqual(expected);
        expect(workMs()).toBeLessThan(BOUND_MS);
      }),
      { numRuns: RUNS / 4 },
    );
  });

  it('article decoder - gives back any data that was posted', () => {
    const data = fc.uint8Array({ maxLength: 2_000 });
    fc.assert(
      fc.property(data, fc.integer({ min: 1, max: 300 }), cuts, (posted, lineLength, places) => {
        const text = articleText({ data: posted, lineLength });
        const expected = { used: text.length, isDone: true, bytes: Buffer.from(posted).toString('hex') };
        expect(decodeArticle(native, pieces(text, places), 0)).toMatchObject(expected);
        expect(decodeArticle(portableKernel, pieces(text, places), 0)).toMatchObject(expected);
      }),
      { numRuns: RUNS / 4 },
    );
  });
});
