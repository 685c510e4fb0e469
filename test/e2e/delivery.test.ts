// The delivery table against a running server and a real torrent, on every address that serves bytes.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ask, type Answer } from '../support/http.js';
import { originalRange } from '../support/originals.js';
import type { MadeTorrent } from '../support/torrent-maker.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';

const size = 300_000;

describe('delivery', () => {
  let lab: TorrentLab;
  let film: MadeTorrent;
  let original: Buffer;
  let addresses: Record<'stream' | 'ready' | 'torrents' | 'proxy', string>;
  beforeAll(async () => {
    lab = await startTorrentLab();
    film = await lab.make({
      name: 'Tabled “Film”.mkv',
      pieceLength: 16_384,
      files: [
        { path: ['Tabled “Film”.mkv'], sizeBytes: size },
        { path: ['empty.srt'], sizeBytes: 0 },
      ],
    });
    const ready = await lab.ready(film, 0);
    original = await originalRange(film.files[0]?.diskPath ?? '', 0, size);
    const key = `apikey=${lab.server.apiKey}`;
    addresses = {
      stream: lab.server.url(ready.status.streamUrl ?? ''),
      ready: lab.server.url(`/stream/ready/${encodeURIComponent(ready.jobId)}${new URL(ready.statusUrl).search}`),
      torrents: lab.server.url(`/torrents/${film.infoHash}/stream/0/whatever.mkv?${key}`),
      proxy: lab.server.url(`/stream/proxy/${film.infoHash}?fileIndex=0&${key}`),
    };
  });
  afterAll(() => lab.close());

  const get = (headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
    ask(addresses.stream, { headers, method });

  it.each(['stream', 'ready', 'torrents', 'proxy'] as const)('%s address - whole, range and HEAD', async (kind) => {
    const whole = await ask(addresses[kind]);
    expect(whole).toMatchObject({ status: 200, headers: { 'accept-ranges': 'bytes', 'content-length': String(size) } });
    expect(whole.body.equals(original)).toBe(true);
    const part = await ask(addresses[kind], { headers: { range: 'bytes=1000-1999' } });
    expect(part).toMatchObject({ status: 206, headers: { 'content-range': `bytes 1000-1999/${String(size)}` } });
    expect(part.body.equals(original.subarray(1000, 2000))).toBe(true);
    const head = await ask(addresses[kind], { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, headers: { 'content-length': String(size) } });
    expect(head.headers.etag).toBe(whole.headers.etag);
  });

  it.each([
    ['bytes=0-0', 206, 0, 1],
    ['bytes=0-999', 206, 0, 1000],
    ['bytes=299000-', 206, 299_000, size],
    ['bytes=-500', 206, size - 500, size],
    ['bytes=-9999999', 206, 0, size],
    ['bytes=299990-9999999', 206, 299_990, size],
    ['bytes=20-10', 200, 0, size],
    ['bytes=abc', 200, 0, size],
    ['items=0-5', 200, 0, size],
  ])('range %s - is answered %i with those bytes', async (range, status, start, end) => {
    const answer = await get({ range });
    expect(answer.status).toBe(status);
    expect(answer.body.equals(original.subarray(start, end))).toBe(true);
    const expected = status === 206 ? `bytes ${String(start)}-${String(end - 1)}/${String(size)}` : undefined;
    expect(answer.headers['content-range']).toBe(expected);
  });

  it.each([`bytes=${String(size)}-`, 'bytes=-0', 'bytes=9999999-'])('range %s - is answered 416', async (range) => {
    expect(await get({ range })).toMatchObject({
      status: 416,
      headers: { 'content-range': `bytes */${String(size)}` },
    });
  });

  it('several ranges - come as parts; too many as the whole file', async () => {
    const answer = await get({ range: 'bytes=0-9,1000-1009,-10' });
    expect(answer.status).toBe(206);
    expect(answer.headers['content-type']).toMatch(/^multipart\/byteranges; boundary=/);
    expect(answer.body.includes(original.subarray(1000, 1010))).toBe(true);
    expect(Number(answer.headers['content-length'])).toBe(answer.body.length);
    const many = Array.from({ length: 17 }, (_, at) => `${String(at * 100)}-${String(at * 100 + 1)}`).join(',');
    expect((await get({ range: `bytes=${many}` })).status).toBe(200);
  });

  it('conditions - validators are honoured', async () => {
    const { etag = '', 'last-modified': lastModified = '' } = (await get({}, 'HEAD')).headers;
    expect(etag).toMatch(/^"[^"]+"$/);
    expect((await get({ 'if-none-match': etag })).status).toBe(304);
    expect((await get({ 'if-modified-since': lastModified })).status).toBe(304);
    expect((await get({ range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200);
    expect((await get({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
  });

  it('headers - type, name, secrecy and openness are those of the contract', async () => {
    const { headers } = await get({ origin: 'https://anywhere.example' }, 'HEAD');
    expect(headers).toMatchObject({
      'content-type': 'video/x-matroska',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect(headers['cache-control']).toMatch(/private/);
    expect(headers['cache-control']).toMatch(/no-store/);
    expect(headers['content-disposition']).toMatch(/^inline;.*filename\*=UTF-8''Tabled%20%E2%80%9CFilm%E2%80%9D\.mkv/);
    expect(headers['access-control-expose-headers']).toMatch(/Content-Range/i);
    const options = await get(
      { origin: 'https://anywhere.example', 'access-control-request-headers': 'range' },
      'OPTIONS',
    );
    expect(options.status).toBe(204);
    expect(options.headers['access-control-allow-headers']).toMatch(/range/i);
    const dlna = await get({ 'transfermode.dlna.org': 'Streaming', 'getcontentfeatures.dlna.org': '1' }, 'HEAD');
    expect(dlna.headers).toMatchObject({
      'transfermode.dlna.org': 'Streaming',
      'contentfeatures.dlna.org': 'DLNA.ORG_OP=01;DLNA.ORG_CI=0',
    });
  });

  it('an empty file - is 200 with length 0, any range of it 416', async () => {
    const url = lab.server.url(`/torrents/${film.infoHash}/stream/1?apikey=${lab.server.apiKey}`);
    expect(await ask(url)).toMatchObject({ status: 200, headers: { 'content-length': '0' } });
    expect((await ask(url, { headers: { range: 'bytes=0-0' } })).status).toBe(416);
  });

  it('a signed address - needs no key and takes no offence at a foreign one; a changed one is refused', async () => {
    expect((await get({ authorization: 'Bearer of-something-else' }, 'HEAD')).status).toBe(200);
    const forged = new URL(addresses.stream);
    const access = forged.searchParams.get('access');
    if (access === null) forged.pathname = forged.pathname.replace(/.{3}(\/|$)/, 'AAA$1');
    else forged.searchParams.set('access', `${access.slice(0, -3)}AAA`);
    expect([401, 403, 404]).toContain((await ask(forged.href)).status);
  });

  it('what was removed - is 410, what never was is 404', async () => {
    const gone = await lab.make({ name: 'Removed.mkv', pieceLength: 16_384, files: [{ path: [], sizeBytes: 50_000 }] });
    const { status } = await lab.ready(gone);
    const url = lab.server.url(status.streamUrl ?? '');
    expect((await ask(url)).status).toBe(200);
    expect((await lab.server.post(`/torrents/${gone.infoHash}/delete`)).status).toBe(200);
    expect((await ask(url)).status).toBe(410);
    const unknown = lab.server.url(`/torrents/${'e'.repeat(40)}/stream/0?apikey=${lab.server.apiKey}`);
    expect((await ask(unknown)).status).toBe(404);
  });
});
