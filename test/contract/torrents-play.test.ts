// The torrents dialect as players meet it: bytes, playlists, and who may have them.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ask } from '../support/http.js';
import { ask, askJson, askRange } from '../support/http.js';
import type { TorrentsApi } from '../support/torrents-api-harness.js';
import { API_KEY, contentBytes, expectError, FILM, SHOW, startTorrentsApi } from '../support/torrents-api-harness.js';

let api: TorrentsApi;

beforeEach(async () => {
  api = await startTorrentsApi();
});

afterEach(async () => {
  await api.close();
});

describe('streaming', () => {
  it.each([
    '1/stream/2',
    '1/stream/2/',
    `${SHOW.infoHash}/stream/2/any%2Fname.mkv`,
    '1/stream/2/100%.mkv',
    '1/stream/2/a/b',
  ])('streaming - %s is the bytes of file 2', async (path) => {
    await api.addShow();
    const { status, headers, body } = await ask(`${api.url}/torrents/${path}`);
    expect(status).toBe(200);
    expect(body).toEqual(contentBytes(0, 30_000));
    expect(headers).toMatchObject({
      'content-type': 'video/x-matroska',
      'accept-ranges': 'bytes',
      'access-control-allow-origin': '*',
      etag: expect.stringMatching(/^"/),
    });
  });

  it('streaming - answers ranges, heads, preflights and renderers', async () => {
    await api.addShow();
    const url = `${api.url}/torrents/1/stream/0/a.mkv`;
    const range = await ask(url, { headers: { range: 'bytes=-5', 'transfermode.dlna.org': 'streaming' } });
    expect([range.status, range.headers['content-range']]).toEqual([206, 'bytes 19995-19999/20000']);
    expect(range.headers['transfermode.dlna.org']).toBe('Streaming');
    expect(range.body).toEqual(contentBytes(19_995, 20_000));
    const head = await ask(url, { method: 'HEAD', headers: { 'getcontentfeatures.dlna.org': '1' } });
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '20000', 0]);
    expect(head.headers['contentfeatures.dlna.org']).toBe('DLNA.ORG_OP=01;DLNA.ORG_CI=0');
    expect((await ask(url, { method: 'OPTIONS' })).status).toBe(204);
    expect((await askJson(url, { headers: { range: 'bytes=20000-' } })).status).toBe(416);
  });

  it.each(['/torrents/1/stream/1', '/torrents/1/stream/5', '/torrents/1/stream/x', '/torrents/1/stream/-1'])(
    'streaming - has no file behind %s',
    async (path) => {
      await api.addShow();
      expectError(await askJson(`${api.url}${path}`), 404, 'file_not_found');
    },
  );

  it('streaming - of what is paused serves what is on disk and says at once that the rest has to wait', async () => {
    await api.addShow();
    await api.post('/torrents/1/pause');
    const url = `${api.url}/torrents/1/stream/0`;
    expect((await askRange(url, 0, 1000)).body).toEqual(contentBytes(0, 1000));
    const rest = await askJson(url, { headers: { range: 'bytes=5000-6000' } });
    expectError(rest, 503, 'busy');
    expect(rest.headers['retry-after']).toBe('30');
  });
});

describe('playlists', () => {
  const headersOf = {
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'films.example',
    'x-forwarded-prefix': '/house',
  };

  it('playlists - of one torrent name every playable file, on the origin the caller used', async () => {
    await api.addShow();
    const { headers, body } = await ask(`${api.url}/torrents/1/playlist`, { headers: headersOf });
    const base = `https://films.example/house/torrents/${SHOW.infoHash}/stream`;
    expect(headers['content-type']).toBe('application/mpegurl; charset=utf-8');
    expect(headers['content-disposition']).toBe('attachment; filename="Show S01-playlist.m3u8"');
    expect(body.toString('utf8').trim().split('\n')).toEqual([
      '#EXTM3U',
      '#EXTINF:-1,Show S01E02 100% [été] #1?.mkv',
      `${base}/2/Show%20S01E02%20100%25%20%5B%C3%A9t%C3%A9%5D%20%231%3F.mkv`,
      '#EXTINF:-1,Show S01E10.mkv',
      `${base}/0/Show%20S01E10.mkv`,
      '#EXTINF:-1,theme.mp3',
      `${base}/4/theme.mp3`,
    ]);
  });

  it('playlists - of all torrents name the files of each, and every address plays', async () => {
    await api.addShow();
    await api.post('/torrents', FILM.file);
    const { headers, body } = await ask(`${api.url}/torrents/playlist`);
    expect(headers['content-disposition']).toMatch(/^attachment; filename="[^"]*-playlist\.m3u8"$/);
    const urls = body.toString('utf8').match(/^http.*$/gm) ?? [];
    expect(urls).toHaveLength(4);
    const answers = await Promise.all(urls.map((url) => ask(url, { method: 'HEAD' })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });
});

describe('access', () => {
  const withKey: Ask = { headers: { 'x-api-key': API_KEY } };

  beforeEach(async () => {
    await api.close();
    api = await startTorrentsApi({ auth: 'key' });
    await api.post('/torrents', SHOW.file, { 'x-api-key': API_KEY });
  });

  it.each([
    ['GET', '/torrents'],
    ['POST', '/torrents'],
    ['GET', '/torrents/1'],
    ['GET', '/torrents/7'],
    ['GET', '/torrents/1/stats/v1'],
    ['POST', '/torrents/1/pause'],
    ['POST', '/torrents/1/start'],
    ['POST', '/torrents/1/forget'],
    ['POST', '/torrents/1/delete'],
    ['POST', '/torrents/1/update_only_files'],
    ['GET', '/torrents/playlist'],
    ['GET', '/torrents/1/playlist'],
    ['GET', '/torrents/1/stream/0'],
    ['GET', '/torrents/1/stream/0?access=forged'],
    ['GET', '/torrents/7/stream/0'],
  ])('access - %s %s needs the key', async (method, path) => {
    expectError(await askJson(`${api.url}${path}`, { method }), 401, 'unauthorized');
    expect(api.library.get(SHOW.infoHash)?.isPaused).toBe(false);
  });

  it('access - a signature plays its own torrent, by either name, and opens nothing else', async () => {
    await api.post('/torrents', FILM.file, { 'x-api-key': API_KEY });
    const access = api.access.sign(`content:${SHOW.infoHash}`);
    const statusOf = async (path: string): Promise<number> => (await ask(`${api.url}${path}?access=${access}`)).status;
    expect(await statusOf('/torrents/1/stream/0')).toBe(200);
    expect(await statusOf(`/torrents/${SHOW.infoHash}/stream/0/name.mkv`)).toBe(200);
    expect(await statusOf('/torrents/1/playlist')).toBe(200);
    expect(await statusOf('/torrents/2/stream/0')).toBe(401);
    expect(await statusOf('/torrents/playlist')).toBe(401);
    expect(await statusOf('/torrents/1')).toBe(401);
  });

  it('access - a signed address ignores a foreign Authorization header and is kept out of caches', async () => {
    const access = api.access.sign(`content:${SHOW.infoHash}`);
    const headers = { authorization: 'Basic Zm9vOmJhcg==' };
    const answer = await ask(`${api.url}/torrents/1/stream/0?access=${access}`, { headers });
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'private, no-store']);
  });

  it('access - pages of configured origins may read the API, all others only bytes', async () => {
    const originOf = async (path: string, origin: string): Promise<unknown> =>
      (await ask(`${api.url}${path}`, { headers: { ...withKey.headers, origin } })).headers[
        'access-control-allow-origin'
      ];
    expect(await originOf('/torrents', 'https://pages.example')).toBe('https://pages.example');
    expect(await originOf('/torrents', 'https://other.example')).toBeUndefined();
    expect(await originOf('/torrents/1/stream/0', 'https://other.example')).toBe('*');
  });

  it('access - playlists carry what their addresses need, and say nothing of the key', async () => {
    const { body } = await ask(`${api.url}/torrents/playlist`, withKey);
    const text = body.toString('utf8');
    expect(text).not.toContain(API_KEY);
    for (const url of text.match(/^http.*$/gm) ?? ['none'])
      expect((await ask(url, { method: 'HEAD' })).status).toBe(200);
  });

  it('access - a signed address of what was removed says that it is gone', async () => {
    const access = api.access.sign(`content:${SHOW.infoHash}`);
    await api.post('/torrents/1/delete', '', { 'x-api-key': API_KEY });
    expectError(await askJson(`${api.url}/torrents/${SHOW.infoHash}/stream/0?access=${access}`), 410, 'gone');
  });
});
