// Around the preparation API: who may call, from where, and what else is told of jobs.

import { describe, expect, it } from '@jest/globals';
import { fakeInfoHash } from '../support/fake-engine.js';
import { ask, askJson, open, postJson } from '../support/http.js';
import { API_KEY, CORS_ORIGIN } from '../support/prepare-harness.js';
import { HASH, KEY, pack, readEvents, usePrepareApi, type Json } from '../support/prepare-lab.js';
import { until } from '../support/until.js';

const lab = usePrepareApi();
const { beInstant, get, prepare, prepareFilm, start } = lab;

describe('access', () => {
  const open401: [string, string, string][] = [
    ['POST', `/stream/prepare/${HASH}`, 'prepare'],
    ['POST', '/stream/prepare', 'prepare without a hash'],
    ['GET', `/stream/status/${HASH}:0:1`, 'status'],
    ['GET', `/stream/ready/${HASH}:0:1`, 'ready'],
    ['GET', `/stream/proxy/${HASH}`, 'proxy'],
    ['GET', `/stream/info/${HASH}`, 'info'],
    ['GET', '/api/events', 'events'],
    ['GET', '/api/admin/jobs', 'the list of jobs'],
    ['DELETE', `/api/admin/jobs/${HASH}:0:1`, 'cancelling'],
  ];
  it.each(open401)('access - %s %s needs a key (%s)', async (method, path) => {
    for (const headers of [
      {},
      { 'x-api-key': 'wrong' },
      { authorization: 'Bearer wrong' },
      { authorization: 'Basic x' },
    ]) {
      const { status, json } = await askJson(lab.api.url(path), { method, headers });
      expect(status).toBe(401);
      expect(json).toMatchObject({ success: false, code: 'UNAUTHORIZED' });
    }
    expect(lab.api.jobs.list()).toEqual([]);
  });

  it('access - the key is taken in each of its forms', async () => {
    for (const [query, headers] of [
      ['', { 'x-api-key': API_KEY }],
      ['', { authorization: `Bearer ${API_KEY}` }],
      [`?apikey=${API_KEY}`, {}],
    ] as const) {
      expect((await askJson(lab.api.url(`/stream/info/${HASH}${query}`), { headers })).status).toBe(200);
    }
  });

  it('access - statusUrl and streamUrl need nothing else, and open nothing else', async () => {
    const first = await prepareFilm();
    const second = (await prepare(`/${HASH}?fileIndex=3`)).json;
    expect((await askJson(lab.api.url(String(first.statusUrl)))).status).toBe(200);
    expect((await ask(lab.api.url(String(first.streamUrl)))).status).toBe(200);
    const signature = new URL(lab.api.url(String(first.statusUrl))).searchParams.get('access');
    expect(
      (await askJson(lab.api.url(`/stream/status/${String(second.jobId)}?access=${String(signature)}`))).status,
    ).toBe(401);
    expect((await askJson(lab.api.url(`/stream/info/${HASH}?access=${String(signature)}`))).status).toBe(401);
  });

  it('access - a valid signature wins over a foreign Authorization', async () => {
    const { statusUrl } = await prepareFilm();
    const headers = { authorization: 'Bearer somebody-elses' };
    expect((await askJson(lab.api.url(String(statusUrl)), { headers })).status).toBe(200);
  });

  it('access - with AUTH=none the addresses are bare, and nothing needs a key', async () => {
    await start({ auth: 'none' });
    beInstant();
    const { json } = await postJson(lab.api.url(`/stream/prepare/${HASH}`), {});
    expect(json.statusUrl).toBe(`/stream/status/${String(json.jobId)}`);
    expect(json.streamUrl).toBe(`/stream/ready/${String(json.jobId)}`);
    expect((await ask(lab.api.url(String(json.streamUrl)))).status).toBe(200);
  });

  it('access - with AUTH=none what comes from elsewhere is refused', async () => {
    await start({ auth: 'none' });
    for (const headers of [{ host: 'evil.example' }, { origin: 'https://evil.example' }]) {
      expect((await ask(lab.api.url('/health'), { headers })).status).toBe(403);
    }
  });
});

describe('CORS', () => {
  const preflight = (path: string, origin = 'https://player.example'): ReturnType<typeof ask> =>
    ask(lab.api.url(path), { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } });

  it.each([
    `/stream/prepare/${HASH}`,
    '/stream/prepare',
    '/stream/status/x',
    '/stream/ready/x',
    `/stream/proxy/${HASH}`,
  ])('cors - %s is open to every page', async (path) => {
    const { status, headers } = await preflight(path);
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': expect.stringContaining('X-Api-Key') as unknown,
    });
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });

  it.each([`/stream/info/${HASH}`, '/api/events', '/api/admin/jobs'])(
    'cors - %s only to configured origins',
    async (path) => {
      expect((await preflight(path)).headers['access-control-allow-origin']).toBeUndefined();
      expect((await preflight(path, CORS_ORIGIN)).headers['access-control-allow-origin']).toBe(CORS_ORIGIN);
    },
  );

  it('cors - errors can be read by the page, too', async () => {
    expect((await ask(lab.api.url('/stream/status/x'))).headers['access-control-allow-origin']).toBe('*');
  });
});

describe('GET /stream/info/:infoHash', () => {
  it('info - what is known of a torrent, padding hidden and counted', async () => {
    await prepareFilm();
    const { status, json } = await get(`/stream/info/${HASH}`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      success: true,
      infoHash: HASH,
      known: true,
      cached: true,
      name: 'film',
      methods: ['p2p'],
    });
    expect((json.files as Json[]).map(({ index, name, size }) => [index, name, size])).toEqual([
      [0, 'readme.txt', 10],
      [1, 'The Film (2020).mkv', 300_000],
      [3, 'Bonus.mkv', 200_000],
    ]);
    expect(json.endpoints).toMatchObject({ prepare: `/stream/prepare/${HASH}`, proxy: `/stream/proxy/${HASH}` });
  });

  it('info - nothing is known of others, and nothing is fetched to find out', async () => {
    expect((await get(`/stream/info/${fakeInfoHash('?')}`)).json).toMatchObject({
      known: false,
      cached: false,
      files: [],
    });
    expect(lab.api.engine.resolving).toHaveLength(0);
    expect((await get('/stream/info/zzz')).status).toBe(400);
  });
});

describe('GET /api/admin/jobs', () => {
  it('admin - lists the jobs, and how many are under way', async () => {
    const ready = await prepareFilm();
    lab.api.engine.autoRelease = null;
    await prepare(`/${pack.contentId}`);
    const { json } = await get('/api/admin/jobs');
    expect(json.activeJobs).toBe(1);
    expect(json.jobs).toEqual([
      expect.objectContaining({
        jobId: ready.jobId,
        status: 'ready',
        progress: 100,
        infoHash: HASH,
        startedAt: expect.any(String) as unknown,
      }),
      expect.objectContaining({ status: 'preparing', infoHash: pack.contentId }),
    ]);
  });

  it('admin - cancels, once and for all', async () => {
    const { json } = await prepare(`/${HASH}`);
    const cancel = (): ReturnType<typeof askJson> =>
      askJson(lab.api.url(`/api/admin/jobs/${encodeURIComponent(String(json.jobId))}`), {
        method: 'DELETE',
        headers: KEY,
      });
    expect(await cancel()).toMatchObject({ status: 200, json: { success: true, status: 'failed' } });
    expect((await cancel()).status).toBe(200);
    expect((await get(String(json.statusUrl))).json).toMatchObject({
      status: 'failed',
      progress: 0,
      error: 'Cancelled',
    });
    expect(lab.api.engine.resolving[0]?.signal.aborted).toBe(true);
  });

  it('admin - nothing to cancel in what is done, and 404 for what nobody knows', async () => {
    const { jobId } = await prepareFilm();
    const cancel = (id: unknown): ReturnType<typeof askJson> =>
      askJson(lab.api.url(`/api/admin/jobs/${String(id)}`), { method: 'DELETE', headers: KEY });
    expect((await cancel(jobId)).status).toBe(409);
    expect(await cancel('x')).toMatchObject({ status: 404, json: { success: false, error: 'Job not found' } });
  });
});

describe('GET /api/events', () => {
  it('events - where every job stands, then what happens, with the fields of the status', async () => {
    const before = await prepareFilm();
    lab.api.engine.autoRelease = null;
    const stream = await open(lab.api.url('/api/events'), { headers: KEY });
    expect(stream.headers['content-type']).toMatch(/^text\/event-stream/);
    const told = readEvents(stream);
    expect(await told.next((event) => event.jobId === before.jobId)).toMatchObject({
      status: 'ready',
      streamable: true,
    });
    const { json } = await prepare(`/${pack.contentId}`);
    expect(await told.next((event) => event.jobId === json.jobId)).toMatchObject({
      status: 'preparing',
      streamable: false,
    });
    lab.api.engine.resolving.splice(0).forEach((call) => call.resolve(pack));
    expect(await told.next((event) => event.jobId === json.jobId && event.streamable === true)).toMatchObject({
      status: 'ready',
      streamUrl: json.streamUrl,
      fileIndex: 1,
    });
    stream.destroy();
  });

  it('events - are refused to one subscriber too many, and given again when one leaves', async () => {
    await start({ maxSubscribers: 1 });
    const first = await open(lab.api.url('/api/events'), { headers: KEY });
    const refused = await get('/api/events');
    expect([refused.status, refused.json.code]).toEqual([503, 'BUSY']);
    first.destroy();
    const again = await until('there is room', async () => {
      const stream = await open(lab.api.url('/api/events'), { headers: KEY });
      if (stream.statusCode === 200) return stream;
      stream.resume();
      return null;
    });
    again.destroy();
  });
});

describe('GET /health', () => {
  it('health - answers anybody, and tells nothing', async () => {
    expect(await askJson(lab.api.url('/health'))).toMatchObject({
      status: 200,
      json: { status: 'ok', version: '1.2.3' },
    });
  });
});
