import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { articleKey, formatArticleFileName, roomOf } from '../../../../../backend/engines/usenet/store/article-file.js';
import { ContentFolder, listArticles } from '../../../../../backend/engines/usenet/store/content-folder.js';

const nameOf = (messageId: string, sizeBytes = 5000) => ({ key: articleKey(messageId), sizeBytes });

describe('the folder of a content', () => {
  let root: string;
  let path: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'headstart-content-'));
    path = join(root, 'content');
  });
  afterEach(() => rm(root, { recursive: true }));

  async function folderWith(...messageIds: string[]): Promise<ContentFolder> {
    await mkdir(path, { recursive: true });
    for (const id of messageIds) await writeFile(join(path, formatArticleFileName(nameOf(id))), 'x');
    const folder = new ContentFolder(path, 100);
    await folder.list();
    return folder;
  }

  it('a listing - has each article once; what was never finished is removed, what is foreign is left', async () => {
    await folderWith('a', 'b');
    const half = `${formatArticleFileName(nameOf('c'))}.part`;
    const again = formatArticleFileName(nameOf('a', 6000));
    for (const name of [half, again, 'notes.txt']) await writeFile(join(path, name), 'x');
    const keys = (await listArticles(path)).map(({ key }) => key);
    expect(keys.sort()).toEqual([articleKey('a'), articleKey('b')].sort());
    expect(await readdir(path)).toContain('notes.txt');
    expect((await readdir(path)).length).toBe(3);
    expect(await listArticles(join(root, 'nowhere'))).toEqual([]);
  });

  it('its room - follows what is listed, written and taken away', async () => {
    const folder = await folderWith('a', 'b');
    expect(folder.bytes).toBe(2 * roomOf(5000));
    folder.touch(nameOf('c', 70_000), 200);
    expect(folder.bytes).toBe(2 * roomOf(5000) + roomOf(70_000));
    folder.touch(nameOf('c', 70_000), 300);
    expect(folder.delete(articleKey('c'))).toBe(roomOf(70_000));
    expect(folder.delete(articleKey('c'))).toBe(0);
    expect(folder.bytes).toBe(2 * roomOf(5000));
  });

  it('its articles - stand in the order of their last use, those of earlier apart', async () => {
    const folder = await folderWith('a', 'b', 'c');
    folder.touch(nameOf('b'), 200);
    folder.touch(nameOf('a'), 201);
    folder.touch(nameOf('b'), 202);
    const order = (articles: Iterable<{ name: { key: string } }>) => [...articles].map(({ name }) => name.key);
    expect(order(folder.used())).toEqual([articleKey('a'), articleKey('b')]);
    expect(order(folder.unused())).toEqual([articleKey('c')]);
    expect(folder.usedAt).toBe(202);
  });

  it('an article that went while it was read - stays gone', async () => {
    const folder = await folderWith('a');
    folder.delete(articleKey('a'));
    folder.renew(nameOf('a'), 300);
    expect([folder.find(articleKey('a')), folder.bytes]).toEqual([null, 0]);
  });

  it('clearing - waits until no file is read or written, and then all is gone', async () => {
    const folder = await folderWith('a', 'b');
    folder.enter();
    folder.enter();
    let cleared: number | null = null;
    const clearing = folder.clear().then((bytes) => (cleared = bytes));
    folder.leave();
    await Promise.resolve();
    expect([cleared, (await readdir(path)).length]).toEqual([null, 2]);
    folder.leave();
    expect(await clearing).toBe(2 * roomOf(5000));
    expect([folder.bytes, folder.find(articleKey('a')), await readdir(root)]).toEqual([0, null, []]);
    await folder.make();
    expect(await readdir(root)).toEqual(['content']);
  });
});
