import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CorruptDataError } from '../../../../../backend/content/index.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { PoolLab, request, wanted } from '../../../../support/pool-lab.js';
import { HANG_UP, postedArticle } from '../../../../support/small-news-server.js';
import { until } from '../../../../support/until.js';

const { data, body } = postedArticle(5000);
const refuse = (code: number) => () => `${code} no`;

describe('article pool', () => {
  let lab: PoolLab;
  beforeEach(() => {
    lab = new PoolLab();
  });
  afterEach(async () => {
    await lab.close();
    expect(lab.slots.out).toBe(0);
  });

  async function fetched(pool: ReturnType<PoolLab['pool']>, id: string, options = wanted()): Promise<Buffer> {
    const { bytes, slot } = await pool.fetch(request(id), options);
    const copy = Buffer.from(bytes);
    lab.slots.give(slot);
    return copy;
  }

  it('an article - comes decoded, over a connection that logged in', async () => {
    const server = await lab.server({ password: 'secret', articles: { a: body } });
    const pool = lab.pool([server.provider()]);
    expect(await fetched(pool, 'a')).toEqual(data);
    expect(server.commands.slice(0, 3)).toEqual(['AUTHINFO USER someone', 'AUTHINFO PASS secret', 'BODY <a>']);
    expect(pool.providers()[0]).toMatchObject({ state: 'ok', articles: 1, misses: 0, errors: 0, lastError: null });
  });

  it('many articles - arrive whole over few connections, byte by byte too', async () => {
    const posts = Array.from({ length: 30 }, (_, seed) => postedArticle(300 + seed, seed + 1));
    const articles = Object.fromEntries(posts.map((post, index) => [`m${index}`, post.body]));
    const server = await lab.server({ articles, pieceBytes: 1 });
    const pool = lab.pool([server.provider({ connections: 3, depth: 4 })]);
    const all = await Promise.all(posts.map((_, index) => fetched(pool, `m${index}`)));
    expect(all).toEqual(posts.map((post) => post.data));
    expect(server.mostOpen).toBeLessThanOrEqual(3);
  });

  it('no provider - is told as such', async () => {
    await expect(lab.pool([]).fetch(request('a'), wanted())).rejects.toMatchObject({
      code: 'USENET_UNAVAILABLE',
      message: 'No news server is set up: add one on the configure page, or set NNTP_PROVIDERS.',
    });
  });

  it('a missing article - is had from the backup, asked last', async () => {
    const first = await lab.server();
    const second = await lab.server();
    const backup = await lab.server({ articles: { a: body } });
    const pool = lab.pool([
      backup.provider({ isBackup: true, priority: 0 }),
      second.provider({ priority: 2 }),
      first.provider({ priority: 1 }),
    ]);
    expect(await fetched(pool, 'a')).toEqual(data);
    expect([first, second, backup].map((server) => server.count('BODY'))).toEqual([1, 1, 1]);
    expect(pool.providers().map(({ misses }) => misses)).toEqual([1, 1, 0]);
  });

  it('a storage group - is asked once, and not again within the minute', async () => {
    const clock = new ManualClock();
    const [one, other] = [await lab.server(), await lab.server()];
    const pool = lab.pool([one.provider({ group: 'x' }), other.provider({ group: 'x', priority: 1 })], { clock });
    const missing = { name: 'UnplayableError', code: 'ARTICLE_MISSING' };
    await expect(pool.fetch(request('a'), wanted())).rejects.toMatchObject(missing);
    await expect(pool.fetch(request('a'), wanted())).rejects.toMatchObject(missing);
    expect(one.count('BODY') + other.count('BODY')).toBe(1);
    await clock.advance(61_000);
    await expect(pool.fetch(request('a'), wanted())).rejects.toMatchObject(missing);
    expect(one.count('BODY') + other.count('BODY')).toBe(2);
  });

  it('a release that one provider lacks - is looked for where it was found', async () => {
    const first = await lab.server();
    const articles = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`m${index}`, body]));
    const second = await lab.server({ articles });
    const pool = lab.pool([first.provider(), second.provider({ priority: 1 })]);
    for (let index = 0; index < 8; index += 1) await fetched(pool, `m${index}`);
    expect(first.count('BODY')).toBe(3);
    expect(second.count('BODY')).toBe(8);
  });

  it('a wrong password - is told as such, once, and is no missing article', async () => {
    const server = await lab.server({ password: 'right' });
    const pool = lab.pool([server.provider({ password: 'hunter2' })]);
    const wrong = { name: 'UpstreamError', code: 'PROVIDER_AUTH' };
    await expect(pool.fetch(request('a'), wanted())).rejects.toMatchObject(wrong);
    await expect(pool.fetch(request('b'), wanted())).rejects.toMatchObject(wrong);
    expect(server.sessions).toHaveLength(1);
    expect(pool.providers()[0]).toMatchObject({ state: 'auth', lastError: { code: 'PROVIDER_AUTH' } });
    expect(JSON.stringify([lab.log.lines, pool.providers()])).not.toContain('hunter2');
  });

  it('a provider that is down - is gone around, and outweighs what the others lack', async () => {
    const down = await lab.server({ greeting: refuse(502) });
    const other = await lab.server({ articles: { a: body } });
    const pool = lab.pool([down.provider(), other.provider({ priority: 1 })]);
    expect(await fetched(pool, 'a')).toEqual(data);
    await expect(pool.fetch(request('b'), wanted())).rejects.toMatchObject({ code: 'PROVIDER_LIMIT' });
  });

  it('the worst reason - is the one that is told', async () => {
    const locked = await lab.server({ password: 'right' });
    const down = await lab.server();
    const provider = down.provider({ priority: 1 });
    await down.close();
    lab.servers.pop();
    const pool = lab.pool([provider, locked.provider({ password: 'wrong' })]);
    await expect(pool.fetch(request('a'), wanted())).rejects.toMatchObject({ code: 'PROVIDER_AUTH' });
  });

  it('a full server - gets fewer connections, and every article still arrives', async () => {
    const articles = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`m${index}`, body]));
    const server = await lab.server({
      articles,
      greeting: () => (server.open > 2 ? '502 too many connections' : '200 hello'),
    });
    const pool = lab.pool([server.provider({ connections: 8 })]);
    await Promise.all(Object.keys(articles).map((id) => fetched(pool, id)));
    expect(pool.providers()[0]).toMatchObject({ state: 'ok', articles: 60, connections: { configured: 8, limit: 2 } });
  });

  it('an article cut off in the middle - is asked for once more', async () => {
    let cuts = 0;
    const server = await lab.server({
      articles: { a: body },
      answer: (line, { socket }) => {
        if (!line.startsWith('BODY') || cuts > 0) return undefined;
        cuts += 1;
        socket.end(Buffer.concat([Buffer.from('222 here\r\n'), body.subarray(0, 2000)]));
        return null;
      },
    });
    const pool = lab.pool([server.provider()]);
    expect(await fetched(pool, 'a')).toEqual(data);
    expect(server.count('BODY')).toBe(2);
  });

  it('an article that always cuts the connection - fails as unreachable, not as missing', async () => {
    const server = await lab.server({ answer: (line) => (line.startsWith('BODY') ? HANG_UP : undefined) });
    const pool = lab.pool([server.provider()]);
    await expect(pool.fetch(request('a'), wanted())).rejects.toMatchObject({ code: 'PROVIDER_UNREACHABLE' });
    expect(server.count('BODY')).toBe(2);
  });

  it('a broken copy - is none: the next provider is asked', async () => {
    const broken = Buffer.from(body);
    broken[200] = (broken[200] ?? 0) ^ 1;
    const first = await lab.server({ articles: { a: broken, b: broken } });
    const second = await lab.server({ articles: { a: body } });
    const pool = lab.pool([first.provider(), second.provider({ priority: 1 })]);
    expect(await fetched(pool, 'a')).toEqual(data);
    await expect(pool.fetch(request('b'), wanted())).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
    expect(pool.providers()[0]).toMatchObject({ errors: 2 });
  });

  it('a copy that cannot be what was asked for - is none', async () => {
    const wrong = postedArticle(100, 9);
    const first = await lab.server({ articles: { a: wrong.body } });
    const second = await lab.server({ articles: { a: body } });
    const pool = lab.pool([first.provider(), second.provider({ priority: 1 })]);
    const check = ({ bytes }: { bytes: Uint8Array }): void => {
      if (bytes.length !== data.length) throw new CorruptDataError('Another part.');
    };
    const { slot, bytes } = await pool.fetch(request('a', { check }), wanted());
    expect(Buffer.from(bytes)).toEqual(data);
    lab.slots.give(slot);
  });

  it('a message id that cannot be sent - belongs to an article that nobody has', async () => {
    const server = await lab.server();
    const pool = lab.pool([server.provider()]);
    const evil = request('a>\r\nQUIT\r\n<b');
    await expect(pool.fetch(evil, wanted())).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
    expect(server.commands).toEqual([]);
  });

  it('whoever leaves - makes room at once', async () => {
    let goOn: () => void = () => undefined;
    const held = new Promise<undefined>((resolve) => (goOn = () => resolve(undefined)));
    const server = await lab.server({
      articles: { a: postedArticle(700, 2).body, b: body },
      answer: (line) => (line === 'BODY <a>' ? held : undefined),
    });
    const pool = lab.pool([server.provider({ connections: 1, depth: 1 })]);
    const gone = new AbortController();
    const lost = pool.fetch(request('a'), wanted('play', { signal: gone.signal }));
    await until('it was asked for', () => server.count('BODY') === 1);
    const next = fetched(pool, 'b');
    gone.abort(new Error('left'));
    await expect(lost).rejects.toThrow('left');
    await until('the next one is asked for', () => server.count('BODY') === 2);
    goOn();
    expect(await next).toEqual(data);
    expect(server.sessions).toHaveLength(1);
    expect(pool.isIdle).toBe(true);
  });

  it('what is urgent when there is room - goes first, and owners take turns', async () => {
    const server = await lab.server({ articles: Object.fromEntries('abcdef'.split('').map((id) => [id, body])) });
    const pool = lab.pool([server.provider({ connections: 1, depth: 1 })]);
    const [one, other] = [{}, {}];
    const late = { rank: 'background' as const, distance: 0 };
    const changing: { urgency: { rank: 'background' | 'play'; distance: number } } = { urgency: late };
    const all = [
      fetched(pool, 'a', wanted('background')),
      fetched(pool, 'b', wanted('ahead', { owner: one, distance: 2 })),
      fetched(pool, 'c', wanted('ahead', { owner: one, distance: 1 })),
      fetched(pool, 'd', wanted('ahead', { owner: other, distance: 9 })),
      fetched(pool, 'e', wanted('play')),
      fetched(pool, 'f', { ...wanted(), demand: { owner: changing, urgency: () => changing.urgency } }),
    ];
    changing.urgency = { rank: 'play', distance: 0 };
    await Promise.all(all);
    const asked = server.commands.map((line) => line.slice(6, -1)).join('');
    expect(asked).toBe('efcdba');
  });

  it('one that waits too long - times out on the clock', async () => {
    const clock = new ManualClock();
    const server = await lab.server({ answer: (line) => (line.startsWith('BODY') ? null : undefined) });
    const pool = lab.pool([server.provider({ connections: 1, depth: 1 })], { clock });
    const late = pool.fetch(request('a'), wanted()).catch((error: unknown) => error);
    await until('it was asked for', () => server.count('BODY') === 1);
    await clock.advance(40_000);
    expect(await late).toMatchObject({ code: expect.stringMatching(/TIMEOUT|PROVIDER_UNREACHABLE/) });
  });

  it('existence - is asked for with STAT, of everyone in turn', async () => {
    const first = await lab.server({ answer: (line) => (line.startsWith('STAT') ? '500 unknown' : undefined) });
    const second = await lab.server({ articles: { a: body } });
    const pool = lab.pool([first.provider(), second.provider({ priority: 1 })]);
    expect(await pool.exists(request('a'), wanted('background'))).toBe(true);
    expect(await pool.exists(request('b'), wanted('background'))).toBeNull();
    expect(first.count('STAT')).toBe(1);
  });

  it('existence - is denied when all say so', async () => {
    const server = await lab.server();
    const pool = lab.pool([server.provider()]);
    expect(await pool.exists(request('a'), wanted('background'))).toBe(false);
  });

  it('a quota - ends with its bytes and begins anew with its period', async () => {
    const clock = new ManualClock();
    const server = await lab.server({ articles: { a: body, b: body } });
    const pool = lab.pool([server.provider({ quotaBytes: 5000, quotaPeriodMs: 86_400_000 })], { clock });
    await fetched(pool, 'a');
    await expect(pool.fetch(request('b'), wanted())).rejects.toMatchObject({ code: 'PROVIDER_LIMIT' });
    expect(pool.providers()[0]).toMatchObject({ state: 'quota' });
    await clock.advance(86_400_000);
    expect(await fetched(pool, 'b')).toEqual(data);
  });

  it('waiting articles - are refused when too many', async () => {
    const server = await lab.server({ greeting: () => null });
    const pool = lab.pool([server.provider()]);
    const gone = new AbortController();
    const options = wanted('ahead', { signal: gone.signal });
    const all = Array.from({ length: 2049 }, (_, index) => pool.fetch(request(`m${index}`), options));
    const ends = Promise.allSettled(all);
    await expect(all.at(-1)).rejects.toMatchObject({ code: 'BUSY' });
    gone.abort(new Error('left'));
    expect((await ends).filter(({ status }) => status === 'fulfilled')).toEqual([]);
  });

  it('closing - refuses what waits, ends every connection, and may be done twice', async () => {
    const server = await lab.server({ answer: (line) => (line.startsWith('BODY') ? null : undefined) });
    const pool = lab.pool([server.provider()]);
    const waiting = pool.fetch(request('a'), wanted()).catch((error: unknown) => error);
    await until('it was asked for', () => server.count('BODY') === 1);
    await Promise.all([pool.close(), pool.close()]);
    expect(await waiting).toMatchObject({ code: 'CLOSED' });
    await until('the server counts none', () => server.open === 0);
    await expect(pool.fetch(request('a'), wanted())).rejects.toMatchObject({ code: 'CLOSED' });
  });
});
