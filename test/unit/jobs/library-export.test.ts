import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  folderFilesOf,
  LibraryExport,
  type ExportItem,
  type LibraryExportOptions,
} from '../../../backend/jobs/index.js';
import { ExportedFiles } from '../../../backend/jobs/exported-files.js';
import { ManualClock } from '../../support/manual-clock.js';
import { NotedLog } from '../../support/noted-log.js';
import { nzbRelease } from '../../support/nzb-lab.js';

const LIST = '.headstart-export.json';
let folder: string;
let clock: ManualClock;
let log: NotedLog;
let items: Map<number, ExportItem>;
let listeners: Set<(id: number) => void>;
let origin: string;
let running: LibraryExport[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-export-'));
  clock = new ManualClock();
  log = new NotedLog();
  items = new Map();
  listeners = new Set();
  origin = 'http://one.example';
  running = [];
});

afterEach(async () => {
  jest.restoreAllMocks();
  for (const one of running) await one.close();
  await rm(folder, { recursive: true, force: true });
});

function put(id: number, name: string, paths: readonly string[] = ['Film.mkv'], category = 'tv'): void {
  const files = folderFilesOf(
    nzbRelease(
      name,
      paths.map((path) => [path, 10]),
    ).files,
  );
  items.set(id, { id, category, folder: name, files });
}

function listIds({ after, limit }: { readonly after: number; readonly limit: number }): number[] {
  const later = [...items.keys()].filter((id) => id > after);
  return later.sort((a, b) => a - b).slice(0, limit);
}

/** Starts one and waits until it has nothing to do. */
async function start(own: Partial<LibraryExportOptions> = {}): Promise<LibraryExport> {
  const made = new LibraryExport({
    folder,
    listIds,
    find: (id) => items.get(id) ?? null,
    addressOf: (item, { path }) => `${origin}/${item.id}/${encodeURIComponent(path)}`,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    clock,
    log,
    ...own,
  });
  running.push(made);
  made.start();
  await made.settled();
  return made;
}

/** Tells of changes and lets them be written. */
async function tell(made: LibraryExport, ...ids: number[]): Promise<void> {
  for (const id of ids) for (const listener of listeners) listener(id);
  await clock.advance(2_000);
  await made.settled();
}

/** Every file below the export, the list aside. */
async function tree(): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => path !== LIST)
    .sort();
}

const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');

describe('library export', () => {
  it('export - every film is a file that holds its address, from the start', async () => {
    put(1, 'Show', ['S01/Show.S01E01.mkv', 'S01/Show.S01E02.mkv', 'Show.en.srt']);
    put(2, 'Öpen Film', ['Öpen.mkv'], 'movies');
    await start();
    expect(await tree()).toEqual([
      'movies/Öpen Film/Öpen.strm',
      'tv/Show/S01/Show.S01E01.strm',
      'tv/Show/S01/Show.S01E02.strm',
    ]);
    expect(await read('tv/Show/S01/Show.S01E01.strm')).toBe('http://one.example/1/S01%2FShow.S01E01.mkv\n');
  });

  it('export - follows what comes, changes and goes, and takes empty folders along', async () => {
    put(1, 'One');
    const made = await start();
    put(2, 'Two');
    await tell(made, 2);
    expect(await tree()).toEqual(['tv/One/Film.strm', 'tv/Two/Film.strm']);
    put(2, 'Two', ['Other.mkv', 'More.mkv']);
    items.delete(1);
    await tell(made, 1, 2);
    expect(await tree()).toEqual(['tv/Two/More.strm', 'tv/Two/Other.strm']);
    items.clear();
    await tell(made, 2);
    expect(await readdir(folder)).toEqual([LIST]);
  });

  it('export - what came, went or moved while nobody looked is put right at the next start', async () => {
    put(1, 'One');
    put(2, 'Two');
    await (await start()).close();
    items.delete(1);
    put(3, 'Three');
    origin = 'http://two.example';
    await rm(join(folder, 'tv/Two/Film.strm'));
    await start();
    expect(await tree()).toEqual(['tv/Three/Film.strm', 'tv/Two/Film.strm']);
    expect(await read('tv/Two/Film.strm')).toBe('http://two.example/2/Film.mkv\n');
  });

  it('export - files of others, and ours that somebody changed, are left alone', async () => {
    await mkdir(join(folder, 'tv/One'), { recursive: true });
    await writeFile(join(folder, 'tv/One/Film.strm'), 'theirs');
    await writeFile(join(folder, 'tv/One/notes.txt'), 'theirs');
    put(1, 'One', ['Film.mkv', 'Other.mkv', 'Third.mkv']);
    const made = await start();
    expect(await read('tv/One/Film.strm')).toBe('theirs');
    await writeFile(join(folder, 'tv/One/Other.strm'), 'changed');
    items.clear();
    await tell(made, 1);
    expect(await tree()).toEqual(['tv/One/Film.strm', 'tv/One/Other.strm', 'tv/One/notes.txt']);
    expect(await read('tv/One/Other.strm')).toBe('changed');
  });

  it('export - a link leads it nowhere, neither to write nor to remove', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'headstart-elsewhere-'));
    try {
      await symlink(elsewhere, join(folder, 'tv'));
      put(1, 'One');
      put(2, 'Two', ['Film.mkv'], 'movies');
      const made = await start();
      expect(await readdir(elsewhere)).toEqual([]);
      await mkdir(join(elsewhere, 'Two'));
      await writeFile(join(elsewhere, 'Two/Film.strm'), await read('movies/Two/Film.strm'));
      await rm(join(folder, 'movies'), { recursive: true });
      await symlink(elsewhere, join(folder, 'movies'));
      items.clear();
      await tell(made, 1, 2);
      expect(await readdir(join(elsewhere, 'Two'))).toEqual(['Film.strm']);
      expect((await lstat(join(folder, 'movies'))).isSymbolicLink()).toBe(true);
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });

  it('export - folders that would be the same on some disks stay two', async () => {
    put(1, 'Film: one');
    put(2, 'film? ONE');
    await start();
    expect(await tree()).toEqual(['tv/Film_ one/Film.strm', 'tv/film_ ONE [2]/Film.strm']);
  });

  it('export - a name that tells an item from others may itself be taken', async () => {
    put(1, 'Film [3]');
    put(2, 'Film');
    put(3, 'film');
    await start();
    expect(await tree()).toEqual(['tv/Film [3]/Film.strm', 'tv/Film/Film.strm', 'tv/film [3] (2)/Film.strm']);
  });

  it('export - accents written in two ways are two folders, and two files', async () => {
    const [composed, parts] = ['Öl'.normalize('NFC'), 'Öl'.normalize('NFD')];
    put(1, composed, [`${composed}.mkv`, `${parts}.mkv`]);
    put(2, parts);
    await start();
    const found = (await tree()).map((path) => path.normalize('NFC'));
    expect(found).toHaveLength(3);
    expect(new Set(found).size).toBe(3);
  });

  it('export - hostile names stay inside and stop nobody', async () => {
    put(1, '..', ['../../etc/Film.mkv', `${'x'.repeat(400)}.mkv`], '../up');
    put(2, 'Fine');
    await start();
    const found = await tree();
    expect(found).toContain('tv/Fine/Film.strm');
    expect(found).toHaveLength(3);
    expect(found.every((path) => path.split('/').every((part) => Buffer.byteLength(part) <= 255))).toBe(true);
  });

  it('export - a folder that cannot be used is told once, and written when it can be', async () => {
    const blocked = join(folder, 'blocked');
    await writeFile(blocked, 'a file');
    put(1, 'One');
    const made = await start({ folder: join(blocked, 'export') });
    await clock.advance(60_000);
    await made.settled();
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    await rm(blocked);
    await clock.advance(60_000);
    await made.settled();
    expect(await readdir(join(blocked, 'export/tv/One'))).toEqual(['Film.strm']);
    expect(log.messages).toContain('The export is up to date again');
  });

  it('export - a category that cannot be written keeps nothing else, is told once, and follows when it can be', async () => {
    const plain = new ExportedFiles(folder);
    const denied = Object.assign(new Error('permission denied'), { code: 'EACCES' });
    const written = plain.write.bind(plain);
    const writing = jest
      .spyOn(ExportedFiles.prototype, 'write')
      .mockImplementation((...o) => (o[0].startsWith('movies/') ? Promise.reject(denied) : written(...o)));
    for (let id = 1; id <= 150; id += 1) put(id, `Film ${id}`, ['Film.mkv'], 'movies');
    put(151, 'Show');
    const made = await start();
    expect(await tree()).toEqual(['tv/Show/Film.strm']);
    put(152, 'Later');
    await tell(made, 152);
    expect(await tree()).toEqual(['tv/Later/Film.strm', 'tv/Show/Film.strm']);
    await clock.advance(60_000);
    await made.settled();
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    writing.mockRestore();
    await clock.advance(60_000);
    await made.settled();
    expect(await tree()).toHaveLength(152);
    expect(log.messages).toContain('The export is up to date again');
  });

  it('export - a full disk stops it until the next try', async () => {
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    const writing = jest.spyOn(ExportedFiles.prototype, 'write').mockRejectedValue(full);
    for (let id = 1; id <= 5; id += 1) put(id, `Film ${id}`);
    const made = await start();
    expect(writing).toHaveBeenCalledTimes(1);
    writing.mockRestore();
    await clock.advance(60_000);
    await made.settled();
    expect(await tree()).toHaveLength(5);
  });

  it('export - a list that cannot be read makes nothing ours', async () => {
    put(1, 'One');
    await (await start()).close();
    await writeFile(join(folder, LIST), '{"items":{"1":{"folder":"../up","files":{}}}}');
    items.clear();
    put(2, 'Two');
    await start();
    expect(await tree()).toEqual(['tv/One/Film.strm', 'tv/Two/Film.strm']);
  });

  it('export - many items, and nothing half written is left', async () => {
    for (let id = 1; id <= 250; id += 1) put(id, `Film ${id}`);
    await start();
    expect(await tree()).toHaveLength(250);
    expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('export - between the pages of a large library others have their turn', async () => {
    for (let id = 1; id <= 250; id += 1) put(id, `Film ${id}`);
    let turn = 0;
    const turns: number[] = [];
    const next = (): void => void ((turn += 1), (ticking = setImmediate(next)));
    let ticking = setImmediate(next);
    await start({ listIds: (page) => (turns.push(turn), listIds(page)) });
    clearImmediate(ticking);
    expect(turns).toHaveLength(3);
    expect(new Set(turns).size).toBe(3);
  });

  it('export - closed, it hears of nothing', async () => {
    put(1, 'One');
    const made = await start();
    await made.close();
    expect([listeners.size, clock.pending]).toEqual([0, 0]);
  });
});
