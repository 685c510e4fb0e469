// `/api/providers` over HTTP: what the admin sees, changes and tries, and who is kept out.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { createProvidersRoutes } from '../../../backend/api/index.js';
import { InputError } from '../../../backend/content/index.js';
import { ConfiguredProviders } from '../../../backend/engines/usenet/index.js';
import { loadConfig } from '../../../backend/platform/index.js';
import { ask, askJson, type Ask } from '../../support/http.js';
import { HttpLab } from '../../support/http-lab.js';
import { ManualClock } from '../../support/manual-clock.js';
import { untilAborted } from '../../support/memory-media-file.js';
import { FakeProvidersInUse, MemoryProviders } from '../../support/memory-providers.js';
import { NotedLog } from '../../support/noted-log.js';
import { until } from '../../support/until.js';

const KEY = 'the-key-of-the-admin';
const wanted = { host: 'pier.example', user: 'reader', password: 'hunter2' };
const SECRETS = /hunter2|reader|harbour-user|harbour-word/;

let lab: HttpLab;
let origin = '';
let clock: ManualClock;
let keeper: MemoryProviders;
let inUse: FakeProvidersInUse;

beforeEach(async () => {
  lab = new HttpLab();
  clock = new ManualClock();
  keeper = new MemoryProviders();
  inUse = new FakeProvidersInUse();
  const log = new NotedLog();
  const { nntpProviders: environment } = loadConfig({
    NNTP_PROVIDERS: 'nntps://harbour-user:harbour-word@news.example.org/?connections=20',
  });
  const providers = new ConfiguredProviders({ environment, keeper, inUse, log });
  providers.start();
  const access = { isOpen: false, isApiKey: (key: string) => key === KEY };
  const app = express();
  app.use(
    createProvidersRoutes({
      ...{ providers, access, clock, log, corsOrigins: [] },
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
  askJson(`${origin}/api/providers${path}`, sent({ method, ...options }));

async function added(json: unknown = wanted): Promise<string> {
  const answer = await call('POST', '', { json });
  return String(answer.json['id']);
}

describe('news servers', () => {
  it('list - is the figures of the moment, where each comes from and what it is set to, and no secret', async () => {
    const id = await added({ ...wanted, name: 'Pier', priority: 3, isBackup: true });
    inUse.figures = {
      state: 'auth',
      speedBytesPerSecond: 1e6,
      lastError: { code: 'PROVIDER_AUTH', message: 'refused nntps://reader:hunter2@pier.example', at: 0 },
    };
    const { headers, json, status } = await call('GET');
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    const common = { state: 'auth', lastError: { code: 'PROVIDER_AUTH', at: '1970-01-01T00:00:00.000Z' } };
    expect(json).toMatchObject({
      providers: [
        {
          ...{ ...common, id: 'news.example.org', host: 'news.example.org', port: 563, tls: true },
          connections: { open: 0, busy: 0, limit: 20, configured: 20 },
          origin: 'environment',
          settings: { name: 'news.example.org', hasUser: true, hasPassword: true },
        },
        {
          ...{ ...common, id, host: 'pier.example', origin: 'settings' },
          settings: {
            ...{ name: 'Pier', host: 'pier.example', port: 563, isTls: true, isInsecure: false },
            ...{ connections: 10, priority: 3, isBackup: true, hasUser: true, hasPassword: true },
          },
        },
      ],
    });
    expect(JSON.stringify(json)).not.toMatch(SECRETS);
  });

  it('create, read, change, delete - each answers with what is there now, and takes effect at once', async () => {
    const created = await call('POST', '', { json: { ...wanted, connections: 8 } });
    expect(created).toMatchObject({ status: 201, json: { settings: { name: 'pier.example', connections: 8 } } });
    expect(inUse.inUse[1]).toMatchObject({ host: 'pier.example', password: 'hunter2', connections: 8, depth: 3 });
    const path = `/${String(created.json['id'])}`;
    expect(await call('GET', path)).toMatchObject({ status: 200, json: created.json });
    const changed = await call('PUT', path, { json: { isTls: false, connections: 4 } });
    expect(changed).toMatchObject({ status: 200, json: { port: 119, settings: { isTls: false, connections: 4 } } });
    expect(inUse.inUse[1]).toMatchObject({ port: 119, password: 'hunter2' });
    expect(await ask(`${origin}/api/providers${path}`, sent({ method: 'DELETE' }))).toMatchObject({ status: 204 });
    expect(inUse.inUse).toHaveLength(1);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const json = method === 'PUT' ? { json: {} } : {};
      expect(await call(method, path, json)).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
    }
  });

  it('settings that were read - can be written back without harm to the account', async () => {
    const id = await added();
    const { json } = await call('GET', `/${id}`);
    const settings = json['settings'] as Record<string, unknown>;
    const again = { ...settings, name: 'New', user: '', password: '••••' };
    expect(await call('PUT', `/${id}`, { json: again })).toMatchObject({ status: 200 });
    expect(keeper.list()).toMatchObject([{ name: 'New', user: 'reader', password: 'hunter2' }]);
  });

  it('one of the environment - is read-only, and says who sets it', async () => {
    for (const method of ['PUT', 'DELETE']) {
      const { json, status } = await call(method, '/news.example.org', { json: { name: 'X' } });
      expect([status, json['code']]).toEqual([403, 'FORBIDDEN']);
      expect(json['error']).toContain('NNTP_PROVIDERS');
    }
  });

  it.each([
    [{}, 'host must be a name or an address of up to 253 characters.'],
    [{ ...wanted, host: 'nntps://pier.example' }, 'host must be a name or an address such as'],
    [{ ...wanted, port: 0 }, 'port must be a whole number from 1 to 65535'],
    [{ ...wanted, connections: 501 }, 'connections must be a whole number from 1 to 500'],
    [{ ...wanted, priority: -1 }, 'priority must be a whole number from 0 to 1000'],
    [{ ...wanted, name: 'two\nlines' }, 'name must be one line'],
    [{ ...wanted, isTls: 'yes' }, 'isTls must be true or false'],
    [{ ...wanted, password: 'a\r\nQUIT' }, 'password must be up to 256 characters'],
    [{ host: 'pier.example', password: 'alone' }, 'user must be given'],
    [{ ...wanted, password: '••••' }, 'password must be the password itself'],
    [{ ...wanted, tls: false, use_ssl: 1 }, 'There is no field tls, use_ssl; known are name, host, port, isTls,'],
    [{ ...wanted, 'hunter2 ': 1 }, 'There is no field of that name; known are'],
    [{ ...wanted, constructor: 1 }, 'There is no field constructor; known are'],
    [[wanted], 'Send the fields as a JSON object'],
  ])('wrong fields %j - are named, and not repeated', async (json, message) => {
    const answer = await call('POST', '', { json });
    expect([answer.status, answer.json['code']]).toEqual([400, 'INPUT']);
    expect(answer.json['error']).toContain(message);
    expect(JSON.stringify(answer.json)).not.toMatch(/QUIT|alone|hunter2/);
    expect(keeper.list()).toEqual([]);
  });

  it('a full store - is told', async () => {
    keeper.put = () => {
      throw new InputError('There are 64 news servers already; remove one first.');
    };
    expect(await call('POST', '', { json: wanted })).toMatchObject({ status: 400, json: { code: 'INPUT' } });
  });
});

describe('a test of a news server', () => {
  it('test - says which stage failed and why, of what is kept and of what is not kept yet', async () => {
    inUse.findings = {
      ok: false,
      code: 'PROVIDER_AUTH',
      message: 'The account was refused.',
      stages: [
        { stage: 'dns', ok: true, ms: 1.4 },
        { stage: 'login', ok: false, ms: 20, message: '481 nntp://reader:hunter2@x' },
      ],
    };
    const found = { ok: false, code: 'PROVIDER_AUTH', stages: [{ stage: 'dns', ok: true, ms: 1 }, { stage: 'login' }] };
    const id = await added();
    expect(await call('POST', `/${id}/test`)).toMatchObject({ status: 200, json: { id, ...found } });
    expect(await call('POST', `/${id}/test`, { json: { port: 1 } })).toMatchObject({ json: { id, ...found } });
    const fresh = await call('POST', '/test', { json: { ...wanted, host: 'quay.example' } });
    expect(fresh.json).toMatchObject({ id: null, ...found });
    expect(JSON.stringify(fresh.json)).not.toContain('hunter2');
    expect(inUse.tested).toMatchObject([
      { id, port: 563, password: 'hunter2' },
      { id, port: 1, password: 'hunter2' },
      { host: 'quay.example' },
    ]);
    expect(keeper.list()).toHaveLength(1);
  });

  it('test of an unknown one - is 404', async () => {
    expect(await call('POST', '/nobody/test')).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
    expect((await call('POST', '/test')).status).toBe(400);
    expect(inUse.tested).toEqual([]);
  });

  it('a test that does not end - ends in time, and is one at a time', async () => {
    inUse.answer = (signal) => untilAborted(signal);
    const first = call('POST', '/news.example.org/test');
    await until('it runs', () => inUse.tested.length === 1);
    expect((await call('POST', '/news.example.org/test')).status).toBe(503);
    await clock.advance(20_000);
    expect([(await first).status, clock.pending]).toEqual([504, 0]);
  });

  it('a caller who goes away - ends the test', async () => {
    let seen: AbortSignal | null = null;
    inUse.answer = (signal) => {
      seen = signal;
      return untilAborted(signal);
    };
    const leaving = new AbortController();
    const answer = call('POST', '/news.example.org/test', { signal: leaving.signal });
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
    ['GET', '/news.example.org'],
    ['PUT', '/news.example.org'],
    ['DELETE', '/news.example.org'],
    ['POST', '/news.example.org/test'],
  ];

  it.each(everyCall)('%s %s - is nobody else’s business, and no other site’s', async (method, path) => {
    const stranger = { 'x-api-key': 'wrong' };
    const refused = await call(method, path, { json: wanted, headers: stranger });
    expect([refused.status, refused.json['code']]).toEqual([401, 'UNAUTHORIZED']);
    const session = { ...stranger, cookie: 'session=good' };
    const foreign = { ...session, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await call(method, path, { json: wanted, headers: foreign })).status).toBe(403);
    const own = { ...session, origin, 'sec-fetch-site': 'same-origin' };
    const { status } = await ask(`${origin}/api/providers${path}`, sent({ method, json: wanted, headers: own }));
    expect([200, 201, 403]).toContain(status); // 403 alone where NNTP_PROVIDERS sets it
  });

  it('the page - sends JSON', async () => {
    const headers = { 'x-api-key': 'wrong', cookie: 'session=good', origin, 'content-type': 'text/plain' };
    expect((await call('POST', '/news.example.org/test', { headers })).status).toBe(400);
  });
});
