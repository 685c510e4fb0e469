import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSync, writeSync } from 'node:fs';
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PackFiles } from '../../../../../backend/engines/usenet/store/pack-files.js';
import { until } from '../../../../support/until.js';

describe('open pack files', () => {
  let folder: string;
  let files: PackFiles;
  const pathOf = (name: string): string => join(folder, name);
  /** Files of the folder that this process has open. */
  const openNames = async (): Promise<string[]> => {
    const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
    return (await Promise.all(links)).filter((link) => link.startsWith(folder)).map((link) => link.split('/').at(-1)!);
  };
  const use = (name: string, work: (file: number) => Promise<unknown> = async () => undefined) =>
    files.use(pathOf(name), work, { isMade: true });
  /** Uses it until told. */
  const hold = (name: string): (() => void) => {
    let release = (): void => undefined;
    void use(name, () => new Promise<void>((resolve) => (release = resolve)));
    return () => release();
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headstart-files-'));
    files = new PackFiles(2);
  });
  afterEach(async () => {
    for (const name of await readdir(folder)) await files.close(pathOf(name));
    await until('all are closed', async () => (await openNames()).length === 0, { everyMs: 2 });
    await rm(folder, { recursive: true });
  });

  it('open pack files - are opened once for several users, to read and to write', async () => {
    const seen = new Set<number>();
    await Promise.all([1, 2, 3].map(() => use('a', async (file) => seen.add(file))));
    await files.use(pathOf('a'), async (file) => seen.add(file), { isMade: false });
    expect(seen.size).toBe(1);
    await use('a', async (file) => writeSync(file, 'x', 5));
    expect(await use('a', async (file) => readSync(file, Buffer.alloc(9), 0, 9, 0))).toBe(6);
  });

  it('open pack files - the longest unused is closed when there are too many', async () => {
    for (const name of ['a', 'b', 'a', 'c']) await use(name);
    await until('b is closed', async () => !(await openNames()).includes('b'), { everyMs: 2 });
    expect((await openNames()).sort()).toEqual(['a', 'c']);
    expect(files.size).toBe(2);
  });

  it('open pack files - what is used is never closed, however many there are', async () => {
    const releases = ['a', 'b', 'c'].map(hold);
    await until('all are open', async () => (await openNames()).length === 3, { everyMs: 2 });
    await files.close(pathOf('a'));
    expect((await openNames()).length).toBe(3);
    for (const release of releases) release();
    await until('one too many is closed', async () => (await openNames()).length === 2, { everyMs: 2 });
  });

  it('open pack files - one closed while it is used is opened anew for the next', async () => {
    const release = hold('a');
    await until('it is open', async () => (await openNames()).length === 1, { everyMs: 2 });
    await files.close(pathOf('a'));
    await rm(pathOf('a'));
    await use('a', async (file) => writeSync(file, 'new'));
    expect(await readdir(folder)).toEqual(['a']);
    release();
  });

  it('open pack files - one that is not there is made only when it may be, and asked for again the next time', async () => {
    const read = () => files.use(pathOf('a'), async () => 'read', { isMade: false });
    await expect(Promise.all([read(), read()])).rejects.toMatchObject({ code: 'ENOENT' });
    await writeFile(pathOf('a'), 'x');
    expect(await read()).toBe('read');
  });

  it('open pack files - a failure of the work is told, and the file stays usable', async () => {
    await expect(use('a', () => Promise.reject(new Error('disk')))).rejects.toThrow('disk');
    expect([files.size, await use('a', async () => 'well')]).toEqual([1, 'well']);
  });
});
