import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lstat, mkdir, mkdtemp, readFile, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusyError, UnplayableError } from '../../../backend/content/index.js';
import { WatchFolder, type DroppedFile, type WatchFolderOptions } from '../../../backend/jobs/watch-folder.js';
import { ManualClock } from '../../support/manual-clock.js';
import { untilAborted } from '../../support/memory-media-file.js';
import { NotedLog } from '../../support/noted-log.js';
import { until } from '../../support/until.js';

describe('watch folder', () => {
  let parent = '';
  let folder = '';
  let clock: ManualClock;
  let log: NotedLog;
  let taken: DroppedFile[];
  let watching: WatchFolder | null;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'headstart-watch-'));
    folder = join(parent, 'watch');
    clock = new ManualClock();
    log = new NotedLog();
    taken = [];
    watching = null;
  });

  afterEach(async () => {
    await watching?.close();
    await rm(parent, { recursive: true, force: true });
  });

  async function begin(submit?: WatchFolderOptions['submit']): Promise<WatchFolder> {
    watching = new WatchFolder({
      folder,
      clock,
      log,
      submit: async (file, options) => {
        taken.push(file);
        await submit?.(file, options);
      },
    });
    await watching.start();
    return watching;
  }

  const put = async (name: string, bytes: string | Uint8Array = name): Promise<void> => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), bytes);
  };
  const names = (sub: string): Promise<string[]> =>
    readdir(join(folder, sub)).then(
      (all) => all.sort(),
      () => [],
    );
  /** Time passes until it is so. */
  const passing = (what: string, isSo: () => Promise<boolean> | boolean): Promise<unknown> =>
    until(
      what,
      async () => {
        await clock.advance(1000);
        return isSo();
      },
      { everyMs: 2 },
    );

  it('files of the three kinds - are submitted and put into done', async () => {
    await put('old.nzb', 'lay there before');
    await begin();
    await put('Film.NZB.gz');
    await put('film.torrent');
    await passing('all are done', async () => (await names('done')).length === 3);
    expect(await names('done')).toEqual(['Film.NZB.gz', 'film.torrent', 'old.nzb']);
    expect(taken.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      'nzb Film.NZB.gz',
      'nzb old.nzb',
      'torrent film.torrent',
    ]);
    expect(Buffer.from(taken.find(({ name }) => name === 'old.nzb')?.bytes ?? []).toString()).toBe('lay there before');
  });

  it('a file that still grows - is taken when it is whole', async () => {
    await begin();
    for (const text of ['a', 'ab', 'abc']) {
      await put('film.nzb', text);
      await clock.advance(1500);
    }
    await passing('it is done', async () => (await names('done')).length === 1);
    expect(taken.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['abc']);
  });

  it('hidden, unfinished and other files, folders and links - are left alone', async () => {
    await writeFile(join(parent, 'outside.nzb'), 'outside');
    for (const name of ['.hidden.nzb', '~film.nzb', 'film.nzb.part', 'readme.txt', 'film.nzb.crdownload'])
      await put(name);
    await mkdir(join(folder, 'folder.nzb'));
    await symlink(join(parent, 'outside.nzb'), join(folder, 'link.nzb'));
    await begin();
    await put('last.nzb');
    await passing('the plain one is done', async () => (await names('done')).length === 1);
    await clock.advance(120_000);
    expect(taken.map(({ name }) => name)).toEqual(['last.nzb']);
    expect((await names('')).length).toBe(8);
  });

  it('a failure - is put into failed with its reason beside it', async () => {
    await put('film.nzb');
    await begin(() => Promise.reject(new UnplayableError('Articles are missing.', 'ARTICLE_MISSING')));
    await passing('it is put away', async () => (await names('failed')).length === 2);
    expect(await names('failed')).toEqual(['film.nzb', 'film.nzb.txt']);
    expect(await readFile(join(folder, 'failed', 'film.nzb.txt'), 'utf8')).toBe(
      'ARTICLE_MISSING\nArticles are missing.\n',
    );
  });

  it('an error that is not ours - says nothing of the inside', async () => {
    await put('film.nzb');
    await begin(() => Promise.reject(new Error('secret/path')));
    await passing('it is put away', async () => (await names('failed')).length === 2);
    expect(await readFile(join(folder, 'failed', 'film.nzb.txt'), 'utf8')).not.toContain('secret');
  });

  it('the same name again - gets a number', async () => {
    await begin();
    for (let count = 1; count <= 3; count += 1) {
      await put('film.nzb.gz', `take ${String(count)}`);
      await passing('it is done', async () => (await names('done')).length === count);
    }
    expect(await names('done')).toEqual(['film (2).nzb.gz', 'film (3).nzb.gz', 'film.nzb.gz']);
  });

  it('a name as long as the disk allows - is shortened where its reason needs room', async () => {
    await put(`${'é'.repeat(125)}.nzb`);
    await begin(() => Promise.reject(new Error('no')));
    await passing('it is put away', async () => (await names('failed')).length === 2);
  });

  it('too large and empty ones - are refused unread', async () => {
    await put('large.nzb');
    await truncate(join(folder, 'large.nzb'), 100e6 + 1);
    await put('large.torrent');
    await truncate(join(folder, 'large.torrent'), 33 * 1024 * 1024);
    await put('empty.nzb', '');
    await begin();
    await passing('all are put away', async () => (await names('failed')).length === 6);
    expect(taken).toEqual([]);
    expect(await readFile(join(folder, 'failed', 'large.nzb.txt'), 'utf8')).toContain('TOO_LARGE');
    expect(await readFile(join(folder, 'failed', 'empty.nzb.txt'), 'utf8')).toContain('EMPTY_FILE');
  });

  it('many at once - are taken two at a time', async () => {
    const waiting: (() => void)[] = [];
    let most = 0;
    for (let count = 0; count < 6; count += 1) await put(`film ${String(count)}.nzb`);
    await begin(async () => {
      await new Promise<void>((resolve) => {
        most = Math.max(most, waiting.push(resolve));
      });
    });
    for (let done = 0; done < 6; done += 2) {
      await passing('two are taken', () => waiting.length === 2);
      for (const release of waiting.splice(0)) release();
      await passing('both are done', async () => (await names('done')).length === done + 2);
    }
    expect(most).toBe(2);
  });

  it('busy - means later', async () => {
    await put('film.nzb');
    await begin(() => (taken.length === 1 ? Promise.reject(new BusyError('Later.', 30)) : Promise.resolve()));
    await passing('it was refused', () => taken.length === 1);
    const refusedAt = clock.now();
    await passing('it is done', async () => (await names('done')).length === 1);
    expect(clock.now() - refusedAt).toBeGreaterThanOrEqual(29_000);
    expect(await names('failed')).toEqual([]);
  });

  it('a preparation without end - ends after half an hour', async () => {
    await put('film.nzb');
    await begin((_file, { signal }) => untilAborted(signal));
    await passing('it is taken', () => taken.length === 1);
    await clock.advance(30 * 60_000);
    await passing('it is put away', async () => (await names('failed')).length === 2);
    expect(await readFile(join(folder, 'failed', 'film.nzb.txt'), 'utf8')).toContain('TIMEOUT');
  });

  it('close - ends what runs and leaves the file for the next start', async () => {
    await put('film.nzb');
    const first = await begin((_file, { signal }) => untilAborted(signal));
    await passing('it is taken', () => taken.length === 1);
    await first.close();
    await first.close();
    expect(clock.pending).toBe(0);
    expect(await names('')).toEqual(['film.nzb']);
    await begin();
    await passing('it is done', async () => (await names('done')).length === 1);
  });

  it('a file that vanishes while it is prepared - is no trouble', async () => {
    await put('film.nzb');
    await begin(() => rm(join(folder, 'film.nzb')));
    await passing('it is taken', () => taken.length === 1);
    await put('other.nzb');
    await passing('the next one is done', () => taken.length === 2);
  });

  it('a file that is written anew while it is prepared - is taken again', async () => {
    await put('film.nzb', 'one');
    await begin(() => (taken.length === 1 ? put('film.nzb', 'another') : Promise.resolve()));
    await passing('it is done', async () => (await names('done')).length === 1);
    expect(taken.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['one', 'another']);
  });

  it('a link where done is to be - is not followed, and the file is not prepared twice', async () => {
    await put('film.nzb');
    await mkdir(join(parent, 'elsewhere'));
    await symlink(join(parent, 'elsewhere'), join(folder, 'done'));
    await begin();
    await passing('it is noticed', () => log.messages.includes('a dropped file could not be put away'));
    await clock.advance(60_000);
    await put('other.nzb');
    await passing('the next one is taken', () => taken.length === 2);
    expect(taken.map(({ name }) => name)).toEqual(['film.nzb', 'other.nzb']);
    expect(await readdir(join(parent, 'elsewhere'))).toEqual([]);
  });

  it('a folder that cannot be made - is tried again', async () => {
    await writeFile(folder, 'in the way');
    await begin();
    expect(log.messages).toEqual(['the watch folder cannot be read']);
    await rm(folder);
    await passing('it is made', async () => (await lstat(folder).catch(() => null))?.isDirectory() === true);
    await put('film.nzb');
    await passing('it is done', async () => (await names('done')).length === 1);
  });
});
