// The preparation API, row by row, as its clients meet it: a running server over an engine in the test's hand.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { UpstreamError, type Release } from '../../backend/content/index.js';
import { fakeBytes, fakeInfoHash, torrentRelease } from '../support/fake-engine.js';
import { ask, askJson, askRange, open, postJson, sha256 } from '../support/http.js';
import {
  API_KEY,
  CORS_ORIGIN,
  startPrepareApi,
  type PrepareApi,
  type PrepareApiOptions,
} from '../support/prepare-harness.js';
import { until } from '../support/until.js';

const film = torrentRelease('film', [
  ['readme.txt', 10],
  ['The Film (2020).mkv', 300_000],
  ['.pad/5', 5],
  ['Bonus.mkv', 200_000],
]);
const pack = torrentRelease('pack', [
  ['Show.S01E01.mkv', 1_000],
  ['Show.S01E02.mkv', 2_000],
]);
const HASH = film.contentId;
const KEY = { 'x-api-key': API_KEY };

let api: PrepareApi;

async function start(options: PrepareApiOptions = {}): Promise<void> {
  await api.close();
  api = await startPrepareApi(options);
}

beforeEach(async () => {
  api = await startPrepareApi();
});

afterEach(async () => {
  await api.close();
});

type Json = Record<string, unknown>;

const prepare = (path = '', body: unknown = {}): ReturnType<typeof askJson> =>
  postJson(api.url(`/stream/prepare${path}`), body, KEY);
const get = (path: string): ReturnType<typeof askJson> => askJson(api.url(path), { headers: KEY });

/** Prepares the film at once: metadata known, streamable. */
function beInstant(release: Release = film): void {
  api.engine.autoRelease = release;
  api.engine.isInstant = true;
}

async function prepareFilm(): Promise<Json> {
  beInstant();
  return (await prepare(`/${HASH}`)).json;
}

describe('POST /stream/prepare/:infoHash', () => {
  it('prepare - answers at once with everything a client needs', async () => {
    const startedAt = Date.now();
    const { status, json } = await prepare(`/${HASH}?fileIndex=1`);
    expect(Date.now() - startedAt).toBeLessThan(1_000);
    expect(status).toBe(200);
    expect(json).toMatchObject({ success: true, infoHash: HASH, fileIndex: 1 });
    const jobId = String(json.jobId);
    expect(jobId).toMatch(new RegExp(`^${HASH}:1:\\d{13}$`));
    expect(json.statusUrl).toMatch(new RegExp(`^/stream/status/${jobId}\\?access=[\\w-]+$`));
    expect(json.streamUrl).toMatch(new RegExp(`^/stream/ready/${jobId}\\?access=[\\w-]+$`));
    expect(typeof json.estimatedTime).toBe('number');
    expect(typeof json.message).toBe('string');
  });

  it('prepare - says which file was chosen where metadata is known', async () => {
    expect(await prepareFilm()).toMatchObject({
      fileIndex: 1,
      jobId: expect.stringContaining(`${HASH}:1:`) as unknown,
    });
  });

  it('prepare - says "auto" where it is not, and the status tells later, under the same id', async () => {
    const { json } = await prepare(`/${HASH}`);
    expect(json.fileIndex).toBeNull();
    expect(json.jobId).toMatch(new RegExp(`^${HASH}:auto:\\d+$`));
    api.engine.resolving.splice(0).forEach((call) => call.resolve(film));
    const known = await until('the file is chosen', async () => {
      const { json: polled } = await get(String(json.statusUrl));
      return polled.fileIndex === null ? null : polled;
    });
    expect(known).toMatchObject({ jobId: json.jobId, fileIndex: 1, infoHash: HASH });
  });

  const spellings: [string, string][] = [
    ['upper case', HASH.toUpperCase()],
    ['base32', base32(Buffer.from(HASH, 'hex'))],
    ['base32 in lower case', base32(Buffer.from(HASH, 'hex')).toLowerCase()],
  ];
  it.each(spellings)('prepare - takes the hash in %s', async (_title, spelling) => {
    beInstant();
    expect((await prepare(`/${spelling}`)).json.infoHash).toBe(HASH);
  });

  const mistakes: [string, string, unknown][] = [
    ['a short hash', '/abc', {}],
    ['no hash at all', '/%20', {}],
    ['a broken percent sign', '/%zz', {}],
    ['a word as index', `/${HASH}?fileIndex=one`, {}],
    ['a negative index', `/${HASH}?fileIndex=-1`, {}],
    ['half an index', `/${HASH}?fileIndex=1.5`, {}],
    ['an index beyond everything', `/${HASH}?fileIndex=99999999999`, {}],
    ['two indexes', `/${HASH}?fileIndex=1&fileIndex=2`, {}],
    ['an index that is not there', `/${HASH}?fileIndex=77`, {}],
    ['the index of padding', `/${HASH}?fileIndex=2`, {}],
    ['the magnet of another torrent', `/${HASH}`, { magnet: `magnet:?xt=urn:btih:${pack.contentId}` }],
    ['a season without an episode', `/${HASH}`, { season: 1 }],
    ['peers that are none', `/${HASH}?initial_peers=nonsense`, {}],
    ['nothing to prepare', '', {}],
    ['two things to prepare', '', { url: 'http://a.example/x.mkv', torrent_url: 'http://a.example/x.torrent' }],
    ['no magnet', '', { magnet: 'http://a.example/' }],
    ['a file address', '', { url: 'file:///etc/passwd' }],
    ['no address', '', { torrent_url: 'nonsense' }],
    ['a list as body', '', [1, 2]],
    ['a torrent of version 2 alone', '', { magnet: `magnet:?xt=urn:btmh:1220${'a'.repeat(64)}` }],
  ];
  it.each(mistakes)('prepare - refuses %s', async (_title, path, body) => {
    beInstant();
    const { status, json } = await prepare(path, body);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      success: false,
      error: expect.any(String) as unknown,
      message: expect.any(String) as unknown,
    });
    expect(api.jobs.list()).toEqual([]);
  });

  const unreadable: [string, { headers: Record<string, string>; body: string | Buffer }, number][] = [
    ['malformed JSON', { headers: { 'content-type': 'application/json' }, body: '{"magnet":' }, 400],
    ['more than 100 kB', { headers: { 'content-type': 'application/json' }, body: `"${'x'.repeat(200_000)}"` }, 413],
    ['an unknown charset', { headers: { 'content-type': 'application/json; charset=klingon' }, body: '{}' }, 400],
    [
      'an unknown compression',
      { headers: { 'content-type': 'application/json', 'content-encoding': 'zz' }, body: '{}' },
      400,
    ],
    ['broken gzip', { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' }, body: '{}' }, 400],
  ];
  it.each(unreadable)('prepare - refuses %s in its own words', async (_title, { headers, body }, expected) => {
    const { status, json } = await askJson(api.url(`/stream/prepare/${HASH}`), {
      method: 'POST',
      headers: { ...KEY, ...headers },
      body,
    });
    expect(status).toBe(expected);
    expect(json).toMatchObject({ success: false, code: expect.any(String) as unknown });
    expect(JSON.stringify(json)).not.toMatch(/node_modules|at .*\.js/);
  });

  it('prepare - takes everything from the body, as JSON', async () => {
    const body = {
      magnet: `magnet:?xt=urn:btih:${HASH}&tr=http%3A%2F%2Fone.example%2Fa`,
      trackers: ['udp://two.example:1/a'],
      initial_peers: '127.0.0.1:6881, [::1]:6882',
    };
    await prepare('', body);
    expect(api.engine.resolving[0]?.source).toMatchObject({
      kind: 'torrent',
      infoHash: HASH,
      trackers: ['http://one.example/a', 'udp://two.example:1/a'],
      peers: ['127.0.0.1:6881', '[::1]:6882'],
    });
  });

  it('prepare - takes the same as a form', async () => {
    const body = new URLSearchParams([
      ['trackers[]', 'udp://one.example:1/a'],
      ['trackers[]', 'udp://two.example:1/a'],
      ['season', '1'],
      ['episode', '2'],
    ]).toString();
    api.engine.autoRelease = pack;
    const { json } = await askJson(api.url(`/stream/prepare/${pack.contentId}`), {
      method: 'POST',
      headers: { ...KEY, 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    expect(json.fileIndex).toBe(1);
    expect(api.engine.preparing).toHaveLength(1);
  });

  it('prepare - finds the episode of a Stremio id, and remembers the title', async () => {
    beInstant(pack);
    expect((await prepare(`/${pack.contentId}`, { id: 'tt123:1:2' })).json.fileIndex).toBe(1);
    expect(api.library.titles.get(pack.contentId)).toBe('tt123');
  });

  it('prepare - an episode that is not there fails with its own code', async () => {
    beInstant(pack);
    const { json } = await prepare(`/${pack.contentId}`, { season: 1, episode: 9 });
    expect((await get(String(json.statusUrl))).json).toMatchObject({ status: 'failed', code: 'EPISODE_NOT_FOUND' });
  });

  it('prepare - a torrent at an address is called by the hash of the address until it is known', async () => {
    const { json } = await prepare('', { torrent_url: 'http://a.example/x.torrent' });
    expect(json.infoHash).toMatch(/^[0-9a-f]{64}$/);
    expect(json.jobId).toBe(`${String(json.infoHash)}:auto:${String(json.jobId).split(':')[2]}`);
    api.engine.isInstant = true;
    api.engine.resolving.splice(0).forEach((call) => call.resolve(film));
    const ready = await until('it is ready', async () => {
      const polled = (await get(String(json.statusUrl))).json;
      return polled.status === 'ready' ? polled : null;
    });
    expect(ready).toMatchObject({ jobId: json.jobId, infoHash: HASH, fileIndex: 1 });
  });

  it('prepare - a file on a web server is the same API', async () => {
    await prepare('', { url: 'http://a.example/film.mkv' });
    expect(api.engine.resolving[0]?.source).toEqual({ kind: 'http', url: 'http://a.example/film.mkv' });
  });

  it('prepare - an NZB is 501 with a code, and no job', async () => {
    const { status, json } = await prepare('', { nzb_url: 'http://a.example/x.nzb' });
    expect(status).toBe(501);
    expect(json).toMatchObject({ success: false, code: 'USENET_UNAVAILABLE' });
    expect(api.jobs.list()).toEqual([]);
  });

  it('prepare - a content id of 64 characters that nobody knows is 404', async () => {
    expect(await prepare(`/${'a'.repeat(64)}`)).toMatchObject({ status: 404, json: { success: false } });
  });
});

describe('the same thing twice', () => {
  it('prepare - twenty at once are one job and one look-up', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => prepare(`/${HASH}`)));
    expect(new Set(answers.map(({ json }) => json.jobId)).size).toBe(1);
    expect(api.engine.resolving).toHaveLength(1);
  });

  it('prepare - while it is ready, too', async () => {
    const first = await prepareFilm();
    expect((await prepare(`/${HASH}?fileIndex=1`)).json.jobId).toBe(first.jobId);
    expect((await prepare(`/${HASH}`, { magnet: `magnet:?xt=urn:btih:${HASH}` })).json.jobId).toBe(first.jobId);
  });

  it('prepare - after a failure a new attempt begins at once, and the old id still answers', async () => {
    const first = (await prepare(`/${HASH}`)).json;
    api.engine.resolving.splice(0).forEach((call) => call.reject(new UpstreamError('it broke')));
    await until('it failed', async () => (await get(String(first.statusUrl))).json.status === 'failed');
    const second = (await prepare(`/${HASH}`)).json;
    expect(second.jobId).not.toBe(first.jobId);
    expect(api.engine.resolving).toHaveLength(1);
    expect((await get(String(first.statusUrl))).json).toMatchObject({ status: 'failed', error: 'it broke' });
  });

  it('prepare - a job that turns out to be another goes on as its alias', async () => {
    const chosen = (await prepare(`/${HASH}?fileIndex=1`)).json;
    const auto = (await prepare(`/${HASH}`)).json;
    api.engine.isInstant = true;
    api.engine.resolving.splice(0).forEach((call) => call.resolve(film));
    await until('both are ready', async () => {
      const polled = await Promise.all([get(String(chosen.statusUrl)), get(String(auto.statusUrl))]);
      return polled.every(({ json }) => json.status === 'ready');
    });
    expect((await get(String(auto.statusUrl))).json).toMatchObject({ jobId: auto.jobId, fileIndex: 1 });
    const bytes = await ask(api.url(String(auto.streamUrl)));
    expect(sha256(bytes.body)).toBe(sha256(fakeBytes(film, film.files[1]!)));
    expect(api.jobs.list()).toHaveLength(1);
  });
});

describe('GET /stream/status/:jobId', () => {
  it('status - goes through the words of the contract, and never back', async () => {
    const { json } = await prepare(`/${HASH}`);
    const poll = async (): Promise<Json> => (await get(String(json.statusUrl))).json;
    expect(await poll()).toMatchObject({ success: true, jobId: json.jobId, status: 'preparing', progress: 0 });
    const [resolving] = api.engine.resolving;
    resolving?.report({ stage: 'connecting', fraction: 0.5, message: 'Asking peers' });
    expect(await poll()).toMatchObject({ status: 'connecting', progress: 30, message: 'Asking peers' });
    resolving?.resolve(film);
    const preparing = await until('it prepares', () => api.engine.preparing[0] ?? null);
    preparing.report({ stage: 'downloading', fraction: 0.5, message: 'x' });
    expect(await poll()).toMatchObject({ status: 'downloading', progress: 74, message: 'Downloading from p2p…' });
    preparing.report({ stage: 'connecting', fraction: 0.1, message: 'late' });
    expect(await poll()).toMatchObject({ status: 'downloading', progress: 74 });
    preparing.resolve(api.engine.prepared(film, film.files[1]!, new Promise(() => undefined)));
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
    await start({ prepareTimeoutMs: 400 });
    const { json } = await prepare(`/${HASH}`);
    api.engine.resolving[0]?.report({ stage: 'connecting', fraction: 0, message: 'x', lacks: 'peers' });
    const failed = await until('the deadline', async () => {
      const polled = (await get(String(json.statusUrl))).json;
      return polled.status === 'failed' ? polled : null;
    });
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
    const whole = await ask(api.url(String(streamUrl)));
    expect(whole.status).toBe(200);
    expect(sha256(whole.body)).toBe(sha256(original));
    expect(whole.headers).toMatchObject({
      'accept-ranges': 'bytes',
      'content-type': 'video/x-matroska',
      'cache-control': 'private, no-store',
    });
    const part = await askRange(api.url(String(streamUrl)), 1_000, 2_000);
    expect(part.status).toBe(206);
    expect(sha256(part.body)).toBe(sha256(original.subarray(1_000, 2_000)));
    const head = await ask(api.url(String(streamUrl)), { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '300000', 0]);
  });

  it('ready - 202 with Retry-After until then', async () => {
    const { json } = await prepare(`/${HASH}`);
    const answer = await askJson(api.url(String(json.streamUrl)));
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
    await ask(api.url(`/api/admin/jobs/${String(json.jobId)}`), { method: 'DELETE', headers: KEY });
    const { status, json: body } = await askJson(api.url(String(json.streamUrl)));
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
    api.library.remove(HASH);
    expect(await get(String(streamUrl))).toMatchObject({ status: 410, json: { success: false, code: 'GONE' } });
  });
});

describe('GET /stream/proxy/:infoHash', () => {
  it('proxy - the bytes, as soon as they exist', async () => {
    const answer = ask(api.url(`/stream/proxy/${HASH}?fileIndex=3&download=true`), { headers: KEY });
    const resolving = await until('it asks', () => api.engine.resolving[0] ?? null);
    api.engine.isInstant = true;
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
    expect(await askJson(api.url(String(json.statusUrl)))).toMatchObject({
      status: 200,
      json: { status: 'preparing' },
    });
  });

  it('proxy - 502 when the preparation fails', async () => {
    const answer = get(`/stream/proxy/${HASH}`);
    const resolving = await until('it asks', () => api.engine.resolving[0] ?? null);
    resolving.reject(new UpstreamError('it broke'));
    expect(await answer).toMatchObject({ status: 502, json: { success: false, error: 'it broke' } });
  });

  it('proxy - a client that goes leaves the job to others, and nothing that waits', async () => {
    const leaving = new AbortController();
    const answer = open(api.url(`/stream/proxy/${HASH}`), { headers: KEY, signal: leaving.signal });
    await until('it asks', () => api.engine.resolving[0] ?? null);
    leaving.abort();
    await expect(answer).rejects.toThrow();
    expect((await prepare(`/${HASH}`)).json.success).toBe(true);
    expect(api.engine.resolving).toHaveLength(1);
  });

  it('proxy - refuses a bad hash', async () => {
    expect(await get('/stream/proxy/zzz')).toMatchObject({ status: 400, json: { success: false } });
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
    expect(api.engine.resolving).toHaveLength(0);
    expect((await get('/stream/info/zzz')).status).toBe(400);
  });
});

describe('GET /stream/<token>/<name>', () => {
  async function tokenUrl(): Promise<string> {
    await prepareFilm();
    const files = (await get(`/stream/info/${HASH}`)).json.files as Json[];
    return api.url(String(files[1]?.streamUrl));
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
    expect((await ask(api.url(`/stream/${'A'.repeat(30)}.${'A'.repeat(43)}/x.mkv`))).status).toBe(404);
    api.library.remove(HASH);
    const gone = await askJson(url);
    expect([gone.status, gone.json.code, gone.headers['access-control-allow-origin']]).toEqual([410, 'GONE', '*']);
  });

  it('stream - shadows no route of the addon', async () => {
    for (const path of ['/stream/movie/tt1254207.json', '/stream/series/tt1%3A1%3A2.json']) {
      expect((await ask(api.url(path))).body.toString()).toContain('Cannot GET');
    }
  });
});

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
      const { status, json } = await askJson(api.url(path), { method, headers });
      expect(status).toBe(401);
      expect(json).toMatchObject({ success: false, code: 'UNAUTHORIZED' });
    }
    expect(api.jobs.list()).toEqual([]);
  });

  it('access - the key is taken in each of its forms', async () => {
    for (const [query, headers] of [
      ['', { 'x-api-key': API_KEY }],
      ['', { authorization: `Bearer ${API_KEY}` }],
      [`?apikey=${API_KEY}`, {}],
    ] as const) {
      expect((await askJson(api.url(`/stream/info/${HASH}${query}`), { headers })).status).toBe(200);
    }
  });

  it('access - statusUrl and streamUrl need nothing else, and open nothing else', async () => {
    const first = await prepareFilm();
    const second = (await prepare(`/${HASH}?fileIndex=3`)).json;
    expect((await askJson(api.url(String(first.statusUrl)))).status).toBe(200);
    expect((await ask(api.url(String(first.streamUrl)))).status).toBe(200);
    const signature = new URL(api.url(String(first.statusUrl))).searchParams.get('access');
    expect((await askJson(api.url(`/stream/status/${String(second.jobId)}?access=${String(signature)}`))).status).toBe(
      401,
    );
    expect((await askJson(api.url(`/stream/info/${HASH}?access=${String(signature)}`))).status).toBe(401);
  });

  it('access - a valid signature wins over a foreign Authorization', async () => {
    const { statusUrl } = await prepareFilm();
    const headers = { authorization: 'Bearer somebody-elses' };
    expect((await askJson(api.url(String(statusUrl)), { headers })).status).toBe(200);
  });

  it('access - with AUTH=none the addresses are bare, and nothing needs a key', async () => {
    await start({ auth: 'none' });
    beInstant();
    const { json } = await postJson(api.url(`/stream/prepare/${HASH}`), {});
    expect(json.statusUrl).toBe(`/stream/status/${String(json.jobId)}`);
    expect(json.streamUrl).toBe(`/stream/ready/${String(json.jobId)}`);
    expect((await ask(api.url(String(json.streamUrl)))).status).toBe(200);
  });

  it('access - with AUTH=none what comes from elsewhere is refused', async () => {
    await start({ auth: 'none' });
    for (const headers of [{ host: 'evil.example' }, { origin: 'https://evil.example' }]) {
      expect((await ask(api.url('/health'), { headers })).status).toBe(403);
    }
  });
});

describe('CORS', () => {
  const preflight = (path: string, origin = 'https://player.example'): ReturnType<typeof ask> =>
    ask(api.url(path), { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } });

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
    expect((await ask(api.url('/stream/status/x'))).headers['access-control-allow-origin']).toBe('*');
  });
});

describe('GET /api/admin/jobs', () => {
  it('admin - lists the jobs, and how many are under way', async () => {
    const ready = await prepareFilm();
    api.engine.autoRelease = null;
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
      askJson(api.url(`/api/admin/jobs/${encodeURIComponent(String(json.jobId))}`), { method: 'DELETE', headers: KEY });
    expect(await cancel()).toMatchObject({ status: 200, json: { success: true, status: 'failed' } });
    expect((await cancel()).status).toBe(200);
    expect((await get(String(json.statusUrl))).json).toMatchObject({
      status: 'failed',
      progress: 0,
      error: 'Cancelled',
    });
    expect(api.engine.resolving[0]?.signal.aborted).toBe(true);
  });

  it('admin - nothing to cancel in what is done, and 404 for what nobody knows', async () => {
    const { jobId } = await prepareFilm();
    const cancel = (id: unknown): ReturnType<typeof askJson> =>
      askJson(api.url(`/api/admin/jobs/${String(id)}`), { method: 'DELETE', headers: KEY });
    expect((await cancel(jobId)).status).toBe(409);
    expect(await cancel('x')).toMatchObject({ status: 404, json: { success: false, error: 'Job not found' } });
  });
});

describe('GET /api/events', () => {
  it('events - where every job stands, then what happens, with the fields of the status', async () => {
    const before = await prepareFilm();
    api.engine.autoRelease = null;
    const stream = await open(api.url('/api/events'), { headers: KEY });
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
    api.engine.resolving.splice(0).forEach((call) => call.resolve(pack));
    expect(await told.next((event) => event.jobId === json.jobId && event.streamable === true)).toMatchObject({
      status: 'ready',
      streamUrl: json.streamUrl,
      fileIndex: 1,
    });
    stream.destroy();
  });

  it('events - are refused to one subscriber too many, and given again when one leaves', async () => {
    await start({ maxSubscribers: 1 });
    const first = await open(api.url('/api/events'), { headers: KEY });
    const refused = await get('/api/events');
    expect([refused.status, refused.json.code]).toEqual([503, 'BUSY']);
    first.destroy();
    const again = await until('there is room', async () => {
      const stream = await open(api.url('/api/events'), { headers: KEY });
      if (stream.statusCode === 200) return stream;
      stream.resume();
      return null;
    });
    again.destroy();
  });
});

describe('GET /health', () => {
  it('health - answers anybody, and tells nothing', async () => {
    expect(await askJson(api.url('/health'))).toMatchObject({ status: 200, json: { status: 'ok', version: '1.2.3' } });
  });
});

/** Events as they come; `next` waits for one that fits, dropping others. */
function readEvents(stream: Awaited<ReturnType<typeof open>>): { next(fits: (event: Json) => boolean): Promise<Json> } {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => (text += chunk));
  const take = (fits: (event: Json) => boolean): Json | null => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end < 0) return null;
      const block = text.slice(0, end);
      text = text.slice(end + 2);
      const data = /^data: (.*)$/m.exec(block)?.[1];
      const event = data === undefined ? null : (JSON.parse(data) as Json);
      if (event !== null && fits(event)) return event;
    }
  };
  return {
    next: async (fits) => {
      for (;;) {
        const event = take(fits);
        if (event !== null) return event;
        await once(stream, 'data');
      }
    },
  };
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = bits.match(/.{5}/g) ?? [];
  return letters.map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(five, 2)]).join('');
}
