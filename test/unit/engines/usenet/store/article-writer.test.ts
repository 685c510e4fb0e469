import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArticleMemory } from '../../../../../backend/engines/usenet/store/article-memory.js';
import { ArticleWriter } from '../../../../../backend/engines/usenet/store/article-writer.js';
import { StoredContents } from '../../../../../backend/engines/usenet/store/stored-contents.js';
import { DiskCache } from '../../../../../backend/storage/index.js';
import { articleOf, contentOf, CountedSlots } from '../../../../support/article-lab.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { NotedLog } from '../../../../support/noted-log.js';
import { until } from '../../../../support/until.js';

const A = contentOf('a');
const ARTICLE_BYTES = 5000;

describe('article writer', () => {
  const slots = new CountedSlots();
  let clock: ManualClock;
  let root: string;
  let log: NotedLog;
  let cache: DiskCache;
  let memory: ArticleMemory;
  let writer: ArticleWriter;

  const start = (maxBytes: number): void => {
    log = new NotedLog();
    clock = new ManualClock();
    cache = new DiskCache({ maxBytes });
    const contents = new StoredContents({ folder: root, cache, clock, isInUse: () => false, packArticles: 2 });
    memory = new ArticleMemory({ slots, clock, maxBytes: 0, released: () => undefined });
    writer = new ArticleWriter({ contents, cache, clock, log, maxPendingBytes: 3 * ARTICLE_BYTES });
  };
  const offer = (index: number): void => {
    const key = String(index).padStart(32, '0');
    writer.offer(key, A, memory.add(key, A, articleOf(slots, key)));
  };
  /** What is on disk, in bytes. */
  const written = async (): Promise<number> => {
    const names = await readdir(join(root, A)).catch(() => []);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(root, A, name))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'headstart-writer-'));
  });

  afterEach(async () => {
    await writer.close();
    expect([slots.out.size, slots.doubleGiven, writer.pendingBytes]).toEqual([0, 0, 0]);
    await rm(root, { recursive: true, force: true });
  });

  it('article writer - leaves out what does not fit into its queue when full', async () => {
    start(1e9);
    for (let index = 0; index < 10; index += 1) offer(index);
    expect([writer.pendingBytes, slots.out.size]).toEqual([3 * ARTICLE_BYTES, 3]);
    await writer.close();
    expect([await written(), cache.usedBytes]).toEqual([3 * 8192, 3 * 8192]);
  });

  it('article writer - writes an article offered twice once', async () => {
    start(1e9);
    offer(1);
    offer(1);
    await writer.close();
    expect([await written(), cache.usedBytes, log.lines]).toEqual([8192, 8192, []]);
  });

  it('article writer - gives up after a while when nothing may go to make room', async () => {
    start(10_000);
    cache.count(10_000);
    offer(1);
    const isOver = async (): Promise<boolean> => {
      await clock.advance(1000);
      return writer.pendingBytes === 0;
    };
    await until('it gave up', isOver, { everyMs: 2 });
    expect([await written(), cache.usedBytes, log.lines]).toEqual([0, 10_000, []]);
  });

  it('article writer - says once in a while that the disk refuses, leaves it alone a little, counts nothing', async () => {
    start(1e9);
    await writeFile(join(root, A), 'a file where the folder belongs');
    offer(1);
    await until('it failed', () => writer.pendingBytes === 0, { everyMs: 2 });
    offer(2);
    expect(writer.pendingBytes).toBe(0);
    await clock.advance(10_000);
    offer(3);
    await until('it failed', () => writer.pendingBytes === 0, { everyMs: 2 });
    expect([log.messages, cache.usedBytes]).toEqual([['Articles could not be kept on disk.'], 0]);
  });

  it('article writer - what waits of a forgotten content is not written', async () => {
    start(1e9);
    for (let index = 0; index < 3; index += 1) offer(index);
    writer.forget(A);
    await writer.close();
    expect([await written(), cache.usedBytes]).toEqual([0, 0]);
  });
});
