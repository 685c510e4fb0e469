// List preferences as the pages' scripts reach them: below the addon's key, and the preview for the admin.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_PREFERENCES } from '../../manifest/index.js';
import { askJson } from '../support/http.js';
import { API_KEY, StremioHarness } from '../support/stremio-harness.js';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('list preferences', () => {
  let harness: StremioHarness;

  beforeEach(async () => {
    harness = await StremioHarness.open();
  });
  afterEach(() => harness.close());

  const call = (
    method: string,
    url: string,
    options: { readonly body?: unknown; readonly headers?: Record<string, string> } = {},
  ): ReturnType<typeof askJson> =>
    askJson(url, {
      method,
      headers: { ...JSON_TYPE, ...options.headers },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
  const adminPreview = (headers: Record<string, string>, body: unknown = {}): ReturnType<typeof askJson> =>
    call('POST', `${harness.origin}/api/preferences/preview`, { headers, body });

  it('viewer - reads and changes them with the addon key alone', async () => {
    const url = `${harness.base}/preferences`;
    expect((await call('GET', url)).json).toEqual(DEFAULT_PREFERENCES);
    expect((await call('PUT', url, { body: { maxStreams: 3 } })).json).toMatchObject({ maxStreams: 3 });
    expect(harness.preferences.maxStreams).toBe(3);
    expect(await call('PUT', url, { body: { maxStreams: 0 } })).toMatchObject({ status: 400, json: { code: 'INPUT' } });
    expect(harness.preferences.maxStreams).toBe(3);
  });

  it.each([
    ['GET', ''],
    ['PUT', ''],
    ['POST', '/preview'],
  ])('viewer - with a wrong key: %s %s is refused', async (method, path) => {
    const url = `${harness.origin}/stremio/wrong/preferences${path}`;
    const body = method === 'GET' ? {} : { body: { maxStreams: 3 } };
    expect(await call(method, url, body)).toMatchObject({ status: 401, json: { code: 'UNAUTHORIZED' } });
    expect(harness.preferences).toEqual(DEFAULT_PREFERENCES);
  });

  it('preview - shows what a list would be and keeps nothing', async () => {
    const url = `${harness.base}/preferences/preview?example=episode`;
    const { json, headers } = await call('POST', url, { body: { maxStreams: 2 } });
    expect(headers['cache-control']).toBe('no-store');
    expect(json['streams']).toHaveLength(2);
    expect(json['leftOut']).toHaveLength(10);
    expect(JSON.stringify(json)).toContain('Harbour.Lights.S01E03');
    expect(harness.preferences).toEqual(DEFAULT_PREFERENCES);
  });

  it('preview for the admin - needs the key, or the session from our own page', async () => {
    expect((await adminPreview({})).status).toBe(401);
    expect((await adminPreview({ 'x-api-key': API_KEY })).json['streams']).toHaveLength(11);
    const { token } = harness.access.signIn(API_KEY);
    const cookie = `headstart_session=${token}`;
    expect((await adminPreview({ cookie, origin: harness.origin })).status).toBe(200);
    expect((await adminPreview({ cookie, origin: 'https://elsewhere.example' })).status).toBe(403);
    const plain = { cookie, origin: harness.origin, 'content-type': 'text/plain' };
    expect((await adminPreview(plain)).json).toMatchObject({ code: 'INPUT' });
  });

  it('preview - of what is no preferences says which field is wrong', async () => {
    const { status, json } = await adminPreview({ 'x-api-key': API_KEY }, { languages: ['english'] });
    expect([status, json['error']]).toEqual([400, expect.stringContaining('languages.0')]);
  });
});
