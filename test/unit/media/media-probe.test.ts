import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpstreamError } from '../../../backend/content/index.js';
import { MediaProbe } from '../../../backend/media/index.js';
import { systemClock, type Clock } from '../../../backend/platform/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { clip, type ClipRecipe } from '../../support/media.js';
import { MemoryMediaFile, untilAborted, type MemoryMediaFileOptions } from '../../support/memory-media-file.js';
import { NotedLog } from '../../support/noted-log.js';
import { pseudoRandomBytes } from '../../support/pseudo-random.js';
import { until } from '../../support/until.js';

const large: ClipRecipe = { container: 'mkv', seconds: 20, kilobitsPerSecond: 2500 };

describe('media probe', () => {
  let parent = '';
  let folder = '';
  const { signal } = new AbortController();

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'headstart-probe-'));
    folder = join(parent, 'probe');
  });

  afterEach(async () => {
    await rm(parent, { recursive: true, force: true });
  });

  const left = (): Promise<string[]> => readdir(folder).catch(() => []);
  const probeOf = (options: { program?: string; clock?: Clock } = {}): MediaProbe =>
    new MediaProbe({ folder, clock: systemClock, log: new NotedLog(), ...options });
  /** A program in the place of ffprobe. */
  const program = async (lines: string): Promise<string> => {
    const path = join(parent, 'program');
    await writeFile(path, `#!/bin/sh\n[ "$1" = -version ] && exit 0\n${lines}\n`);
    await chmod(path, 0o755);
    return path;
  };
  const running = (): Promise<number> =>
    until('it runs', async () => Number(await readFile(join(parent, 'pid'), 'utf8').catch(() => '')) || null);
  const fileOf = async (recipe: ClipRecipe, options?: MemoryMediaFileOptions): Promise<MemoryMediaFile> =>
    new MemoryMediaFile(await readFile(await clip(recipe)), options);

  it.each([
    [large, 'matroska'],
    [{ container: 'mp4', seconds: 20, kilobitsPerSecond: 2500 }, 'mp4'],
    [{ container: 'mp4', seconds: 3, kilobitsPerSecond: 500, isFastStart: true }, 'mp4'],
    [{ container: 'ts', seconds: 3, kilobitsPerSecond: 500 }, 'mpegts'],
    [{ container: 'avi', seconds: 3, kilobitsPerSecond: 500 }, 'avi'],
  ] as const)('%j - is told from its two ends', async (recipe, container) => {
    const file = await fileOf(recipe);
    const facts = await probeOf().probe(file, { signal });
    expect(facts).toMatchObject({
      container,
      video: { codec: 'h264', width: 320, height: 180, frameRate: 25, hdr: null },
      audio: [{ codec: 'aac', channels: 1 }],
      subtitles: [],
    });
    expect(Math.abs((facts?.durationSeconds ?? 0) - recipe.seconds)).toBeLessThan(1);
    expect(file.pulledBytes).toBeLessThanOrEqual(3_000_000);
    expect(file.openReaders).toBe(0);
    expect(await left()).toEqual([]);
  });

  it('noise, text, playlists and halves - tell nothing', async () => {
    const film = await readFile(await clip(large));
    const probe = probeOf();
    await writeFile(join(parent, 'film.mkv'), film);
    const hostile: readonly (string | Uint8Array)[] = [
      pseudoRandomBytes('noise', 100_000),
      '<html>Not Found</html>',
      `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n${parent}/film.mkv\n`,
      `ffconcat version 1.0\nfile '${parent}/film.mkv'\n`,
      film.subarray(0, 100),
      'x',
    ];
    for (const bytes of hostile) {
      expect(await probe.probe(new MemoryMediaFile(Buffer.from(bytes)), { signal })).toBeNull();
    }
    expect(await left()).toEqual([]);
  });

  it('a film whose bytes are spoiled - neither hangs nor breaks it', async () => {
    const film = await readFile(
      await clip({ container: 'mp4', seconds: 3, kilobitsPerSecond: 500, isFastStart: true }),
    );
    const probe = probeOf();
    for (let round = 0; round < 10; round += 1) {
      const bytes = Uint8Array.from(film);
      bytes.set(pseudoRandomBytes(String(round), 400), 40 + round * 150);
      const facts = await probe.probe(new MemoryMediaFile(bytes), { signal });
      expect(facts === null || facts.container === 'mp4').toBe(true);
    }
  });

  it('a file as large as a disk - takes no room', async () => {
    const file = await fileOf(large, { sizeBytes: 60e9, chunkBytes: 1_000_000 });
    const facts = await probeOf().probe(file, { signal });
    expect(facts === null || facts.container === 'matroska').toBe(true);
    expect(await left()).toEqual([]);
  });

  it('without the program - nothing is told and nothing is read', async () => {
    const file = await fileOf(large);
    expect(await probeOf({ program: join(parent, 'missing') }).probe(file, { signal })).toBeNull();
    expect(file.readers).toEqual([]);
  });

  it('bytes that cannot be had - tell nothing', async () => {
    const beforeChunk = (): never => {
      throw new UpstreamError('gone', 'PROVIDER_UNREACHABLE');
    };
    expect(await probeOf().probe(await fileOf(large, { beforeChunk }), { signal })).toBeNull();
    expect(await left()).toEqual([]);
  });

  it('bytes that do not come - are waited for no longer than a minute', async () => {
    const clock = new ManualClock();
    let isWaiting = false;
    const beforeChunk = (_position: number, reading: AbortSignal): Promise<never> => {
      isWaiting = true;
      return untilAborted(reading);
    };
    const facts = probeOf({ clock }).probe(await fileOf(large, { beforeChunk }), { signal });
    await until('it reads', () => isWaiting);
    await clock.advance(60_000);
    expect(await facts).toBeNull();
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['prints without end', 'exec yes'],
    ['dies', 'kill -SEGV $$'],
    ['prints no JSON', 'echo hello'],
  ])('a program that %s - tells nothing', async (_what, lines) => {
    const probe = probeOf({ program: await program(lines) });
    expect(await probe.probe(await fileOf(large), { signal })).toBeNull();
    expect(await left()).toEqual([]);
  });

  it('a program that hangs - is ended in time', async () => {
    const clock = new ManualClock();
    const probe = probeOf({ clock, program: await program(`echo $$ > ${parent}/pid; exec cat /dev/zero > /dev/null`) });
    const facts = probe.probe(await fileOf(large), { signal });
    const pid = await running();
    await clock.advance(10_000);
    expect(await facts).toBeNull();
    expect(() => process.kill(pid, 0)).toThrow();
  });

  it('abort - ends the program, removes the file, and is told as such', async () => {
    const leaving = new AbortController();
    const probe = probeOf({ program: await program(`echo $$ > ${parent}/pid; exec cat /dev/zero > /dev/null`) });
    const facts = probe.probe(await fileOf(large), { signal: leaving.signal });
    const pid = await running();
    leaving.abort(new Error('enough'));
    await expect(facts).rejects.toThrow('enough');
    expect(() => process.kill(pid, 0)).toThrow();
    expect(await left()).toEqual([]);
    await expect(probe.probe(await fileOf(large), { signal: leaving.signal })).rejects.toThrow('enough');
  });

  it('several at once - one after another, and no more than 32', async () => {
    let running = 0;
    let most = 0;
    const film = await readFile(await clip(large));
    const probe = probeOf({ program: await program('exit 1') });
    const files = Array.from(
      { length: 40 },
      () =>
        new MemoryMediaFile(film.subarray(0, 100), {
          beforeChunk: async () => {
            running += 1;
            most = Math.max(most, running);
            await new Promise((resolve) => setImmediate(resolve));
            running -= 1;
          },
        }),
    );
    await Promise.all(files.map((file) => probe.probe(file, { signal })));
    expect(most).toBe(1);
    expect(files.filter((file) => file.readers.length > 0).length).toBe(32);
  });

  it('start - removes what an earlier run left', async () => {
    await mkdir(folder);
    await writeFile(join(folder, '1.part'), 'left');
    const probe = probeOf();
    await probe.start();
    expect(await left()).toEqual([]);
    expect(await probe.probe(await fileOf(large), { signal })).not.toBeNull();
  });
});
