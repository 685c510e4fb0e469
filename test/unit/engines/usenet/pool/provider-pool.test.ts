import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HeadstartError } from '../../../../../backend/content/index.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { PoolLab, request, wanted } from '../../../../support/pool-lab.js';
import { HANG_UP, bodyOf, postedArticle } from '../../../../support/small-news-server.js';
import type { Answer } from '../../../../support/small-news-server.js';
import { until } from '../../../../support/until.js';

const { body } = postedArticle(2000);

/** The same chances at every run. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('the connections of a provider', () => {
  let lab: PoolLab;
  beforeEach(() => {
    lab = new PoolLab();
  });
  afterEach(async () => {
    await lab.close();
    expect(lab.slots.out).toBe(0);
  });

  it('faults by the hundred - never make more connections than configured, nor leave anything behind', async () => {
    const chance = chances(7);
    const faults: ((line: string) => Answer)[] = [
      () => HANG_UP,
      () => '400 goodbye',
      () => 'this is not NNTP',
      () => '430 gone',
      () => Buffer.concat([bodyOf(body).subarray(0, 900), Buffer.from('\r\n.\r\n')]),
      () => '403 out of order',
    ];
    const server = await lab.server({
      greeting: () => (chance() < 0.2 ? HANG_UP : '200 hello'),
      answer: (line, { socket }) => {
        if (!line.startsWith('BODY')) return undefined;
        if (chance() < 0.6) return bodyOf(body);
        if (chance() < 0.3) {
          socket.end(bodyOf(body).subarray(0, 700));
          return null;
        }
        return faults[Math.floor(chance() * faults.length)]?.(line);
      },
    });
    const pool = lab.pool([server.provider({ connections: 5 })]);
    const gone = new AbortController();
    const ends = await Promise.allSettled(
      Array.from({ length: 160 }, async (_, index) => {
        const signal = index % 10 === 0 ? gone.signal : new AbortController().signal;
        if (index === 80) gone.abort(new HeadstartError('left', 'LEFT'));
        const { slot } = await pool.fetch(request(`m${index}`), wanted('play', { signal }));
        lab.slots.give(slot);
      }),
    );
    expect(server.mostOpen).toBeLessThanOrEqual(5);
    const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    expect(reasons.filter((reason) => !(reason instanceof HeadstartError))).toEqual([]);
    expect(ends.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  });

  it('the first one - is dialled alone, the others once it stands', async () => {
    let letIn: () => void = () => undefined;
    const articles = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`m${index}`, body]));
    const server = await lab.server({
      articles,
      greeting: (session) => {
        if (session.number > 1) return '200 hello';
        letIn = () => session.socket.write('200 hello\r\n');
        return null;
      },
    });
    const pool = lab.pool([server.provider()]);
    const all = Object.keys(articles).map((id) => pool.fetch(request(id), wanted()));
    await until('it has connected', () => server.sessions.length > 0);
    expect(server.sessions).toHaveLength(1);
    letIn();
    for (const { slot } of await Promise.all(all)) lab.slots.give(slot);
    await until('others have connected', () => server.sessions.length > 1);
    expect(server.mostOpen).toBeLessThanOrEqual(4);
  });

  it('start - connects in the background; idle connections are asked the time, and one stays warm', async () => {
    const clock = new ManualClock();
    const server = await lab.server();
    const pool = lab.pool([server.provider()], { clock });
    pool.start();
    await until('it is connected', () => pool.providers()[0]?.connections.open === 1);
    const askedTwice = until('it was asked twice', async () => {
      await clock.advance(15_000);
      return server.count('DATE') >= 2;
    });
    await askedTwice;
    expect(server.sessions).toHaveLength(1);
    expect(pool.providers()[0]).toMatchObject({ state: 'ok', connections: { open: 1, busy: 0 } });
  });

  it('a warm connection that the server cut - is dialled anew without harm', async () => {
    const server = await lab.server({ articles: { a: body, b: body } });
    const pool = lab.pool([server.provider({ connections: 1 })]);
    lab.slots.give((await pool.fetch(request('a'), wanted())).slot);
    server.cutAll();
    lab.slots.give((await pool.fetch(request('b'), wanted())).slot);
    expect(server.mostOpen).toBe(1);
  });

  it('a server that came back - is asked again after its pause, with one try', async () => {
    const clock = new ManualClock();
    let isDown = true;
    const server = await lab.server({
      articles: { a: body },
      greeting: () => (isDown ? '400 out of order' : '200 hello'),
    });
    const pool = lab.pool([server.provider()], { clock });
    const first = pool.fetch(request('a'), wanted()).catch((error: unknown) => error);
    const opened = until('it is given up', async () => {
      await clock.advance(300);
      return pool.providers()[0]?.state === 'cooling' && lab.log.messages.length > 0;
    });
    expect(await first).toMatchObject({ code: 'PROVIDER_UNREACHABLE' });
    await opened;
    const tries = server.sessions.length;
    await expect(pool.fetch(request('a'), wanted())).rejects.toMatchObject({ code: 'PROVIDER_UNREACHABLE' });
    expect(server.sessions).toHaveLength(tries);
    isDown = false;
    await clock.advance(6000);
    lab.slots.give((await pool.fetch(request('a'), wanted())).slot);
    expect(server.sessions).toHaveLength(tries + 1);
    expect(pool.providers()[0]).toMatchObject({ state: 'ok' });
  });

  it('a server that allows fewer - is said once, however many dials it refuses', async () => {
    const articles = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`m${index}`, body]));
    const greeting = ({ number }: { number: number }): string => (number === 1 ? '200 hi' : '502 too many connections');
    const server = await lab.server({ articles, greeting });
    const pool = lab.pool([server.provider()]);
    const all = Object.keys(articles).map((id) => pool.fetch(request(id), wanted()));
    for (const { slot } of await Promise.all(all)) lab.slots.give(slot);
    await until('some were refused', () => (pool.providers()[0]?.errors ?? 0) >= 2);
    expect(lab.log.lines).toEqual([
      { level: 'info', fields: { provider: server.name, limit: 1 }, message: expect.stringContaining('fewer') },
    ]);
  });

  it('a storm of seeks - cuts late connections, but not all of them', async () => {
    const clock = new ManualClock();
    const server = await lab.server({ answer: (line) => (line.startsWith('BODY') ? null : undefined) });
    const pool = lab.pool([server.provider()], { clock });
    const gone = new AbortController();
    const options = wanted('ahead', { signal: gone.signal });
    const all = Array.from({ length: 12 }, (_, index) => pool.fetch(request(`m${index}`), options));
    const ends = Promise.allSettled(all);
    await until('all were asked for', () => server.count('BODY') === 12);
    await clock.advance(1600);
    gone.abort(new Error('elsewhere'));
    await ends;
    await until('the late ones are cut', () => server.open === 2);
    expect(pool.providers()[0]?.connections.open).toBe(2);
  });

  it('a refusal by command - stops the asking, until an article comes again', async () => {
    const clock = new ManualClock();
    let isSpent = true;
    const server = await lab.server({
      articles: { a: body },
      answer: (line) => (line.startsWith('BODY') && isSpent ? '502 quota exceeded' : undefined),
    });
    const pool = lab.pool([server.provider({ connections: 1 })], { clock });
    const spent = { code: 'PROVIDER_LIMIT' };
    for (const pauseMs of [250, 1000, 0]) {
      await expect(pool.fetch(request('a'), wanted())).rejects.toMatchObject(spent);
      await clock.advance(pauseMs);
    }
    await expect(pool.fetch(request('a'), wanted())).rejects.toMatchObject(spent);
    expect([server.count('BODY'), pool.providers()[0]?.state]).toEqual([3, 'limit']);
    isSpent = false;
    await clock.advance(5000);
    lab.slots.give((await pool.fetch(request('a'), wanted())).slot);
    expect(pool.providers()[0]?.state).toBe('ok');
  });

  it('a session that the server forgot - is begun anew without harm', async () => {
    let forgets = 1;
    const server = await lab.server({
      articles: { a: body },
      password: 'secret',
      answer: (line) => (line.startsWith('BODY') && forgets-- > 0 ? '480 who are you?' : undefined),
    });
    const pool = lab.pool([server.provider({ connections: 1 })]);
    lab.slots.give((await pool.fetch(request('a'), wanted())).slot);
    expect(server.sessions).toHaveLength(2);
  });

  it('a server that wants reader mode - gets it', async () => {
    const isReader = new Set<number>();
    const server = await lab.server({
      articles: { a: body },
      answer: (line, { number }) => {
        if (line === 'MODE READER') isReader.add(number);
        return line.startsWith('BODY') && !isReader.has(number) ? '401 MODE-READER' : undefined;
      },
    });
    const pool = lab.pool([server.provider()]);
    lab.slots.give((await pool.fetch(request('a'), wanted())).slot);
    expect(server.sessions).toHaveLength(2);
  });
});
