import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpstreamError, type ByteRange, type OpenOptions } from '../../../backend/content/index.js';
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
    new SubtitleExtractor({ clock: systemClock, holdMs: 60_000, ...options });
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

  it('bytes that cannot be had - are the reason, told again for ten minutes without a look; half a text is not kept', async () => {
    let isBroken = true;
    const beforeChunk = (position: number): void => {
      if (isBroken && position >= 128 * 1024) throw new UpstreamError('gone', 'PROVIDER_UNREACHABLE');
    };
    const clock = new ManualClock();
    const extractor = extractorOf({ clock });
    const file = await film({ beforeChunk });
    expect(await codeOf(extractor.extract(file, 2, { signal }))).toBe('PROVIDER_UNREACHABLE');
    isBroken = false;
    expect(await codeOf(extractor.extract(file, 2, { signal }))).toBe('PROVIDER_UNREACHABLE');
    expect(file.readers).toHaveLength(1);
    await clock.advance(10 * 60e3);
    expect(await extractor.extract(file, 2, { signal })).toBe(webVtt);
  });

  it('bytes that do not come - are waited for no longer than ten minutes', async () => {
    const clock = new ManualClock();
    const file = await film({ beforeChunk: (_position, ended) => untilAborted(ended) });
    const extractor = extractorOf({ clock });
    const code = codeOf(extractor.extract(file, 2, { signal }));
    await until('it reads', () => file.openReaders === 1);
    await clock.advance(60_000);
    expect(await code).toBe('BUSY');
    await clock.advance(9 * 60e3);
    await until('nobody reads', () => file.openReaders === 0);
    await until('it is told', async () => (await codeOf(extractor.extract(file, 2, { signal }))) === 'TIMEOUT');
    expect([file.readers.length, clock.pending]).toEqual([1, 0]);
  });

  it('a film that takes long to read - nobody is held for it, and whoever asks later has its text at once', async () => {
    const clock = new ManualClock();
    let letGo = (): void => undefined;
    const slow = new Promise<void>((resolve) => (letGo = resolve));
    const file = await film({ beforeChunk: () => slow });
    const extractor = extractorOf({ clock });
    const viewer = new AbortController();
    const left = extractor.extract(file, 2, { signal: viewer.signal }).catch((error: unknown) => error);
    const [held, other] = [1, 2].map(() => codeOf(extractor.extract(file, 2, { signal })));
    await until('it reads', () => file.openReaders === 1);
    viewer.abort(new Error('left'));
    expect(await left).toMatchObject({ message: 'left' });
    await clock.advance(60_000);
    expect([await held, await other]).toEqual(['BUSY', 'BUSY']);
    letGo();
    expect(await extractor.extract(file, 2, { signal })).toBe(webVtt);
    expect(await extractor.extract(file, 2, { signal })).toBe(webVtt);
    expect(file.readers.map(({ range }) => range)).toEqual([{ start: 0, end: file.sizeBytes }]);
  });

  it('reading - stands behind everything else', async () => {
    const file = await film();
    const priorities: unknown[] = [];
    const watched = {
      ...{ id: file.id, name: file.name, sizeBytes: file.sizeBytes, modifiedAt: file.modifiedAt },
      open: (range: ByteRange, options: OpenOptions) => {
        priorities.push(options.priority);
        return file.open(range, options);
      },
    };
    expect(await extractorOf().extract(watched, 2, { signal })).toBe(webVtt);
    expect(priorities).toEqual(['background']);
  });

  it('the end of the server - stops the program and the reading, and is no failure of the file', async () => {
    const extractor = extractorOf();
    const file = await film({ beforeChunk: (_position, ended) => untilAborted(ended) });
    const ended = codeOf(extractor.extract(file, 2, { signal }));
    await until('it reads', () => file.openReaders === 1);
    await extractor.close();
    expect([await ended, await codeOf(extractor.extract(file, 2, { signal }))]).toEqual(['CLOSED', 'CLOSED']);
    await until('nobody reads', () => file.openReaders === 0);
  });

  it('tracks when full - are told to come again; those under way may be joined', async () => {
    const extractor = extractorOf();
    const file = await film({ beforeChunk: (_position, ended) => untilAborted(ended) });
    const ask = (index: number): Promise<unknown> => codeOf(extractor.extract(file, index, { signal }));
    const waiting = [...Array.from({ length: 8 }, (_, index) => ask(index)), ask(0), ask(7)];
    expect(await ask(8)).toBe('BUSY');
    await extractor.close();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['CLOSED']));
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
