import { afterEach, describe, expect, it } from '@jest/globals';
import type { ContentId } from '../../../../../backend/content/index.js';
import type { ContentLease } from '../../../../../backend/engines/usenet/store/article-store.js';
import type { ArticleLabOptions } from '../../../../support/article-lab.js';
import { ArticleLab, contentOf, requestOf } from '../../../../support/article-lab.js';
import { until } from '../../../../support/until.js';

const FILE_BYTES = 8192;
const [A, B, C] = [contentOf('a'), contentOf('b'), contentOf('c')];

describe('stored contents', () => {
  let lab: ArticleLab;
  const leases: ContentLease[] = [];
  /** A cache for so many articles; each in a file of its own where the test does not say otherwise. */
  const room = (articles: number, packArticles = 1): ArticleLabOptions => ({
    maxBytes: articles * FILE_BYTES,
    memoryBytes: 0,
    packArticles,
  });
  const lease = (content: ContentId): ContentLease => {
    leases.push(lab.store.openContent(content));
    return leases.at(-1)!;
  };
  /** Reads an article and waits until it is on disk. */
  const keep = async (name: string, content: ContentId = A): Promise<void> => {
    const before = lab.slots.out.size;
    await lab.read(name, content);
    // The slot comes back when the write is over: nothing is kept in memory here.
    await until(`${name} is on disk`, () => lab.slots.out.size === before, { everyMs: 2 });
    expect(here([name], content)).toEqual([name]);
    await lab.clock.advance(1);
  };
  const here = (names: readonly string[], content: ContentId = A): string[] =>
    names.filter((name) => lab.store.isHere(requestOf(name, content)));

  afterEach(async () => {
    for (const one of leases.splice(0)) one.close();
    expect(await lab.close()).toBe(0);
  });

  it('stored contents - lets go of what readers have passed, the longest unused first, when full', async () => {
    lab = await ArticleLab.open(room(3));
    await lease(A).ready;
    for (const name of ['1', '2', '3', '1', '4']) await keep(name);
    expect(here(['1', '2', '3', '4'])).toEqual(['1', '3', '4']);
    expect(lab.cache.usedBytes).toBe(3 * FILE_BYTES);
    expect([A, B].map((content) => lab.store.diskBytes(content))).toEqual([3 * FILE_BYTES, 0]);
    leases.pop()?.close();
    await lab.clock.advance(60_000);
    expect(lab.store.diskBytes(A)).toBe(3 * FILE_BYTES);
  });

  it('stored contents - a content nobody reads goes before what is being read, the longest unused first', async () => {
    lab = await ArticleLab.open(room(4));
    for (const [name, content] of [
      ['b1', B],
      ['b2', B],
      ['c1', C],
    ] as const)
      await keep(name, content);
    await lab.clock.advance(60_000);
    await lease(A).ready;
    for (const name of ['1', '2']) await keep(name);
    expect([await lab.files(B), (await lab.files(C)).length, here(['1', '2'])]).toEqual([[], 1, ['1', '2']]);
    await keep('3');
    expect((await lab.files(C)).length).toBe(1);
    await keep('4');
    expect([await lab.files(C), here(['1', '2', '3', '4'])]).toEqual([[], ['1', '2', '3', '4']]);
    expect(lab.cache.usedBytes).toBe(4 * FILE_BYTES);
  });

  it('stored contents - the order of last use outlives a restart', async () => {
    lab = await ArticleLab.open(room(3));
    for (const [name, content] of [
      ['b1', B],
      ['c1', C],
      ['b2', B],
    ] as const)
      await keep(name, content);
    await lab.restart();
    await lease(A).ready;
    await keep('1');
    expect([(await lab.files(B)).length, await lab.files(C)]).toEqual([2, []]);
  });

  it('stored contents - what was passed goes before what a reader has not come to', async () => {
    lab = await ArticleLab.open(room(3));
    for (const name of ['1', '2', '3']) await keep(name);
    await lab.restart();
    await lease(A).ready;
    await lab.read('2');
    await keep('4');
    expect(here(['1', '2', '3', '4'])).toEqual(['1', '3', '4']);
  });

  it('stored contents - what is held stays, and the new article is read without being kept', async () => {
    lab = await ArticleLab.open(room(2));
    await lease(A).ready;
    await keep('1');
    await keep('2');
    const held = [await lab.get('1'), await lab.get('2')];
    await lab.read('3');
    const isOver = async (): Promise<boolean> => {
      await lab.clock.advance(1000);
      return !lab.store.isHere(requestOf('3'));
    };
    await until('the attempt to keep it is over', isOver, { everyMs: 2 });
    expect(here(['1', '2', '3'])).toEqual(['1', '2']);
    for (const one of held) one.release();
    await keep('4');
    expect(here(['1', '2', '4'])).toEqual(['2', '4']);
  });

  it('stored contents - closed for a while, a content is opened again with all it had', async () => {
    lab = await ArticleLab.open(room(10));
    await lease(A).ready;
    await keep('1');
    leases.pop()!.close();
    await lab.clock.advance(60_000);
    expect(here(['1'])).toEqual([]);
    await lease(A).ready;
    expect(here(['1'])).toEqual(['1']);
    expect(lab.cache.usedBytes).toBe(FILE_BYTES);
  });

  it('stored contents - removing one that was never opened deletes and uncounts it', async () => {
    lab = await ArticleLab.open(room(10));
    await keep('1', B);
    await lab.restart();
    await lab.store.remove(B);
    expect([await lab.files(B), lab.cache.usedBytes]).toEqual([[], 0]);
    await lab.store.remove(C);
  });

  it('stored contents - articles of one file go together, the file that was used last stays', async () => {
    lab = await ArticleLab.open(room(4, 2));
    await lease(A).ready;
    for (const name of ['1', '2', '3', '4', '2', '5']) await keep(name);
    expect(here(['1', '2', '3', '4', '5'])).toEqual(['1', '2', '5']);
    expect([lab.cache.usedBytes, await lab.bytesOnDisk()]).toEqual([3 * FILE_BYTES, 3 * FILE_BYTES]);
  });

  it('stored contents - one held article keeps its whole file, and one on its way too', async () => {
    lab = await ArticleLab.open(room(4, 2));
    await lease(A).ready;
    for (const name of ['1', '2', '3', '4']) await keep(name);
    const held = await lab.get('1');
    await keep('5');
    expect(here(['1', '2', '3', '4', '5'])).toEqual(['1', '2', '5']);
    held.release();
  });

  it('stored contents - a file that a reader has passed goes before one it has not read to its end', async () => {
    lab = await ArticleLab.open(room(4, 2));
    for (const name of ['1', '2', '3', '4']) await keep(name);
    await lab.restart();
    await lease(A).ready;
    for (const name of ['3', '1', '2']) await lab.read(name);
    await keep('5');
    expect(here(['1', '2', '3', '4', '5'])).toEqual(['3', '4', '5']);
  });

  it('stored contents - a cache of fewer articles than a file has still takes new ones', async () => {
    lab = await ArticleLab.open(room(3, 16));
    await lease(A).ready;
    for (const name of ['1', '2', '3', '4', '5']) await keep(name);
    expect(here(['1', '2', '3', '4', '5'])).toEqual(['4', '5']);
    expect(await lab.bytesOnDisk()).toBe(lab.cache.usedBytes);
  });
});
