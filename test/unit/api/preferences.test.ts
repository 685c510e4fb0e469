// `/api/preferences` over HTTP.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { createPreferencesHandlers, createPreferencesRoutes } from '../../../backend/api/index.js';
import { DEFAULT_PREFERENCES, type Preferences } from '../../../manifest/index.js';
import { askJson } from '../../support/http.js';
import { HttpLab } from '../../support/http-lab.js';
import { NotedLog } from '../../support/noted-log.js';

const KEY = 'the-key-of-the-admin';

let lab: HttpLab;
let origin = '';
let kept: Preferences;

beforeEach(async () => {
  lab = new HttpLab();
  kept = DEFAULT_PREFERENCES;
  const preferences = { get: () => kept, set: (wanted: Preferences) => void (kept = wanted) };
  const access = { isOpen: false, isApiKey: (key: string) => key === KEY };
  const own = { isSignedIn: (req: express.Request) => req.headers.cookie === 'session=good', originOf: () => origin };
  const app = express();
  app.use(createPreferencesRoutes({ ...own, preferences, access, corsOrigins: [], log: new NotedLog() }));
  const { read, write } = createPreferencesHandlers(preferences);
  app
    .route('/elsewhere')
    .get(read)
    .put(...write);
  ({ origin } = await lab.serve(app));
});

afterEach(() => lab.close());

const call = (
  method: string,
  body: unknown,
  headers: Record<string, string> = { 'x-api-key': KEY },
  path = '/api/preferences',
): ReturnType<typeof askJson> =>
  askJson(origin + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe('preferences', () => {
  it('preferences - are read and written whole, with defaults for what is missing', async () => {
    const first = await call('GET', undefined);
    expect(first).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(first.json).toEqual(DEFAULT_PREFERENCES);
    const wanted = { ...DEFAULT_PREFERENCES, languages: ['de'], maxStreams: 10 };
    expect((await call('PUT', { languages: ['de'], maxStreams: 10, unknown: 1 })).json).toEqual(wanted);
    expect((await call('GET', undefined)).json).toEqual(wanted);
  });

  it('wrong fields - are named, and nothing is kept', async () => {
    const { json, status } = await call('PUT', { maxStreams: 0, languages: ['english'], hdr: 'never' });
    expect([status, json['code']]).toEqual([400, 'INPUT']);
    expect(json['error']).toMatch(/maxStreams: .*languages\.0: |languages\.0: .*maxStreams: /);
    expect(kept).toBe(DEFAULT_PREFERENCES);
  });

  it.each([[undefined], [[]], [{ excludedWords: Array(51).fill('x') }]])('body %j - is refused', async (body) => {
    expect(await call('PUT', body)).toMatchObject({ status: 400, json: { code: 'INPUT' } });
  });

  it('the longest lists of words - fit, in any script', async () => {
    const words = Array.from({ length: 50 }, (_, number) => String(number).padEnd(60, '灯'));
    const answer = await call('PUT', { excludedWords: words, preferredWords: words });
    expect(answer).toMatchObject({ status: 200, json: { preferredWords: words } });
    expect((await call('PUT', { note: 'x'.repeat(70_000) })).status).toBe(413);
  });

  it('preferences - are the admin’s, by key or from our own page', async () => {
    const session = { cookie: 'session=good' };
    for (const method of ['GET', 'PUT']) {
      const body = method === 'PUT' ? {} : undefined;
      expect((await call(method, body, {})).status).toBe(401);
      expect((await call(method, body, { ...session, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
      expect((await call(method, body, { ...session, origin: 'https://evil.example' })).status).toBe(403);
    }
  });

  it('handlers - serve another address behind a guard of its own', async () => {
    expect((await call('PUT', { maxStreams: 3 }, {}, '/elsewhere')).json).toMatchObject({ maxStreams: 3 });
    expect((await call('GET', undefined, {}, '/elsewhere')).json).toMatchObject({ maxStreams: 3 });
  });
});
