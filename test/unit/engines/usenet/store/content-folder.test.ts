import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { articleKey, roomOf } from '../../../../../backend/engines/usenet/store/article-record.js';
import { ContentFolder } from '../../../../../backend/engines/usenet/store/content-folder.js';
import { PackFiles } from '../../../../../backend/engines/usenet/store/pack-files.js';
import { crc32 } from '../../../../../backend/engines/usenet/yenc/crc32.js';
import { articleOf, bytesOf, CountedSlots } from '../../../../support/article-lab.js';

const ROOM = roomOf(5000);

describe('the folder of a content', () => {
  let root: string;
  let path: string;
  let freed: number;
  let folder: ContentFolder;
  const slots = new CountedSlots();
  const opened = async (packArticles = 2): Promise<ContentFolder> => {
    const options = { path, files: new PackFiles(), usedAt: 100, packArticles };
    folder = new ContentFolder({ ...options, freed: (bytes) => (freed += bytes) });
    await folder.list();
    return folder;
  };
  const write = async (...ids: string[]): Promise<void> => {
    for (const id of ids) await folder.write(articleKey(id), articleOf(slots, id), 200);
  };
  const read = (id: string) => folder.read(articleKey(id), { slots, crc32: (bytes) => crc32(bytes, 0) });
  const has = (...ids: string[]): string[] => ids.filter((id) => folder.has(articleKey(id)));
  const numbers = (): number[] => [...folder.packs()].map(({ number }) => number);

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'headstart-content-'));
    path = join(root, 'content');
    freed = 0;
    await opened();
  });
  afterEach(async () => {
    await folder.close();
    await rm(root, { recursive: true });
  });

  it('articles - fill one pack after another, and are found by the next run, which begins a new one', async () => {
    await write('a', 'b', 'c');
    expect((await readdir(path)).sort()).toEqual(['0.pack', '1.pack']);
    await folder.close();
    await opened();
    expect([has('a', 'b', 'c', 'd'), folder.bytes]).toEqual([['a', 'b', 'c'], 3 * ROOM]);
    await write('d');
    expect((await readdir(path)).sort()).toEqual(['0.pack', '1.pack', '2.pack']);
    expect(Buffer.from((await read('c'))!.bytes).equals(bytesOf('c'))).toBe(true);
  });

  it('articles written at once - share packs, and are counted from the beginning', async () => {
    const writing = ['a', 'b', 'c', 'd'].map((id) => write(id));
    await Promise.all(writing);
    expect([has('a', 'b', 'c', 'd').length, folder.bytes, freed]).toEqual([4, 4 * ROOM, 0]);
    expect((await readdir(path)).length).toBe(2);
  });

  it('a listing - removes packs that hold nothing, and leaves what is foreign', async () => {
    await write('a');
    for (const name of ['7.pack', 'notes.txt']) await writeFile(join(path, name), Buffer.alloc(9000, 7));
    await writeFile(join(path, '8.pack'), '');
    await folder.close();
    await opened();
    expect((await readdir(path)).sort()).toEqual(['0.pack', 'notes.txt']);
    expect(folder.bytes).toBe(ROOM);
  });

  it('packs - stand in the order of their last use; those with articles unused since the start say so', async () => {
    await write('a', 'b', 'c', 'd');
    await folder.close();
    await opened();
    folder.touch(articleKey('a'), 201);
    expect([numbers(), [...folder.packs()].map(({ hasUnused }) => hasUnused)]).toEqual([
      [1, 0],
      [true, true],
    ]);
    folder.touch(articleKey('c'), 202);
    folder.touch(articleKey('b'), 203);
    expect([numbers(), [...folder.packs()].map(({ hasUnused }) => hasUnused)]).toEqual([
      [1, 0],
      [true, false],
    ]);
    expect([...folder.packs()].map(({ usedAt }) => usedAt)).toEqual([202, 203]);
    expect(folder.usedAt).toBe(203);
  });

  it('a pack that is removed - takes its articles and its room with it', async () => {
    await write('a', 'b', 'c');
    const [pack] = folder.packs();
    expect([await folder.remove(pack!), await folder.remove(pack!)]).toEqual([2 * ROOM, 0]);
    expect([has('a', 'b', 'c'), folder.bytes, freed, await readdir(path)]).toEqual([['c'], ROOM, 0, ['1.pack']]);
    folder.touch(articleKey('a'), 300);
    expect(numbers()).toEqual([1]);
  });

  it('a pack that is read or written - is not removed', async () => {
    await write('a');
    const [pack] = folder.packs();
    const reading = read('a');
    expect(await folder.remove(pack!)).toBe(0);
    await reading;
    const writing = write('b');
    for (let turn = 0; turn < 20 && !pack!.isBusy; turn += 1) await Promise.resolve();
    expect(await folder.remove(pack!)).toBe(0);
    await writing;
    expect(await folder.remove(pack!)).toBe(2 * ROOM);
  });

  it('articles dropped - give their room back when the last of the pack is dropped', async () => {
    await write('a', 'b');
    await folder.drop(articleKey('a'));
    await folder.drop(articleKey('a'));
    expect([has('a', 'b'), folder.bytes, freed]).toEqual([['b'], 2 * ROOM, 0]);
    await folder.drop(articleKey('b'));
    expect([folder.bytes, freed, await readdir(path)]).toEqual([0, 2 * ROOM, []]);
    await write('c');
    expect(has('c')).toEqual(['c']);
  });

  it('an article dropped and written again - is found by the next run', async () => {
    await write('a', 'b');
    await folder.drop(articleKey('a'));
    await write('a');
    await folder.close();
    await opened();
    await folder.remove([...folder.packs()][0]!);
    expect(has('a', 'b')).toEqual(['a']);
  });

  it('a write that fails, or has no form on disk - gives its room back', async () => {
    const article = articleOf(slots, 'a');
    const named = { ...article, part: { ...article.part, fileName: 'x'.repeat(2000) } };
    await folder.write(articleKey('a'), named, 200);
    expect([freed, folder.bytes, numbers()]).toEqual([ROOM, 0, []]);
    await rm(path, { recursive: true });
    await expect(write('a')).rejects.toMatchObject({ code: 'ENOENT' });
    expect([freed, folder.bytes, numbers()]).toEqual([2 * ROOM, 0, []]);
    await writeFile(path, 'a file where the folder belongs');
    folder = new ContentFolder({
      path,
      files: new PackFiles(),
      usedAt: 1,
      packArticles: 2,
      freed: (n) => (freed += n),
    });
    await expect(write('a')).rejects.toMatchObject({ code: 'EEXIST' });
    expect([freed, folder.bytes]).toEqual([3 * ROOM, 0]);
  });

  it('clearing - waits until nothing is read or written, and then all is gone', async () => {
    await write('a', 'b', 'c');
    folder.enter();
    folder.enter();
    let cleared: number | null = null;
    const clearing = folder.clear().then((bytes) => (cleared = bytes));
    folder.leave();
    await Promise.resolve();
    expect([cleared, (await readdir(path)).length]).toEqual([null, 2]);
    folder.leave();
    expect(await clearing).toBe(3 * ROOM);
    expect([folder.bytes, has('a'), await readdir(root)]).toEqual([0, [], []]);
    await write('d');
    expect(await readdir(path)).toEqual(['2.pack']);
  });
});
