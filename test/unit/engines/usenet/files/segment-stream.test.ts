import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HoleLedger } from '../../../../../backend/engines/usenet/files/hole-ledger.js';
import type { PostedFile } from '../../../../../backend/engines/usenet/files/posted-file.js';
import { readSegments } from '../../../../../backend/engines/usenet/files/segment-stream.js';
import type { SegmentStreamOptions } from '../../../../../backend/engines/usenet/files/segment-stream.js';
import { evenParts, MemoryArticles, post } from '../../../../support/posted-files.js';

const bytesOf = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 255);

function plain(file: PostedFile): SegmentStreamOptions['sliceAt'] {
  return async (offset) => ({ file, range: { start: offset, end: file.sizeBytes }, confirm: null });
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of stream) parts.push(chunk.slice());
  return Buffer.concat(parts);
}

function read(
  file: PostedFile,
  start: number,
  end: number,
  more: Partial<SegmentStreamOptions> = {},
): AsyncIterable<Uint8Array> {
  const { signal } = new AbortController();
  return readSegments({
    sliceAt: plain(file),
    range: { start, end },
    priority: 'play',
    signal,
    windowLimit: () => 8_000,
    ...more,
  });
}

describe('readSegments', () => {
  it('any range of any cut - gives the bytes of the file and lets every article go', async () => {
    const cut = fc.oneof(
      fc.integer({ min: 300, max: 3000 }).map((size) => evenParts(20_000, size)),
      fc.array(fc.integer({ min: 300, max: 3000 }), { minLength: 12, maxLength: 30 }),
    );
    await fc.assert(
      fc.asyncProperty(cut, fc.nat(), fc.nat(), async (parts, a, b) => {
        const total = parts.reduce((sum, size) => sum + size, 0);
        const bytes = bytesOf(total);
        const articles = new MemoryArticles();
        const file = post(articles, bytes, { parts });
        await file.learnFirst({ signal: new AbortController().signal });
        const [start = 0, end = 0] = [a % total, b % total].sort((one, other) => one - other);
        expect(Buffer.compare(await collect(read(file, start, end + 1)), bytes.subarray(start, end + 1))).toBe(0);
        expect(articles.held).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it('a cold file in the middle - takes the first article and the one that is read', async () => {
    const articles = new MemoryArticles();
    const bytes = bytesOf(50_000);
    const file = post(articles, bytes);
    expect(Buffer.compare(await collect(read(file, 30_100, 30_200)), bytes.subarray(30_100, 30_200))).toBe(0);
    expect(articles.asked).toEqual(['film.mkv/0', 'film.mkv/30']);
  });

  it('a small range - asks for nothing beyond it', async () => {
    const articles = new MemoryArticles();
    const file = post(articles, bytesOf(50_000), { partBytesHint: () => 1000 });
    await collect(read(file, 500, 1500));
    expect(articles.asked).toEqual(['film.mkv/0', 'film.mkv/1']);
  });

  it('a reader that leaves after the first bytes - has not pulled the window', async () => {
    const articles = new MemoryArticles();
    const file = post(articles, bytesOf(100_000), { partBytesHint: () => 1000 });
    for await (const chunk of read(file, 0, 100_000)) {
      expect(chunk.length).toBe(1000);
      break;
    }
    expect(articles.asked.length).toBeLessThanOrEqual(4);
    expect(articles.held).toBe(0);
  });

  it('a reader that stays - never has more than its window, what is in its hands included', async () => {
    const articles = new MemoryArticles();
    const file = post(articles, bytesOf(100_000), { partBytesHint: () => 1000 });
    let taken = 0;
    for await (const chunk of read(file, 0, 100_000)) {
      taken += chunk.length;
      expect(articles.held * 1000).toBeLessThanOrEqual(8_000);
      expect(articles.asked.length * 1000 - (taken - chunk.length)).toBeLessThanOrEqual(8_000);
    }
    expect(taken).toBe(100_000);
  });

  it('what is under the reader - is more urgent than what lies ahead', async () => {
    const articles = new MemoryArticles();
    const file = post(articles, bytesOf(10_000), { partBytesHint: () => 1000 });
    const stream = read(file, 0, 10_000)[Symbol.asyncIterator]();
    await stream.next();
    await stream.next();
    const ranks = ['film.mkv/2', 'film.mkv/3'].map((id) => articles.demands.get(id)?.urgency());
    expect(ranks).toEqual([
      { rank: 'play', distance: 0 },
      { rank: 'ahead', distance: 1 },
    ]);
    await stream.return?.();
    expect(articles.held).toBe(0);
  });

  it('a missing article - is a hole of zeros where holes may be played', async () => {
    const articles = new MemoryArticles();
    const bytes = bytesOf(100_000);
    const file = post(articles, bytes);
    await file.learnFirst({ signal: new AbortController().signal });
    articles.missing.add('film.mkv/7');
    const holes = new HoleLedger(100_000, true);
    const expected = bytes.slice();
    expected.fill(0, 7_000, 8_000);
    expect(Buffer.compare(await collect(read(file, 0, 100_000, { holes })), expected)).toBe(0);
    expect(holes.damage).toEqual({ holes: 1, bytes: 1000 });
  });

  it('a missing article - ends the stream where they may not', async () => {
    const articles = new MemoryArticles();
    const file = post(articles, bytesOf(100_000));
    articles.missing.add('film.mkv/7');
    await expect(collect(read(file, 0, 100_000))).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
    expect(articles.held).toBe(0);
  });

  it('an article that says it lies elsewhere - is as good as missing', async () => {
    const articles = new MemoryArticles();
    const file = post(articles, bytesOf(10_000));
    await file.learnFirst({ signal: new AbortController().signal });
    const { bytes, part } = articles.articles.get('film.mkv/4')!;
    articles.articles.set('film.mkv/4', { bytes, part: { ...part, begin: 8_000 } });
    await expect(collect(read(file, 0, 10_000))).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
  });

  it('an abort - ends a wait with the reason and holds nothing', async () => {
    const articles = new MemoryArticles();
    const file = post(articles, bytesOf(10_000), { partBytesHint: () => 1000 });
    let open = (): void => undefined;
    articles.gate = new Promise((resolve) => (open = resolve));
    const ending = new AbortController();
    const reading = collect(read(file, 0, 10_000, { signal: ending.signal }));
    const reason = new Error('gone');
    ending.abort(reason);
    open();
    await expect(reading).rejects.toBe(reason);
    expect(articles.held).toBe(0);
  });

  it('slices of several files - are read through, whatever was assumed of their sizes', async () => {
    const articles = new MemoryArticles();
    const bytes = bytesOf(30_000);
    const files = [0, 1, 2].map((n) =>
      post(articles, bytes.subarray(n * 10_000, (n + 1) * 10_000), {
        name: `v${n}`,
        place: n,
        partBytesHint: () => 1000,
      }),
    );
    const sliceAt: SegmentStreamOptions['sliceAt'] = async (offset) => {
      const at = Math.floor(offset / 9_900);
      const file = files[Math.min(2, at)]!;
      const start = offset - Math.min(2, at) * 9_900;
      return { file, range: { start: start + 100, end: 10_000 }, confirm: null };
    };
    const inner = Buffer.concat([0, 1, 2].map((n) => bytes.subarray(n * 10_000 + 100, (n + 1) * 10_000)));
    const got = await collect(read(files[0]!, 50, 29_650, { sliceAt }));
    expect(Buffer.compare(got, inner.subarray(50, 29_650))).toBe(0);
    expect(articles.held).toBe(0);
  });

  it('a layout that is not confirmed - is asked for again before a byte of it is given', async () => {
    const articles = new MemoryArticles();
    const bytes = bytesOf(20_000);
    const file = post(articles, bytes, { partBytesHint: () => 1000 });
    let shift = 500;
    const sliceAt: SegmentStreamOptions['sliceAt'] = async (offset) => ({
      file,
      range: { start: offset + shift, end: 10_000 + shift },
      confirm: async () => {
        const stood = shift === 0;
        shift = 0;
        return stood;
      },
    });
    expect(Buffer.compare(await collect(read(file, 0, 5_000, { sliceAt })), bytes.subarray(0, 5_000))).toBe(0);
    expect(articles.held).toBe(0);
  });
});
