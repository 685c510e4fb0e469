import { afterEach, describe, expect, it } from '@jest/globals';
import { truncate, writeFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BusyError, ClosedError, CorruptDataError } from '../../../../../backend/content/index.js';
import type { DecodedArticle } from '../../../../../backend/engines/usenet/article.js';
import type { ArticleLabOptions } from '../../../../support/article-lab.js';
import { ArticleLab, bytesOf, contentOf, demandOf, requestOf, SLOT_BYTES } from '../../../../support/article-lab.js';
import { until } from '../../../../support/until.js';

const FILE_BYTES = 8192; // 5,000 bytes and a trailer, in blocks

describe('article store', () => {
  let lab: ArticleLab;
  const open = async (options?: ArticleLabOptions): Promise<void> => {
    lab = await ArticleLab.open(options);
  };
  const onDisk = (count: number, content = contentOf('a')): Promise<boolean> =>
    until(`${count} articles are there`, async () => (await lab.bytesOnDisk(content)) === count * FILE_BYTES, {
      everyMs: 5,
    });
  const asked = (count: number): Promise<boolean> =>
    until('it is asked', () => lab.source.asked.length === count, { everyMs: 2 });

  afterEach(async () => {
    expect(await lab.close()).toBe(0);
  });

  it('article store - fetches once however many want it, and lends the same bytes to all', async () => {
    await open();
    lab.source.isHolding = true;
    const all = [lab.get('one'), lab.get('one'), lab.get('one')];
    await asked(1);
    lab.source.asked[0]!.answer();
    const held = await Promise.all(all);
    expect(new Set(held.map(({ bytes }) => bytes)).size).toBe(1);
    expect(bytesOf('one').equals(held[0]!.bytes)).toBe(true);
    expect(held[0]!.part.fileName).toBe('film.mkv');
    held[0]!.release();
    held[0]!.release();
    expect(bytesOf('one').equals(held[1]!.bytes)).toBe(true);
    for (const one of held) one.release();
    expect(lab.source.asked).toHaveLength(1);
  });

  it('article store - asks as urgently as the most urgent of those who wait', async () => {
    await open();
    lab.source.isHolding = true;
    const leaving = new AbortController();
    const ahead = demandOf('ahead', 3);
    const play = demandOf('play', 7);
    const first = lab.get('one', undefined, { demand: ahead });
    const second = lab.get('one', undefined, { demand: play, signal: leaving.signal });
    await asked(1);
    const { demand, signal } = lab.source.asked[0]!.options;
    expect([demand.urgency().rank, demand.owner]).toEqual(['play', play.owner]);
    leaving.abort(new BusyError('left'));
    await expect(second).rejects.toThrow('left');
    expect(signal.aborted).toBe(false);
    expect([demand.urgency(), demand.owner]).toEqual([{ rank: 'ahead', distance: 3 }, ahead.owner]);
    lab.source.asked[0]!.answer();
    (await first).release();
  });

  it('article store - ends the fetch when the last one leaves, and begins anew for the next', async () => {
    await open();
    lab.source.isHolding = true;
    const leaving = [new AbortController(), new AbortController()];
    const gets = leaving.map(({ signal }) => lab.get('one', undefined, { signal }));
    await asked(1);
    for (const controller of leaving) controller.abort(new BusyError('left'));
    for (const get of gets) await expect(get).rejects.toThrow('left');
    expect(lab.source.asked[0]!.options.signal.aborted).toBe(true);
    const next = lab.get('one');
    await asked(2);
    lab.source.asked[1]!.answer();
    (await next).release();
  });

  it('article store - a caller that has left already asks nobody', async () => {
    await open();
    const signal = AbortSignal.abort(new BusyError('left'));
    await expect(lab.get('one', undefined, { signal })).rejects.toThrow('left');
    expect(lab.source.asked).toHaveLength(0);
  });

  it('article store - what was fetched is read from disk by the next run', async () => {
    await open();
    await lab.read('one');
    await onDisk(1);
    await lab.restart();
    expect(lab.cache.usedBytes).toBe(FILE_BYTES);
    const held = await lab.get('one');
    expect(bytesOf('one').equals(held.bytes)).toBe(true);
    expect(held.part).toEqual({
      encoding: 'yenc',
      begin: 0,
      fileName: 'film.mkv',
      fileSizeBytes: 1e12,
      partNumber: 1,
      partCount: null,
    });
    held.release();
    expect(lab.source.asked).toHaveLength(1);
  });

  it('article store - a file that was damaged, cut short or lost is fetched again', async () => {
    await open({ packArticles: 1 });
    for (const name of ['one', 'two', 'three']) await lab.read(name);
    await onDisk(3);
    await lab.restart();
    const paths = await lab.files();
    const damaged = await readFile(paths[0]!);
    damaged[1000]! ^= 1;
    await writeFile(paths[0]!, damaged);
    await truncate(paths[1]!, 4000);
    await truncate(paths[2]!, 0);
    for (const name of ['one', 'two', 'three']) expect((await lab.read(name)).equals(bytesOf(name))).toBe(true);
    expect(lab.source.asked).toHaveLength(6);
    await until('they are counted again', () => lab.cache.usedBytes === 3 * FILE_BYTES);
    await onDisk(3);
  });

  it('article store - a copy that cannot be what was asked for is fetched again, from memory and from disk', async () => {
    await open();
    await lab.read('one');
    await onDisk(1);
    let refused = 2;
    const check = (): void => {
      if (refused-- > 0) throw new CorruptDataError('not that one');
    };
    const request = { ...requestOf('one'), check: check as (article: DecodedArticle) => void };
    const held = await lab.store.get(request, { demand: demandOf(), signal: new AbortController().signal });
    held.release();
    expect(lab.source.timesAsked('one')).toBe(2);
  });

  it('article store - what a killed run left half-written is never read, and what it had written before is', async () => {
    await open();
    const lease = lab.store.openContent(contentOf('a'));
    for (const name of ['one', 'two', 'three']) await lab.read(name);
    await onDisk(3);
    const [pack] = await lab.files();
    await truncate(pack!, 2 * FILE_BYTES + 100);
    await mkdir(join(lab.root, 'articles', contentOf('b')));
    lease.close();
    await lab.store.close();
    await lab.begin();
    expect(lab.cache.usedBytes).toBe(2 * FILE_BYTES + 4096);
    for (const name of ['one', 'two', 'three']) expect((await lab.read(name)).equals(bytesOf(name))).toBe(true);
    expect(['one', 'two', 'three'].map((name) => lab.source.timesAsked(name))).toEqual([1, 1, 2]);
  });

  it('article store - knows what is here, in memory and in an open content', async () => {
    await open();
    await lab.read('one');
    expect(lab.store.isHere(requestOf('one'))).toBe(true);
    await onDisk(1);
    await lab.restart();
    expect(lab.store.isHere(requestOf('one'))).toBe(false);
    const lease = lab.store.openContent(contentOf('a'));
    await lease.ready;
    expect([lab.store.isHere(requestOf('one')), lab.store.isHere(requestOf('two'))]).toEqual([true, false]);
    lease.close();
    lease.close();
  });

  it('article store - a missing article is told at once for a while, unless asked for by force or forgotten', async () => {
    await open();
    lab.source.missing.add('one');
    const missing = { code: 'ARTICLE_MISSING', message: 'Nobody has it.' };
    await expect(lab.get('one')).rejects.toMatchObject(missing);
    expect(lab.store.isMissing(requestOf('one'))).toBe(true);
    await expect(lab.get('one')).rejects.toMatchObject(missing);
    expect(lab.source.asked).toHaveLength(1);
    await expect(lab.get('one', undefined, { force: true })).rejects.toMatchObject(missing);
    expect(lab.source.asked).toHaveLength(2);
    lab.store.forgetMissing(contentOf('a'));
    lab.source.missing.clear();
    await lab.read('one');
    lab.store.rememberMissing(requestOf('two'));
    await expect(lab.get('two')).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
  });

  it('article store - tells a failure of the source to all who wait, and asks again for the next', async () => {
    await open();
    lab.source.isHolding = true;
    const all = [lab.get('one'), lab.get('one')];
    await asked(1);
    lab.source.asked[0]!.fail(new BusyError('not now'));
    for (const get of all) await expect(get).rejects.toThrow('not now');
    lab.source.isHolding = false;
    await lab.read('one');
  });

  it('article store - keeps what was released up to its bound when full, the longest unused goes', async () => {
    await open({ memoryBytes: 2 * SLOT_BYTES, maxBytes: 1 });
    for (const name of ['one', 'two', 'one', 'three']) await lab.read(name);
    expect(lab.slots.out.size).toBe(2);
    expect(['one', 'two', 'three'].map((name) => lab.store.isHere(requestOf(name)))).toEqual([true, false, true]);
  });

  it('article store - gives everything back a few seconds after readers left', async () => {
    await open();
    const held = await lab.get('one');
    await lab.read('two');
    // The disk has them a moment before the writer lets go of them.
    const left = async (count: number): Promise<boolean> => {
      await lab.clock.advance(5000);
      return lab.slots.out.size === count;
    };
    await onDisk(2);
    await until('all but the held one is given back', () => left(1), { everyMs: 2 });
    held.release();
    await until('all is given back', () => left(0), { everyMs: 2 });
    await lab.clock.advance(60_000);
    expect(lab.clock.pending).toBe(0);
  });

  it('article store - a removed content is gone from memory, disk and count; who holds an article keeps it', async () => {
    await open();
    const held = await lab.get('one');
    await lab.read('two');
    await lab.read('other', contentOf('b'));
    await onDisk(2);
    await onDisk(1, contentOf('b'));
    await lab.store.remove(contentOf('a'));
    expect([await lab.files(), lab.cache.usedBytes]).toEqual([[], FILE_BYTES]);
    expect(lab.store.isHere(requestOf('two'))).toBe(false);
    expect(bytesOf('one').equals(held.bytes)).toBe(true);
    held.release();
    await lab.read('one');
    expect(lab.source.timesAsked('one')).toBe(2);
    await onDisk(1);
  });

  it('article store - closing ends fetches, finishes what is to be written, and refuses what comes after', async () => {
    await open();
    await lab.read('one');
    lab.source.isHolding = true;
    const waiting = lab.get('two');
    const told = expect(waiting).rejects.toBeInstanceOf(ClosedError);
    await asked(2);
    await lab.store.close();
    await told;
    await onDisk(1);
    await expect(lab.get('one')).rejects.toBeInstanceOf(ClosedError);
  });
});
