// The preparation API, row by row: polling and playing.

import { describe, expect, it } from '@jest/globals';
import { UpstreamError } from '../../backend/content/index.js';
import { fakeBytes } from '../support/fake-engine.js';
import { ask, askJson, askRange, open, sha256 } from '../support/http.js';
import { ManualClock } from '../support/manual-clock.js';
import { film, HASH, KEY, usePrepareApi, type Json } from '../support/prepare-lab.js';
import { until } from '../support/until.js';

const lab = usePrepareApi();
const { get, prepare, prepareFilm, start } = lab;

describe('GET /stream/status/:jobId', () => {
  it('status - goes through the words of the contract, and never back', async () => {
    const { json } = await prepare(`/${HASH}`);
    const poll = async (): Promise<Json> => (await get(String(json.statusUrl))).json;
    expect(await poll()).toMatchObject({ success: true, jobId: json.jobId, status: 'preparing', progress: 0 });
    const [resolving] = lab.api.engine.resolving;
    resolving?.report({ stage: 'connecting', fraction: 0.5, message: 'Asking peers' });
    expect(await poll()).toMatchObject({ status: 'connecting', progress: 30, message: 'Asking peers' });
    resolving?.resolve(film);
    const preparing = await until('it prepares', () => lab.api.engine.preparing[0] ?? null);
    preparing.report({ stage: 'downloading', fraction: 0.5, message: 'x' });
    expect(await poll()).toMatchObject({ status: 'downloading', progress: 74, message: 'Downloading from p2p…' });
    preparing.report({ stage: 'connecting', fraction: 0.1, message: 'late' });
    expect(await poll()).toMatchObject({ status: 'downloading', progress: 74 });
    preparing.resolve(lab.api.engine.prepared(film, film.files[1]!, new Promise(() => undefined)));
    await until('it is ready', async () => (await poll()).status === 'ready');
    expect(await poll()).toMatchObject({
      success: true,
      status: 'ready',
      progress: 100,
      message: 'Stream ready via p2p',
      streamUrl: json.streamUrl,
      method: 'p2p',
      fileName: 'The Film (2020).mkv',
      fileSize: 300_000,
      infoHash: HASH,
    });
    expect(Date.parse(String((await poll()).expiresAt))).toBeGreaterThan(Date.now());
  });

  it('status - the id is also taken percent-encoded', async () => {
    const { jobId } = await prepareFilm();
    expect((await get(`/stream/status/${encodeURIComponent(String(jobId))}`)).json.jobId).toBe(jobId);
  });

  it('status - a failed job says why, with 0 progress', async () => {
    const clock = new ManualClock();
    await start({ clock, prepareTimeoutMs: 60_000 });
    const answering = prepare(`/${HASH}`);
    const resolving = await until('it asks', () => lab.api.engine.resolving[0] ?? null);
    await clock.advance(1000);
    const { json } = await answering;
    resolving.report({ stage: 'connecting', fraction: 0, message: 'x', lacks: 'peers' });
    await clock.advance(60_000);
    const { json: failed } = await get(String(json.statusUrl));
    expect(failed).toMatchObject({ success: true, status: 'failed', progress: 0, error: 'no peers', code: 'NO_PEERS' });
  });

  it('status - an unknown job is 404 with JSON', async () => {
    const { status, json } = await get(`/stream/status/${HASH}:0:1`);
    expect(status).toBe(404);
    expect(json).toMatchObject({ success: false, error: 'Job not found', message: expect.any(String) as unknown });
  });
});

describe('GET /stream/ready/:jobId', () => {
  it('ready - the bytes, whole and in ranges, as delivery gives them', async () => {
    const { streamUrl } = await prepareFilm();
    const original = fakeBytes(film, film.files[1]!);
    const whole = await ask(lab.api.url(String(streamUrl)));
    expect(whole.status).toBe(200);
    expect(sha256(whole.body)).toBe(sha256(original));
    expect(whole.headers).toMatchObject({
      'accept-ranges': 'bytes',
      'content-type': 'video/x-matroska',
      'cache-control': 'private, no-store',
    });
    const part = await askRange(lab.api.url(String(streamUrl)), 1_000, 2_000);
    expect(part.status).toBe(206);
    expect(sha256(part.body)).toBe(sha256(original.subarray(1_000, 2_000)));
    const head = await ask(lab.api.url(String(streamUrl)), { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '300000', 0]);
  });

  it('ready - 202 with Retry-After until then', async () => {
    const { json } = await prepare(`/${HASH}`);
    const answer = await askJson(lab.api.url(String(json.streamUrl)));
    expect(answer.status).toBe(202);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.json).toMatchObject({
      success: false,
      status: 'preparing',
      progress: 0,
      message: expect.any(String) as unknown,
    });
    expect(answer.json.statusUrl).toBe(json.statusUrl);
  });

  it('ready - 502 with the reason of a failure', async () => {
    const { json } = await prepare(`/${HASH}`);
    await ask(lab.api.url(`/api/admin/jobs/${String(json.jobId)}`), { method: 'DELETE', headers: KEY });
    const { status, json: body } = await askJson(lab.api.url(String(json.streamUrl)));
    expect(status).toBe(502);
    expect(body).toMatchObject({ success: false, error: 'Cancelled', message: expect.any(String) as unknown });
  });

  it('ready - 404 for a job nobody knows', async () => {
    expect(await get(`/stream/ready/${HASH}:0:1`)).toMatchObject({
      status: 404,
      json: { success: false, error: 'Job not found' },
    });
  });

  it('ready - 410 once it was removed', async () => {
    const { streamUrl } = await prepareFilm();
    lab.api.library.remove(HASH);
    expect(await get(String(streamUrl))).toMatchObject({ status: 410, json: { success: false, code: 'GONE' } });
  });
});

describe('GET /stream/proxy/:infoHash', () => {
  it('proxy - the bytes, as soon as they exist', async () => {
    const answer = ask(lab.api.url(`/stream/proxy/${HASH}?fileIndex=3&download=true`), { headers: KEY });
    const resolving = await until('it asks', () => lab.api.engine.resolving[0] ?? null);
    lab.api.engine.isInstant = true;
    resolving.resolve(film);
    const { status, headers, body } = await answer;
    expect(status).toBe(200);
    expect(headers['content-disposition']).toMatch(/^attachment/);
    expect(sha256(body)).toBe(sha256(fakeBytes(film, film.files[3]!)));
  });

  it('proxy - 503 with the address to poll when it takes longer than it may', async () => {
    await start({ maxWaitMs: 350 });
    const { status, headers, json } = await get(`/stream/proxy/${HASH}`);
    expect(status).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(json).toMatchObject({ success: false, status: 'preparing' });
    expect(await askJson(lab.api.url(String(json.statusUrl)))).toMatchObject({
      status: 200,
      json: { status: 'preparing' },
    });
  });

  it('proxy - 502 when the preparation fails', async () => {
    const answer = get(`/stream/proxy/${HASH}`);
    const resolving = await until('it asks', () => lab.api.engine.resolving[0] ?? null);
    resolving.reject(new UpstreamError('it broke'));
    expect(await answer).toMatchObject({ status: 502, json: { success: false, error: 'it broke' } });
  });

  it('proxy - a client that goes leaves the job to others, and nothing that waits', async () => {
    const leaving = new AbortController();
    const answer = open(lab.api.url(`/stream/proxy/${HASH}`), { headers: KEY, signal: leaving.signal });
    await until('it asks', () => lab.api.engine.resolving[0] ?? null);
    leaving.abort();
    await expect(answer).rejects.toThrow();
    expect((await prepare(`/${HASH}`)).json.success).toBe(true);
    expect(lab.api.engine.resolving).toHaveLength(1);
  });

  it('proxy - refuses a bad hash', async () => {
    expect(await get('/stream/proxy/zzz')).toMatchObject({ status: 400, json: { success: false } });
  });
});

describe('GET /stream/<token>/<name>', () => {
  async function tokenUrl(): Promise<string> {
    await prepareFilm();
    const files = (await get(`/stream/info/${HASH}`)).json.files as Json[];
    return lab.api.url(String(files[1]?.streamUrl));
  }

  it('stream - plays without a job, a key or a session, whatever other credentials say', async () => {
    const url = await tokenUrl();
    const { status, body, headers } = await ask(url, { headers: { authorization: 'Basic bm9ib2R5Og==' } });
    expect(status).toBe(200);
    expect(sha256(body)).toBe(sha256(fakeBytes(film, film.files[1]!)));
    expect(headers['cache-control']).toBe('private, no-store');
    expect((await askRange(url.replace(/\/[^/]*$/, '/another name.mkv').replace(' ', '%20'), 0, 10)).status).toBe(206);
  });

  it('stream - HEAD is answered without opening more than the name', async () => {
    const head = await ask(await tokenUrl(), { method: 'HEAD' });
    expect([head.status, head.headers['content-length']]).toEqual([200, '300000']);
  });

  it('stream - 401 for a signature of somebody else, 404 for nonsense, 410 for what was removed', async () => {
    const url = await tokenUrl();
    expect((await ask(url.replace(/\.[\w-]{43}\//, `.${'A'.repeat(43)}/`))).status).toBe(401);
    expect((await ask(lab.api.url(`/stream/${'A'.repeat(30)}.${'A'.repeat(43)}/x.mkv`))).status).toBe(404);
    lab.api.library.remove(HASH);
    const gone = await askJson(url);
    expect([gone.status, gone.json.code, gone.headers['access-control-allow-origin']]).toEqual([410, 'GONE', '*']);
  });

  it('stream - shadows no route of the addon', async () => {
    for (const path of ['/stream/movie/tt1254207.json', '/stream/series/tt1%3A1%3A2.json']) {
      expect((await ask(lab.api.url(path))).body.toString()).toContain('Cannot GET');
    }
  });
});
