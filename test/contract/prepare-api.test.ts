// The preparation API, row by row, as its clients meet it: starting, and joining what was started.

import { describe, expect, it } from '@jest/globals';
import { UpstreamError } from '../../backend/content/index.js';
import { fakeBytes } from '../support/fake-engine.js';
import { ask, askJson, sha256 } from '../support/http.js';
import { film, HASH, KEY, pack, usePrepareApi } from '../support/prepare-lab.js';
import { until } from '../support/until.js';

const lab = usePrepareApi();
const { beInstant, get, prepare, prepareFilm } = lab;

describe('POST /stream/prepare/:infoHash', () => {
  it('prepare - answers at once with everything a client needs', async () => {
    const { status, json } = await prepare(`/${HASH}?fileIndex=1`);
    expect([lab.api.engine.resolving.length, lab.api.engine.preparing.length]).toEqual([1, 0]); // nothing is known yet
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
    lab.api.engine.resolving.splice(0).forEach((call) => call.resolve(film));
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
    expect(lab.api.jobs.list()).toEqual([]);
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
    const { status, json } = await askJson(lab.api.url(`/stream/prepare/${HASH}`), {
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
    expect(lab.api.engine.resolving[0]?.source).toMatchObject({
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
    lab.api.engine.autoRelease = pack;
    const { json } = await askJson(lab.api.url(`/stream/prepare/${pack.contentId}`), {
      method: 'POST',
      headers: { ...KEY, 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    expect(json.fileIndex).toBe(1);
    expect(lab.api.engine.preparing).toHaveLength(1);
  });

  it('prepare - finds the episode of a Stremio id, and remembers the title', async () => {
    beInstant(pack);
    expect((await prepare(`/${pack.contentId}`, { id: 'tt123:1:2' })).json.fileIndex).toBe(1);
    expect(lab.api.library.titles.get(pack.contentId)).toBe('tt123');
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
    lab.api.engine.isInstant = true;
    lab.api.engine.resolving.splice(0).forEach((call) => call.resolve(film));
    const ready = await until('it is ready', async () => {
      const polled = (await get(String(json.statusUrl))).json;
      return polled.status === 'ready' ? polled : null;
    });
    expect(ready).toMatchObject({ jobId: json.jobId, infoHash: HASH, fileIndex: 1 });
  });

  it('prepare - a file on a web server is the same API', async () => {
    await prepare('', { url: 'http://a.example/film.mkv' });
    expect(lab.api.engine.resolving[0]?.source).toEqual({ kind: 'http', url: 'http://a.example/film.mkv' });
  });

  it('prepare - an NZB is 501 with a code, and no job', async () => {
    const { status, json } = await prepare('', { nzb_url: 'http://a.example/x.nzb' });
    expect(status).toBe(501);
    expect(json).toMatchObject({ success: false, code: 'USENET_UNAVAILABLE' });
    expect(lab.api.jobs.list()).toEqual([]);
  });

  it('prepare - a content id of 64 characters that nobody knows is 404', async () => {
    expect(await prepare(`/${'a'.repeat(64)}`)).toMatchObject({ status: 404, json: { success: false } });
  });
});

describe('the same thing twice', () => {
  it('prepare - twenty at once are one job and one look-up', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => prepare(`/${HASH}`)));
    expect(new Set(answers.map(({ json }) => json.jobId)).size).toBe(1);
    expect(lab.api.engine.resolving).toHaveLength(1);
  });

  it('prepare - while it is ready, too', async () => {
    const first = await prepareFilm();
    expect((await prepare(`/${HASH}?fileIndex=1`)).json.jobId).toBe(first.jobId);
    expect((await prepare(`/${HASH}`, { magnet: `magnet:?xt=urn:btih:${HASH}` })).json.jobId).toBe(first.jobId);
  });

  it('prepare - after a failure a new attempt begins at once, and the old id still answers', async () => {
    const first = (await prepare(`/${HASH}`)).json;
    lab.api.engine.resolving.splice(0).forEach((call) => call.reject(new UpstreamError('it broke')));
    await until('it failed', async () => (await get(String(first.statusUrl))).json.status === 'failed');
    const second = (await prepare(`/${HASH}`)).json;
    expect(second.jobId).not.toBe(first.jobId);
    expect(lab.api.engine.resolving).toHaveLength(1);
    expect((await get(String(first.statusUrl))).json).toMatchObject({ status: 'failed', error: 'it broke' });
  });

  it('prepare - a job that turns out to be another goes on as its alias', async () => {
    const chosen = (await prepare(`/${HASH}?fileIndex=1`)).json;
    const auto = (await prepare(`/${HASH}`)).json;
    lab.api.engine.isInstant = true;
    lab.api.engine.resolving.splice(0).forEach((call) => call.resolve(film));
    await until('both are ready', async () => {
      const polled = await Promise.all([get(String(chosen.statusUrl)), get(String(auto.statusUrl))]);
      return polled.every(({ json }) => json.status === 'ready');
    });
    expect((await get(String(auto.statusUrl))).json).toMatchObject({ jobId: auto.jobId, fileIndex: 1 });
    const bytes = await ask(lab.api.url(String(auto.streamUrl)));
    expect(sha256(bytes.body)).toBe(sha256(fakeBytes(film, film.files[1]!)));
    expect(lab.api.jobs.list()).toHaveLength(1);
  });
});

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = bits.match(/.{5}/g) ?? [];
  return letters.map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(five, 2)]).join('');
}
