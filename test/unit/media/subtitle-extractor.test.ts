import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpstreamError } from '../../../backend/content/index.js';
import { MediaProbe, readKeptMedia, SubtitleExtractor } from '../../../backend/media/index.js';
import { systemClock, type Clock } from '../../../backend/platform/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { clip } from '../../support/media.js';
import { MemoryMediaFile, untilAborted, type MemoryMediaFileOptions } from '../../support/memory-media-file.js';
import { NotedLog } from '../../support/noted-log.js';
import { pseudoRandomBytes } from '../../support/pseudo-random.js';
import { until } from '../../support/until.js';

const subtitles =
  '1\n00:00:01,000 --> 00:00:02,500\n<i>Good evening</i>\n\n2\n00:00:04,000 --> 00:00:05,000\nThe tide is in\n';
/** In the file's own time: its sound begins a little before its picture. */
const webVtt = 'WEBVTT\n\n00:01.023 --> 00:02.523\n<i>Good evening</i>\n\n00:04.023 --> 00:05.023\nThe tide is in\n';
const { signal } = new AbortController();

describe('subtitle extractor', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headstart-extractor-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const extractorOf = (options: { program?: string; clock?: Clock } = {}): SubtitleExtractor =>
    new SubtitleExtractor({ clock: systemClock, ...options });
  const film = async (options?: MemoryMediaFileOptions): Promise<MemoryMediaFile> =>
    new MemoryMediaFile(
      await readFile(await clip({ container: 'mkv', seconds: 6, kilobitsPerSecond: 400, subtitles })),
      options,
    );
  /** A program in the place of ffmpeg. */
  const program = async (lines: string): Promise<string> => {
    const path = join(folder, 'program');
    await writeFile(path, `#!/bin/sh\n${lines}\n`);
    await chmod(path, 0o755);
    return path;
  };
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => null,
      (error: unknown) => (error as { code?: string }).code ?? error,
    );

  it('a text track - is found by the probe and comes out as WebVTT, read once however often it is asked for', async () => {
    const file = await film();
    const facts = await new MediaProbe({ folder, clock: systemClock, log: new NotedLog() }).probe(file, { signal });
    const [track, ...others] = readKeptMedia(facts).textTracks;
    expect([track, others]).toEqual([{ index: 2, language: 'eng' }, []]);
    const extractor = extractorOf();
    const before = file.readers.length;
    const texts = await Promise.all([1, 2, 3].map(() => extractor.extract(file, 2, { signal })));
    expect(texts).toEqual([webVtt, webVtt, webVtt]);
    expect(file.readers.length - before).toBe(1);
    await until('nobody reads', () => file.openReaders === 0);
  });

  it.each([
    ['a track that is no text', 0, null],
    ['a track that is not there', 9, null],
    ['noise', 2, pseudoRandomBytes('noise', 200_000)],
    ['a playlist', 2, Buffer.from('#EXTM3U\n#EXTINF:5,\n/etc/passwd\n')],
  ])('%s - cannot be read', async (_what, index, bytes) => {
    const file = bytes === null ? await film() : new MemoryMediaFile(bytes);
    expect(await codeOf(extractorOf().extract(file, index, { signal }))).toBe('CORRUPT');
    await until('nobody reads', () => file.openReaders === 0);
  });

  it('bytes that cannot be had - are the reason, and half a text is not kept', async () => {
    let isBroken = true;
    const beforeChunk = (position: number): void => {
      if (isBroken && position >= 128 * 1024) throw new UpstreamError('gone', 'PROVIDER_UNREACHABLE');
    };
    const extractor = extractorOf();
    const file = await film({ beforeChunk });
    expect(await codeOf(extractor.extract(file, 2, { signal }))).toBe('PROVIDER_UNREACHABLE');
    isBroken = false;
    expect(await extractor.extract(file, 2, { signal })).toBe(webVtt);
  });

  it('bytes that do not come - are waited for no longer than 30 s', async () => {
    const clock = new ManualClock();
    const file = await film({ beforeChunk: (_position, ended) => untilAborted(ended) });
    const code = codeOf(extractorOf({ clock }).extract(file, 2, { signal }));
    await until('it reads', () => file.openReaders === 1);
    await clock.advance(30_000);
    expect(await code).toBe('TIMEOUT');
    expect(clock.pending).toBe(0);
    await until('nobody reads', () => file.openReaders === 0);
  });

  it('whoever leaves, and the end of the server - stop the program and the reading', async () => {
    const extractor = extractorOf();
    const viewer = new AbortController();
    const file = await film({ beforeChunk: (_position, ended) => untilAborted(ended) });
    const left = extractor.extract(file, 2, { signal: viewer.signal }).catch((error: unknown) => error);
    await until('it reads', () => file.openReaders === 1);
    viewer.abort(new Error('left'));
    expect(await left).toMatchObject({ message: 'left' });
    const ended = codeOf(extractor.extract(file, 2, { signal }));
    await until('it reads again', () => file.readers.length === 2);
    await extractor.close();
    expect(await ended).not.toBeNull();
    await until('nobody reads', () => file.openReaders === 0);
  });

  it('requests when full - are told to come again', async () => {
    const extractor = extractorOf();
    const file = await film({ beforeChunk: (_position, ended) => untilAborted(ended) });
    const waiting = Array.from({ length: 8 }, (_, index) => codeOf(extractor.extract(file, index, { signal })));
    expect(await codeOf(extractor.extract(file, 2, { signal }))).toBe('BUSY');
    await extractor.close();
    expect(await Promise.all(waiting)).not.toContain(null);
  });

  it.each([
    ['prints without end', 'exec yes'],
    ['dies', 'kill -SEGV $$'],
    ['reads nothing and says no', 'exit 1'],
  ])('a program that %s - tells nothing', async (_what, lines) => {
    const file = await film();
    expect(await codeOf(extractorOf({ program: await program(lines) }).extract(file, 2, { signal }))).toBe('CORRUPT');
    await until('nobody reads', () => file.openReaders === 0);
  });

  it('without the program - nothing is available', async () => {
    const missing = extractorOf({ program: join(folder, 'missing') });
    expect(await missing.isAvailable()).toBe(false);
    expect(await codeOf(missing.extract(await film(), 2, { signal }))).toBe('NOT_FOUND');
    expect(await extractorOf().isAvailable()).toBe(true);
  });
});
