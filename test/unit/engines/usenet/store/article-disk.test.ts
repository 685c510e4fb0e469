import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { articleKey, formatArticleFileName } from '../../../../../backend/engines/usenet/store/article-file.js';
import { readArticle, removeArticle, writeArticle } from '../../../../../backend/engines/usenet/store/article-disk.js';
import { crc32 } from '../../../../../backend/engines/usenet/yenc/crc32.js';
import { articleOf, bytesOf, CountedSlots } from '../../../../support/article-lab.js';

describe('articles on disk', () => {
  const key = articleKey('one@news');
  const name = { key, sizeBytes: 5000 };
  let folder: string;
  let slots: CountedSlots;
  const read = () => readArticle(folder, name, { slots, crc32: (bytes) => crc32(bytes, 0) });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headstart-disk-'));
    slots = new CountedSlots();
    expect(await writeArticle(folder, key, articleOf(new CountedSlots(), 'one'))).toBe(true);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('what was written - is read again, with what the article said of itself', async () => {
    expect(await readdir(folder)).toEqual([formatArticleFileName(name)]);
    const article = await read();
    expect(Buffer.from(article!.bytes).equals(bytesOf('one'))).toBe(true);
    expect(article!.part).toMatchObject({ begin: 0, fileName: 'film.mkv', partNumber: 1, partCount: null });
    expect(slots.out).toEqual(new Set([article!.slot]));
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['gone', (path) => rm(path)],
    ['cut short', (path) => truncate(path, 3000)],
    ['cut within its header', (path) => truncate(path, 100)],
    ['empty', (path) => truncate(path, 0)],
    [
      'changed by one bit',
      async (path) => {
        const bytes = await readFile(path);
        bytes[bytes.length - 7]! ^= 1;
        await writeFile(path, bytes);
      },
    ],
    ['something else', (path) => writeFile(path, Buffer.alloc(6000, 7))],
  ])('a file that is %s - is no article, and its slot is given back', async (_what, spoil) => {
    await spoil(join(folder, formatArticleFileName(name)));
    expect(await read()).toBeNull();
    expect([slots.out.size, slots.doubleGiven]).toEqual([0, 0]);
  });

  it('an article with a name beyond reason - is not written', async () => {
    const article = articleOf(slots, 'two');
    const part = { ...article.part, fileName: 'x'.repeat(600) };
    expect(await writeArticle(folder, articleKey('two@news'), { ...article, part })).toBe(false);
    expect((await readdir(folder)).length).toBe(1);
  });

  it('a write that fails - leaves nothing behind', async () => {
    const gone = join(folder, 'nowhere');
    await expect(writeArticle(gone, key, articleOf(slots, 'one'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(stat(gone)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('removing - is done when the file is gone, whoever removed it', async () => {
    expect(await removeArticle(folder, name)).toBe(true);
    expect(await removeArticle(folder, name)).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });
});
