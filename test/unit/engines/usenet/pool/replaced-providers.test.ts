// The set of providers changes while articles are asked for.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PoolLab, request, wanted } from '../../../../support/pool-lab.js';
import { bodyOf, postedArticle } from '../../../../support/small-news-server.js';
import type { Answer, SmallNewsServer } from '../../../../support/small-news-server.js';
import { until } from '../../../../support/until.js';

const { body } = postedArticle(2000);

/** Bodies that are held back until `release` is called. */
function heldAnswers(): { answer: (line: string) => Promise<Answer | undefined>; release: () => void } {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const answer = async (line: string): Promise<Answer | undefined> => {
    if (!line.startsWith('BODY')) return undefined;
    await held;
    return bodyOf(body);
  };
  return { answer, release };
}

describe('providers that are replaced', () => {
  let lab: PoolLab;
  beforeEach(() => {
    lab = new PoolLab();
  });
  afterEach(async () => {
    await lab.close();
    expect(lab.slots.out).toBe(0);
  });

  const server = (): Promise<SmallNewsServer> =>
    lab.server({ answer: (line) => (line.startsWith('BODY') ? bodyOf(body) : undefined) });
  const fetched = async (pool: ReturnType<PoolLab['pool']>, id: string): Promise<number> => {
    const { bytes, slot } = await pool.fetch(request(id), wanted());
    lab.slots.give(slot);
    return bytes.length;
  };

  it('the first one - is asked at once, where nothing could be before', async () => {
    const pool = lab.pool([]);
    pool.start();
    await expect(pool.fetch(request('m1'), wanted())).rejects.toMatchObject({ code: 'USENET_UNAVAILABLE' });
    const news = await server();
    pool.replace([news.provider()]);
    await until('it is dialled before anything is wanted', () => pool.providers()[0]?.connections.open === 1);
    expect(await fetched(pool, 'm1')).toBe(2000);
    expect(news.count('BODY')).toBe(1);
  });

  it('one that stays as it is - keeps its connections and its record', async () => {
    const [first, second] = [await server(), await server()];
    const pool = lab.pool([first.provider({ connections: 1 })]);
    await fetched(pool, 'm1');
    pool.replace([first.provider({ connections: 1 }), second.provider({ priority: 5 })]);
    await fetched(pool, 'm2');
    expect(pool.providers().map(({ id, articles }) => [id, articles])).toEqual([
      [first.name, 2],
      [second.name, 0],
    ]);
    expect(first.sessions).toHaveLength(1);
  });

  it('one that is removed - gives what was asked of it, is asked no more, and is left', async () => {
    const { answer, release } = heldAnswers();
    const [old, fresh] = [await lab.server({ answer }), await server()];
    const pool = lab.pool([old.provider({ connections: 2, depth: 1 })]);
    const underWay = [fetched(pool, 'm1'), fetched(pool, 'm2'), fetched(pool, 'm3')];
    await until('two are asked for', () => old.count('BODY') === 2);
    pool.replace([fresh.provider()]);
    expect(await underWay[2]).toBe(2000);
    expect([fresh.count('BODY'), old.open]).toEqual([1, 2]);
    release();
    expect(await Promise.all(underWay)).toEqual([2000, 2000, 2000]);
    await until('it is left', () => old.open === 0);
    expect([old.count('BODY'), old.count('QUIT')]).toEqual([2, 2]);
    expect(pool.providers().map(({ id }) => id)).toEqual([fresh.name]);
  });

  it('one that is removed - takes its idle connections along at once', async () => {
    const old = await server();
    const pool = lab.pool([old.provider()]);
    await fetched(pool, 'm1');
    pool.replace([]);
    await until('it is left', () => old.open === 0);
    expect([pool.isEmpty, pool.providers()]).toEqual([true, []]);
  });

  it('one that is removed while it is dialled - is not connected to', async () => {
    const old = await lab.server({ greeting: () => null });
    const pool = lab.pool([old.provider()]);
    const article = fetched(pool, 'm1');
    await until('it is dialled', () => old.open === 1);
    const fresh = await server();
    pool.replace([fresh.provider()]);
    expect(await article).toBe(2000);
    await until('it is left', () => old.open === 0);
  });

  it('the last one gone - what waits is refused as the want of a news server, not as missing', async () => {
    const { answer, release } = heldAnswers();
    const old = await lab.server({ answer });
    const pool = lab.pool([old.provider({ connections: 1, depth: 1 })]);
    const underWay = fetched(pool, 'm1');
    await until('it is asked for', () => old.count('BODY') === 1);
    const waiting = fetched(pool, 'm2');
    pool.replace([]);
    await expect(waiting).rejects.toMatchObject({ code: 'USENET_UNAVAILABLE' });
    release();
    expect(await underWay).toBe(2000);
  });

  it('a password put right - helps an article that was refused for it', async () => {
    const script = {
      password: 'right',
      answer: (line: string) => (line.startsWith('BODY') ? bodyOf(body) : undefined),
    };
    const news = await lab.server(script);
    const pool = lab.pool([news.provider({ password: 'wrong' })]);
    await expect(pool.fetch(request('m1'), wanted())).rejects.toMatchObject({ code: 'PROVIDER_AUTH' });
    pool.replace([news.provider()]);
    expect(await fetched(pool, 'm1')).toBe(2000);
    expect(pool.providers()).toMatchObject([{ id: news.name, state: 'ok', errors: 0 }]);
  });

  it('an article that was missing - is asked of one that is added under the same name', async () => {
    const empty = await lab.server();
    const full = await server();
    const pool = lab.pool([empty.provider({ id: 'news' })]);
    await expect(pool.fetch(request('m1'), wanted())).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
    pool.replace([full.provider({ id: 'news' })]);
    expect(await fetched(pool, 'm1')).toBe(2000);
  });

  it('one that is changed - never has more connections than it allows, those that are ending included', async () => {
    const { answer, release } = heldAnswers();
    const news = await lab.server({ answer });
    const provider = news.provider({ connections: 2, depth: 1 });
    const pool = lab.pool([provider]);
    const underWay = [fetched(pool, 'm1'), fetched(pool, 'm2')];
    await until('both are asked for', () => news.count('BODY') === 2);
    pool.replace([{ ...provider, priority: 1 }]);
    const later = fetched(pool, 'm3');
    release();
    expect(await Promise.all([...underWay, later])).toEqual([2000, 2000, 2000]);
    expect(news.mostOpen).toBe(2);
  });
});
