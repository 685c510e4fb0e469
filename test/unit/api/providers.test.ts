import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProvidersRoutes, type ProviderPool } from '../../../backend/api/index.js';
import { NotFoundError } from '../../../backend/content/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { untilAborted } from '../../support/memory-media-file.js';
import { NotedLog } from '../../support/noted-log.js';
import { until } from '../../support/until.js';

const KEY = 'the-key-of-the-admin';

const figures = {
  id: 'news.example.org',
  host: 'news.example.org',
  port: 563,
  tls: true,
  connections: { open: 2, busy: 1, limit: 10, configured: 20 },
  speedBytesPerSecond: 1e6,
  articles: 3,
  bytes: 2_100_000,
  misses: 1,
  errors: 1,
  lastError: { code: 'PROVIDER_AUTH', message: 'refused nntps://user:hunter2@news.example.org', at: 0 },
  state: 'auth',
};

describe('provider routes', () => {
  let server: Server;
  let origin = '';
  let clock: ManualClock;
  let test: ProviderPool['test'];

  beforeEach(async () => {
    clock = new ManualClock();
    test = () => Promise.reject(new NotFoundError('There is no such provider.'));
    // More than the interface asks for, as the pool's own objects may have it.
    const pool: ProviderPool = {
      providers: () => [{ ...figures, password: 'hunter2' } as typeof figures],
      test: (id, options) => test(id, options),
    };
    const access = { isOpen: false, isApiKey: (key: string) => key === KEY };
    const app = express();
    const own = { isSignedIn: (req: express.Request) => req.headers.cookie === 'session=good', originOf: () => origin };
    app.use(createProvidersRoutes({ ...own, pool, access, corsOrigins: [], clock, log: new NotedLog() }));
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const call = (path: string, options: RequestInit = {}): Promise<Response> =>
    fetch(`${origin}/api/providers${path}`, { headers: { 'X-Api-Key': KEY }, ...options });

  it('providers - are the figures of the moment, without anything secret', async () => {
    const response = await call('');
    const text = await response.text();
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(text).not.toContain('hunter2');
    expect(JSON.parse(text)).toMatchObject({
      providers: [
        {
          id: 'news.example.org',
          state: 'auth',
          connections: { open: 2, busy: 1, limit: 10, configured: 20 },
          lastError: { code: 'PROVIDER_AUTH', at: '1970-01-01T00:00:00.000Z' },
        },
      ],
    });
  });

  it('providers - are nobody else’s business', async () => {
    expect((await call('', { headers: {} })).status).toBe(401);
    expect((await call('/news.example.org/test', { method: 'POST', headers: {} })).status).toBe(401);
  });

  it('providers - are shown and tested from the page, not from another site', async () => {
    test = () => Promise.resolve({ ok: true, code: null, message: null, stages: [] });
    const own = { cookie: 'session=good', origin };
    const json = { 'content-type': 'application/json' };
    const post = (headers: Record<string, string>): Promise<Response> =>
      call('/news.example.org/test', { method: 'POST', headers });
    expect((await call('', { headers: own })).status).toBe(200);
    expect((await post({ ...own, ...json })).status).toBe(200);
    expect((await post({ ...own, ...json, origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await post(own)).status).toBe(400);
  });

  it('a test - says which stage failed and why', async () => {
    test = () =>
      Promise.resolve({
        ok: false,
        code: 'PROVIDER_AUTH',
        message: 'The account was refused.',
        stages: [
          { stage: 'dns', ok: true, ms: 1.4 },
          { stage: 'login', ok: false, ms: 20, message: '481 AUTHINFO PASS hunter2' },
        ],
      });
    const body = await (await call('/news.example.org/test', { method: 'POST' })).text();
    expect(JSON.parse(body)).toMatchObject({
      id: 'news.example.org',
      ok: false,
      code: 'PROVIDER_AUTH',
      stages: [{ stage: 'dns', ok: true, ms: 1 }, { stage: 'login' }],
    });
    expect(body).not.toContain('hunter2');
  });

  it('a test of an unknown provider - is 404', async () => {
    const response = await call('/nobody/test', { method: 'POST' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('a test that does not end - ends in time', async () => {
    let isCalled = false;
    test = (_id, { signal }) => {
      isCalled = true;
      return untilAborted(signal);
    };
    const answer = call('/news.example.org/test', { method: 'POST' });
    await until('the test runs', () => isCalled);
    expect((await call('/news.example.org/test', { method: 'POST' })).status).toBe(503);
    await clock.advance(20_000);
    expect((await answer).status).toBe(504);
    expect(clock.pending).toBe(0);
  });

  it('a caller who goes away - ends the test', async () => {
    let seen: AbortSignal | null = null;
    test = (_id, { signal }) => {
      seen = signal;
      return untilAborted(signal);
    };
    const leaving = new AbortController();
    const answer = call('/news.example.org/test', { method: 'POST', signal: leaving.signal });
    const signal = await until('the test runs', () => seen);
    leaving.abort();
    await expect(answer).rejects.toThrow();
    await until('the test is ended', () => signal.aborted && clock.pending === 0);
  });
});
