import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArticlePack, roomOfPack } from '../../../../../backend/engines/usenet/store/article-pack.js';
import { articleKey, roomOf } from '../../../../../backend/engines/usenet/store/article-record.js';
import { PackFiles } from '../../../../../backend/engines/usenet/store/pack-files.js';
import { crc32 } from '../../../../../backend/engines/usenet/yenc/crc32.js';
import { articleOf, bytesOf, CountedSlots } from '../../../../support/article-lab.js';

const RECORD_BYTES = roomOf(5000);

describe('a pack of articles', () => {
  let folder: string;
  let path: string;
  let slots: CountedSlots;
  let files: PackFiles;
  const packAt = (place: string): ArticlePack => new ArticlePack(0, place, files, 0);
  const write = (pack: ArticlePack, id: string, sizeBytes?: number): Promise<boolean> =>
    pack.write(articleKey(id), articleOf(new CountedSlots(), id, sizeBytes));
  const read = (pack: ArticlePack, id: string) =>
    pack.read(articleKey(id), { slots, crc32: (bytes) => crc32(bytes, 0) });
  /** The pack as the next run finds it. */
  const listed = async (): Promise<ArticlePack> => {
    const pack = packAt(path);
    await pack.list();
    return pack;
  };
  const keysOf = (...ids: string[]): string[] => ids.map(articleKey);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headstart-pack-'));
    path = join(folder, '0.pack');
    slots = new CountedSlots();
    files = new PackFiles();
    const pack = packAt(path);
    await Promise.all(['one', 'two', 'three'].map((id) => write(pack, id)));
    await pack.close();
  });
  afterEach(async () => {
    await files.close(path);
    expect([slots.doubleGiven, files.size]).toEqual([0, 0]);
    await rm(folder, { recursive: true });
  });

  it('what was written at once - is read again, with what each article said of itself', async () => {
    const pack = await listed();
    expect([...pack.keys()]).toEqual(keysOf('one', 'two', 'three'));
    for (const id of ['three', 'one', 'two']) {
      const article = await read(pack, id);
      expect(Buffer.from(article!.bytes).equals(bytesOf(id))).toBe(true);
      expect(article!.part).toMatchObject({ begin: 0, fileName: 'film.mkv', partNumber: 1, partCount: null });
      expect(slots.out.has(article!.slot)).toBe(true);
    }
    expect(await read(pack, 'four')).toBeNull();
  });

  it('its room - is what it takes on disk, for articles of any size', async () => {
    const pack = packAt(join(folder, '1.pack'));
    for (const [index, sizeBytes] of [0, 1, 3072, 3073, 70_000].entries()) await write(pack, String(index), sizeBytes);
    await pack.close();
    const { size, blocks } = await stat(join(folder, '1.pack'));
    expect([pack.bytes, blocks * 512]).toEqual([size, size]);
    expect(await roomOfPack(join(folder, '1.pack'))).toBe(size);
    expect(await roomOfPack(join(folder, '2.pack'))).toBe(0);
    expect((await listed()).bytes).toBe(3 * RECORD_BYTES);
  });

  it.each<[string, (spoiled: string) => Promise<void>]>([
    ['gone', (spoiled) => rm(spoiled)],
    ['cut short', (spoiled) => truncate(spoiled, 3000)],
    ['empty', (spoiled) => truncate(spoiled, 0)],
    [
      'changed by one bit',
      async (spoiled) => {
        const bytes = await readFile(spoiled);
        bytes[77]! ^= 1;
        await writeFile(spoiled, bytes);
      },
    ],
    ['something else', (spoiled) => writeFile(spoiled, Buffer.alloc(30_000, 7))],
  ])('an article in a pack that is %s - is none, and its slot is given back', async (_what, spoil) => {
    const pack = await listed();
    await spoil(path);
    expect(await read(pack, 'one')).toBeNull();
    expect(slots.out.size).toBe(0);
  });

  it('one bad article - takes no other with it', async () => {
    const file = await open(path, 'r+');
    await file.write(Buffer.from('rubbish'), 0, 7, RECORD_BYTES + 100);
    await file.close();
    const pack = await listed();
    expect(await read(pack, 'two')).toBeNull();
    expect(await read(pack, 'one')).not.toBeNull();
    expect(await read(pack, 'three')).not.toBeNull();
  });

  it('a pack with three articles half-written at its end, as a kill leaves it - has what was whole before', async () => {
    const sizeBytes = 768_000;
    await truncate(path, 3 * RECORD_BYTES + 3 * roomOf(sizeBytes) - 1);
    expect([...(await listed()).keys()]).toEqual(keysOf('one', 'two', 'three'));
  });

  it('a pack whose end was half-written - has what was whole before, and counts all it takes', async () => {
    await truncate(path, 2 * RECORD_BYTES + 4500);
    const pack = await listed();
    expect([...pack.keys()]).toEqual(keysOf('one', 'two'));
    expect(pack.bytes).toBe(3 * RECORD_BYTES);
    expect(pack.takes(1, 16)).toBe(false);
    expect(await read(pack, 'two')).not.toBeNull();
  });

  it('a pack that holds nothing of ours - says so; one that cannot be asked fails', async () => {
    await writeFile(path, Buffer.alloc(30_000, 7));
    expect(await packAt(path).list()).toBe(true);
    await expect(packAt(join(folder, 'nowhere')).list()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('a pack - takes so many articles and bytes, and one too large for any alone', async () => {
    const pack = packAt(join(folder, '1.pack'));
    expect(pack.takes(16 * 1024 * 1024, 2)).toBe(true);
    await write(pack, 'one');
    expect([pack.takes(16 * 1024 * 1024, 2), pack.takes(1_000_000, 2)]).toEqual([false, true]);
    await write(pack, 'two');
    expect(pack.takes(1, 2)).toBe(false);
    await pack.close();
  });

  it('an article with a name beyond reason - is not written, and takes no room', async () => {
    const pack = packAt(join(folder, '1.pack'));
    const article = articleOf(slots, 'two');
    const part = { ...article.part, fileName: 'x'.repeat(700) };
    expect(await pack.write(articleKey('two'), { ...article, part })).toBe(false);
    expect([pack.bytes, pack.isEmpty, (await readdir(folder)).length]).toEqual([0, true, 1]);
  });

  it('a write that fails - keeps its room until the pack goes, and nothing is appended any more', async () => {
    const pack = packAt(join(folder, 'nowhere', '0.pack'));
    const writing = write(pack, 'one');
    expect(pack.isBusy).toBe(true);
    await expect(writing).rejects.toMatchObject({ code: 'ENOENT' });
    expect([pack.isBusy, pack.isEmpty, pack.bytes, pack.takes(1, 16)]).toEqual([false, true, RECORD_BYTES, false]);
  });

  it('removing - is done when the file is gone, whoever removed it', async () => {
    const pack = await listed();
    expect([await pack.remove(), await pack.remove(), await readdir(folder)]).toEqual([true, true, []]);
  });
});
