import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatPackName } from '../../../../../backend/engines/usenet/store/article-record.js';
import { ColdContents } from '../../../../../backend/engines/usenet/store/cold-contents.js';
import { contentOf } from '../../../../support/article-lab.js';

const [a, b] = [contentOf('a'), contentOf('b')];
const room = 8192;
/** What goes at once. */
const PORTION = 16;

describe('contents that nobody uses', () => {
  let root: string;
  let cold: ColdContents;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'headstart-cold-'));
    cold = new ColdContents(root);
  });
  afterEach(async () => {
    await cold.settled();
    await rm(root, { recursive: true });
  });

  async function put(contentId: string, count: number): Promise<void> {
    await mkdir(join(root, contentId), { recursive: true });
    for (let number = 0; number < count; number += 1)
      await writeFile(join(root, contentId, formatPackName(number)), Buffer.alloc(5000));
  }

  it('at the start - are measured by their files; empty folders go, foreign ones are left alone', async () => {
    await put(a, 3);
    await put(b, 0);
    await put('something-else', 2);
    expect(await cold.load()).toBe(3 * room);
    expect((await readdir(root)).sort()).toEqual([a, 'something-else'].sort());
    expect(cold.evictable(() => false).length).toBe(1);
    expect(cold.evictable((contentId) => contentId === a)).toEqual([]);
  });

  it('at the start - articles that an earlier version kept one by one go, foreign files stay', async () => {
    await put(a, 1);
    const key = '0123456789abcdef'.repeat(2);
    for (const name of [`${key}.5000`, `${key}.5000.part`, 'notes.txt']) await writeFile(join(root, a, name), 'x');
    expect(await cold.load()).toBe(room);
    expect((await readdir(join(root, a))).sort()).toEqual(['0.pack', 'notes.txt']);
  });

  it('a small one - goes at once, its folder too', async () => {
    await put(a, 3);
    await cold.load();
    expect(await cold.evictable(() => false)[0]!.evict()).toBe(3 * room);
    expect([await readdir(root), cold.evictable(() => false)]).toEqual([[], []]);
    expect(await cold.evict(a)).toBe(0);
  });

  it('a large one - goes in portions, and each frees what it counts', async () => {
    await put(a, PORTION + 10);
    await cold.load();
    expect(await cold.evict(a)).toBe(PORTION * room);
    expect((await readdir(join(root, a))).length).toBe(10);
    expect(await cold.evict(a)).toBe(10 * room);
    expect(await readdir(root)).toEqual([]);
  });

  it('one that is opened while a portion of it goes - is handed over when that is done, with what is left', async () => {
    await put(a, PORTION + 10);
    await cold.load();
    const going = cold.evict(a);
    expect(await cold.evict(a)).toBe(0);
    expect(await cold.handOver(a)).toBe(10 * room);
    expect(await going).toBe(PORTION * room);
    expect(cold.evictable(() => false)).toEqual([]);
  });

  it('one that is opened after it was offered - does not go', async () => {
    await put(a, 3);
    await cold.load();
    let isOpen = false;
    const [offered] = cold.evictable(() => isOpen);
    isOpen = true;
    expect(await offered!.evict()).toBe(0);
    expect((await readdir(join(root, a))).length).toBe(3);
  });

  it('what comes back - is known by its last use, after a restart too', async () => {
    await put(a, 3);
    await cold.load();
    await cold.handOver(a);
    cold.takeBack(a, { bytes: 3 * room, usedAt: 1_700_000_000_000 });
    await cold.settled();
    expect(cold.evictable(() => false)).toMatchObject([{ rank: 'idle', usedAt: 1_700_000_000_000 }]);
    expect((await stat(join(root, a))).mtimeMs).toBe(1_700_000_000_000);
    const next = new ColdContents(root);
    await next.load();
    expect(next.evictable(() => false)).toMatchObject([{ usedAt: 1_700_000_000_000 }]);
  });

  it('what comes back empty - leaves no folder', async () => {
    await put(a, 0);
    cold.takeBack(a, { bytes: 0, usedAt: 1 });
    await cold.settled();
    expect([await readdir(root), cold.evictable(() => false)]).toEqual([[], []]);
  });
});
