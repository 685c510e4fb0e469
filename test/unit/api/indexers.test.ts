// `/api/indexers` over HTTP: what the admin sees, changes and tries, and who is kept out.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { createIndexersRoutes } from '../../../backend/api/index.js';
import { InputError } from '../../../backend/content/index.js';
import { ConfiguredIndexers } from '../../../backend/discovery/index.js';
import { ask, askJson, type Ask } from '../../support/http.js';
import { HttpLab } from '../../support/http-lab.js';
import { ManualClock } from '../../support/manual-clock.js';
import { FakeIndexerSet, MemoryIndexers } from '../../support/memory-indexers.js';
import { untilAborted } from '../../support/memory-media-file.js';
import { NotedLog } from '../../support/noted-log.js';
import { until } from '../../support/until.js';

const KEY = 'the-key-of-the-admin';
const SECRET = '0123456789abcdef';
const wanted = { kind: 'newznab', name: 'Lantern', url: `https://lantern.example/api?apikey=${SECRET}` };
const SECRETS = new RegExp(`${SECRET}|environment-key|hidden-word`);

let lab: HttpLab;
let origin = '';
let clock: ManualClock;
let keeper: MemoryIndexers;
let inUse: FakeIndexerSet;
let log: NotedLog;

beforeEach(async () => {
  lab = new HttpLab();
  clock = new ManualClock();
  keeper = new MemoryIndexers();
  inUse = new FakeIndexerSet();
  log = new NotedLog();
  const environment = [
    {
      id: 'harbour',
      kind: 'torznab',
      name: 'Harbour',
      url: 'http://me:hidden-word@10.0.0.2/',
      apiKey: 'environment-key',
    },
  ] as const;
  const indexers = new ConfiguredIndexers({ environment, keeper, inUse, log });
  indexers.start();
  const access = { isOpen: false, isApiKey: (key: string) => key === KEY };
  const app = express();
  app.use(
    createIndexersRoutes({
      ...{ indexers, access, clock, log },
      corsOrigins: ['https://panel.example'],
      isSignedIn: (req) => req.headers.cookie === 'session=good',
      originOf: () => origin,
    }),
  );
  ({ origin } = await lab.serve(app));
});

afterEach(() => lab.close());

type Options = Ask & { readonly json?: unknown };

function sent({ json, ...rest }: Options): Ask {
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  return { ...rest, ...body, headers: { 'x-api-key': KEY, 'content-type': 'application/json', ...rest.headers } };
}

const call = (method: string, path = '', options: Options = {}): ReturnType<typeof askJson> =>
  askJson(`${origin}/api/indexers${path}`, sent({ method, ...options }));

async function added(json: unknown = wanted): Promise<string> {
  const { json: indexer } = await call('POST', '', { json });
  return String(indexer['id']);
}

describe('indexers', () => {
  it('list - shows where each comes from and how it is doing, and no secret', async () => {
    const id = await added();
    const error = { code: 'INDEXER_LIMIT', message: `Too many: http://x/?apikey=${SECRET}` };
    const retryAt = Date.UTC(2030, 0, 2);
    inUse.figures = inUse.figures.map((one) => ({
      ...one,
      state: 'limited',
      error,
      retryAt,
      averageMs: 12.4,
      searches: 3,
    }));
    const { headers, json, status } = await call('GET');
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(json).toMatchObject({
      indexers: [
        { id: 'harbour', origin: 'environment', url: 'http://••••@10.0.0.2/', maskedKey: '••••-key', isEnabled: true },
        {
          ...{ id, kind: 'newznab', name: 'Lantern', url: 'https://lantern.example/api', origin: 'settings' },
          ...{ hasApiKey: true, maskedKey: '••••cdef', isEnabled: true, requestsPerMinute: null },
          status: {
            ...{ state: 'limited', averageMs: 12, searches: 3, lastSearchAt: null },
            ...{ error: { code: 'INDEXER_LIMIT' }, retryAt: '2030-01-02T00:00:00.000Z' },
          },
        },
      ],
    });
    expect(JSON.stringify(json)).not.toMatch(SECRETS);
  });

  it('create, read, change, delete - each answers with what is there now', async () => {
    const created = await call('POST', '', { json: { ...wanted, requestsPerMinute: 20 } });
    expect(created).toMatchObject({ status: 201, json: { name: 'Lantern', requestsPerMinute: 20, hasApiKey: true } });
    const path = `/${String(created.json['id'])}`;
    expect(await call('GET', path)).toMatchObject({ status: 200, json: created.json });
    const changed = await call('PUT', path, { json: { isEnabled: false, requestsPerMinute: null } });
    expect(changed).toMatchObject({
      status: 200,
      json: { name: 'Lantern', isEnabled: false, requestsPerMinute: null },
    });
    expect(await ask(`${origin}/api/indexers${path}`, sent({ method: 'DELETE' }))).toMatchObject({ status: 204 });
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const json = method === 'PUT' ? { json: {} } : {};
      expect(await call(method, path, json)).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
    }
    expect(inUse.settings).toHaveLength(1);
  });

  it('what was read - can be written back without harm to what was masked', async () => {
    const url = 'https://me:hidden-word@lantern.example/api?passkey=abc';
    const id = await added({ ...wanted, url, apiKey: SECRET });
    const { json } = await call('GET', `/${id}`);
    expect((await call('PUT', `/${id}`, { json: { ...json, apiKey: json['maskedKey'], name: 'New' } })).status).toBe(
      200,
    );
    expect(keeper.list()).toMatchObject([{ name: 'New', url, apiKey: SECRET }]);
    expect(await call('PUT', `/${id}`, { json: { apiKey: null } })).toMatchObject({
      json: { hasApiKey: false, maskedKey: null },
    });
    expect(keeper.list()[0]).not.toHaveProperty('apiKey');
  });

  it('one of the environment - is read-only, and says who sets it', async () => {
    for (const method of ['PUT', 'DELETE']) {
      const { json, status } = await call(method, '/harbour', { json: { name: 'X' } });
      expect([status, json['code']]).toEqual([403, 'FORBIDDEN']);
      expect(json['error']).toContain('INDEXERS');
    }
  });

  it.each([
    [{}, 'kind must be one of torznab, newznab, prowlarr, nzbhydra, jackett. url must be an http or https address'],
    [{ ...wanted, kind: 'pigeon' }, 'kind must be one of'],
    [{ ...wanted, name: 'two\nlines' }, 'name must be one line'],
    [{ ...wanted, url: `https://a.example/${'x'.repeat(2048)}` }, 'url must be'],
    [{ ...wanted, url: 'gopher://a.example/' }, 'url must be'],
    [{ ...wanted, apiKey: '••••cdef' }, 'apiKey must be the key itself'],
    [{ ...wanted, isEnabled: 'yes' }, 'isEnabled must be true or false'],
    [{ ...wanted, requestsPerMinute: 0.5 }, 'requestsPerMinute must be a whole number from 1 to 1000'],
    [{ ...wanted, apikey: SECRET }, 'There is no field apikey; known are kind, name, url, apiKey,'],
    [[wanted], 'Send the fields as a JSON object'],
  ])('wrong fields %j - are named', async (json, message) => {
    const answer = await call('POST', '', { json });
    expect([answer.status, answer.json['code']]).toEqual([400, 'INPUT']);
    expect(answer.json['error']).toContain(message);
    expect(keeper.list()).toEqual([]);
  });

  it('bodies - that are no JSON or larger than 16 KB are refused', async () => {
    expect(await call('POST', '', { body: '{"kind":' })).toMatchObject({ status: 400, json: { code: 'INPUT' } });
    const large = await call('POST', '', { json: { ...wanted, note: 'x'.repeat(17_000) } });
    expect([large.status, large.json['code']]).toEqual([413, 'TOO_LARGE']);
    const plain = await call('POST', '', { json: wanted, headers: { 'content-type': 'text/plain' } });
    expect([plain.status, plain.json['code']]).toEqual([400, 'INPUT']);
  });

  it('a full store - is told', async () => {
    keeper.put = () => {
      throw new InputError('There are 100 indexers already; remove one first.');
    };
    expect(await call('POST', '', { json: wanted })).toMatchObject({ status: 400, json: { code: 'INPUT' } });
  });
});

describe('a test of an indexer', () => {
  it('test - says what it found, of what is kept and of what is not kept yet', async () => {
    inUse.findings = {
      ...inUse.findings,
      ok: false,
      problem: { code: 'INDEXER_AUTH', message: 'apikey=sesame is wrong' },
    };
    const found = { ok: false, problem: { code: 'INDEXER_AUTH' }, categories: 12, elapsedMs: 42 };
    const id = await added();
    expect(await call('POST', `/${id}/test`)).toMatchObject({ status: 200, json: found });
    expect(await call('POST', `/${id}/test`, { json: { kind: 'torznab' } })).toMatchObject({ json: found });
    const fresh = await call('POST', '/test', { json: { ...wanted, name: 'Other' } });
    expect(fresh.json).toMatchObject({ searches: { film: ['imdbid', 'q'] }, server: 'Lantern 1.0' });
    expect(JSON.stringify(fresh.json)).not.toContain('sesame');
    expect(inUse.tested).toMatchObject([{ id, apiKey: SECRET }, { id, kind: 'torznab' }, { name: 'Other' }]);
    expect(keeper.list()).toHaveLength(1);
  });

  it('test of nothing - is refused', async () => {
    expect((await call('POST', '/nobody/test')).status).toBe(404);
    expect((await call('POST', '/test')).status).toBe(400);
    expect(inUse.tested).toEqual([]);
  });

  it('ten tests of one indexer at once - are one, the others are told to wait', async () => {
    inUse.answer = (signal) => untilAborted(signal);
    const first = call('POST', '/harbour/test');
    await until('the first runs', () => inUse.tested.length === 1);
    const others = await Promise.all(Array.from({ length: 9 }, () => call('POST', '/harbour/test')));
    expect(others.map(({ status }) => status)).toEqual(Array(9).fill(503));
    expect(others[0]).toMatchObject({ headers: { 'retry-after': '5' }, json: { code: 'BUSY' } });
    await clock.advance(20_000);
    expect(await first).toMatchObject({ status: 504, json: { code: 'TIMEOUT' } });
    expect([inUse.tested.length, clock.pending]).toEqual([1, 0]);
    inUse.answer = () => Promise.resolve(inUse.findings);
    expect((await call('POST', '/harbour/test')).status).toBe(200);
  });

  it('tests of ten indexers - run at once', async () => {
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    inUse.answer = () => finished.then(() => inUse.findings);
    const json = (number: number): unknown => ({ kind: 'torznab', url: `http://10.0.0.${number}/` });
    const answers = Array.from({ length: 10 }, (_, number) => call('POST', '/test', { json: json(number + 1) }));
    await until('all run', () => inUse.tested.length === 10);
    finish();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(10).fill(200));
  });

  it('tests - when full, another one is refused', async () => {
    inUse.answer = (signal) => untilAborted(signal);
    const json = (number: number): unknown => ({ kind: 'torznab', url: `http://10.0.1.${number}/` });
    const running = Array.from({ length: 16 }, (_, number) => call('POST', '/test', { json: json(number + 1) }));
    await until('all run', () => inUse.tested.length === 16);
    expect(await call('POST', '/harbour/test')).toMatchObject({ status: 503, json: { code: 'BUSY' } });
    await clock.advance(20_000);
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual(Array(16).fill(504));
  });

  it('a caller who goes away - ends the test', async () => {
    let seen: AbortSignal | null = null;
    inUse.answer = (signal) => {
      seen = signal;
      return untilAborted(signal);
    };
    const leaving = new AbortController();
    const answer = call('POST', '/harbour/test', { signal: leaving.signal });
    const signal = await until('the test runs', () => seen);
    leaving.abort();
    await expect(answer).rejects.toThrow();
    await until('the test is ended', () => signal.aborted && clock.pending === 0);
  });
});

describe('who may', () => {
  const everyCall: readonly (readonly [string, string])[] = [
    ['GET', ''],
    ['POST', ''],
    ['POST', '/test'],
    ['GET', '/harbour'],
    ['PUT', '/harbour'],
    ['DELETE', '/harbour'],
    ['POST', '/harbour/test'],
  ];
  const stranger = { 'x-api-key': 'wrong' };
  const session = { ...stranger, cookie: 'session=good' };

  it.each(everyCall)('%s %s - is nobody else’s business', async (method, path) => {
    const answer = await call(method, path, { json: wanted, headers: stranger });
    expect([answer.status, answer.json['code']]).toEqual([401, 'UNAUTHORIZED']);
  });

  it.each(everyCall)(
    '%s %s - is for our own pages, and for no foreign one that has the cookie sent along',
    async (method, path) => {
      const own = { ...session, origin, 'sec-fetch-site': 'same-origin' };
      const { status } = await ask(`${origin}/api/indexers${path}`, sent({ method, json: wanted, headers: own }));
      expect([200, 201, 403]).toContain(status); // 403 alone where INDEXERS sets it
      const foreign = { ...session, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
      const refused = await call(method, path, { json: wanted, headers: foreign });
      expect([refused.status, refused.json['error']]).toEqual([403, 'This was not asked by a page of this server.']);
      expect(refused.headers).not.toHaveProperty('access-control-allow-origin');
    },
  );

  it('a configured origin - may read the answers with a key, never with the cookie alone', async () => {
    const headers = { origin: 'https://panel.example' };
    expect(await call('GET', '', { headers })).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': 'https://panel.example' },
    });
    const cookie = await call('POST', '', { json: wanted, headers: { ...session, ...headers } });
    expect([cookie.status, cookie.headers['access-control-allow-credentials']]).toEqual([403, undefined]);
  });
});
