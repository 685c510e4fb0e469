// `POST /api/nzb/streams` as its clients know it: shapes, joining, packs, failures and their numbers.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BusyError, StorageFullError, UnplayableError, UpstreamError } from '../../backend/content/index.js';
import { Deferred } from '../../backend/jobs/deferred.js';
import { ask } from '../support/http.js';
import { API_KEY, startNzbApi, STREAMS_PATH, type NzbApi, type Submitted } from '../support/nzb-harness.js';
import { nzbRelease } from '../support/nzb-lab.js';
import { until } from '../support/until.js';

const answerForm = z.strictObject({
  streams: z.array(z.strictObject({ url: z.url(), title: z.string(), name: z.string(), size: z.int().nonnegative() })),
  _queue_item_id: z.int().positive(),
  _queue_status: z.enum(['streamable', 'completed']),
  _cached: z.boolean(),
});
const errorForm = z.strictObject({
  success: z.literal(false),
  error: z.strictObject({ code: z.string().min(1), message: z.string().min(1), details: z.string() }),
});
const keyHash = createHash('sha256').update(API_KEY).digest('hex');
const film = nzbRelease('Open.Film.2024.1080p.WEB.x264-DEMO', [
  ['open.film.part1.rar', 900],
  ['open.film.part1.rar/Open.Film.2024.MKV', 5_000],
  ['open.film.part1.rar/Sample/open.film.sample.mkv', 90],
]);
const pack = nzbRelease('Open.Show.S01', [
  ['Open.Show.S01E02.mkv', 2_000],
  ['Open.Show.S01E01.mkv', 3_000],
  ['Trailers/Open.Show.trailer.mkv', 100],
]);
let api: NzbApi;

beforeEach(async () => {
  api = await startNzbApi();
  api.usenet.know(film);
  api.usenet.know(pack);
});

afterEach(() => api.close());

const urlOf = ({ name }: { readonly name: string }): string => `http://indexer.example/get/${name}`;
const upload = (name: string, more = '') => ({ name: 'upload.nzb', bytes: Buffer.from(`<nzb>${name}</nzb>${more}`) });

function answerOf({ status, json }: Submitted): z.infer<typeof answerForm> {
  expect([status, json]).toEqual([200, expect.anything()]);
  return answerForm.parse(json);
}

function failureOf({ status, json }: Submitted): [number, string] {
  return [status, errorForm.parse(json).error.code];
}

const namesOf = (answer: Submitted): string[] => answerOf(answer).streams.map(({ name }) => name);

describe('one film', () => {
  it('nzb streams - one film is one stream, under its real name, and its address plays', async () => {
    const { streams, ...rest } = answerOf(await api.submit({ nzb_url: urlOf(film) }));
    expect(rest).toMatchObject({ _cached: false });
    expect(streams).toMatchObject([{ name: 'Open.Film.2024.MKV', title: 'Open.Film.2024.MKV', size: 5_000 }]);
    const { url = '' } = streams[0] ?? {};
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/files\/stream\?path=[^&+]+&download_key=[0-9a-f]{64}$/);
    expect(new URL(url).searchParams.get('path')).toBe(
      '/complete/stremio/Open.Film.2024.1080p.WEB.x264-DEMO/open.film.part1.rar/Open.Film.2024.MKV',
    );
    expect((await ask(url)).body).toHaveLength(5_000);
  });

  it('nzb streams - answers when it is streamable; once finished, the same NZB is cached, however it comes', async () => {
    const completed = new Deferred<void>();
    api.usenet.completed = completed.promise;
    const first = answerOf(await api.submit({ nzb_url: urlOf(film) }));
    expect(first).toMatchObject({ _queue_status: 'streamable', _cached: false });
    expect(answerOf(await api.submit({ nzb_url: urlOf(film) }))).toMatchObject({
      _queue_status: 'streamable',
      _cached: false,
    });
    completed.resolve();
    await until('it is completed', () => api.items.get(first._queue_item_id)?.status === 'completed');
    const resolved = api.usenet.resolved;
    for (const again of [
      await api.submit({ nzb_url: `${urlOf(film)}?from=elsewhere` }),
      await api.submit({ category: 'other' }, { file: upload(film.name) }),
    ]) {
      expect(answerOf(again)).toEqual({ ...first, _queue_status: 'completed', _cached: true });
    }
    expect(api.usenet.resolved).toBe(resolved);
  });

  it('nzb streams - fields in the query count too; those of the form count more', async () => {
    const query = `?nzb_url=${encodeURIComponent(urlOf(film))}&category=films%2Fnew&download_key=${keyHash}`;
    const answer = answerOf(await api.submit({}, { headers: {}, query }));
    expect(answer.streams[0]?.url).toContain(encodeURIComponent('/complete/films_new/'));
    expect(namesOf(await api.submit({ nzb_url: urlOf(film) }, { query: '?nzb_url=nonsense' }))).toHaveLength(1);
  });

  it('nzb streams - addresses begin with the origin and prefix that the caller used', async () => {
    const headers = {
      'x-api-key': API_KEY,
      'x-forwarded-host': 'play.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-prefix': '/hs',
    };
    const { streams } = answerOf(await api.submit({ nzb_url: urlOf(film) }, { headers }));
    expect(streams[0]?.url.startsWith('https://play.example/hs/api/files/stream?')).toBe(true);
  });
});

describe('packs', () => {
  it('nzb streams - a pack without an episode is all its films, in a stable order', async () => {
    const names = ['Open.Show.S01E02.mkv', 'Open.Show.S01E01.mkv'];
    expect(namesOf(await api.submit({ nzb_url: urlOf(pack) }))).toEqual(names);
    expect(namesOf(await api.submit({ nzb_url: urlOf(pack) }))).toEqual(names);
  });

  const ways: [string, Record<string, string>, string][] = [
    ['season and episode', { season: '1', episode: '1', id: 'tt1:1:2' }, 'Open.Show.S01E01.mkv'],
    ['a Stremio id', { id: 'tt123:1:2' }, 'Open.Show.S01E02.mkv'],
    ['stremio_id', { stremio_id: 'tt123:1:2' }, 'Open.Show.S01E02.mkv'],
    ['the address of the NZB', { nzb_url: `${urlOf(pack)}?season=1&episode=1` }, 'Open.Show.S01E01.mkv'],
    [
      'an id before the address',
      { nzb_url: `${urlOf(pack)}?season=1&episode=1`, id: 'tt1:1:2' },
      'Open.Show.S01E02.mkv',
    ],
  ];
  it.each(ways)('nzb streams - the episode is told by %s', async (_title, fields, name) => {
    expect(namesOf(await api.submit({ nzb_url: urlOf(pack), ...fields }))).toEqual([name]);
  });

  it('nzb streams - an episode that is not in a pack is an empty list, at once the second time', async () => {
    const wish = { nzb_url: urlOf(pack), season: '1', episode: '9' };
    const first = answerOf(await api.submit(wish));
    expect(first).toMatchObject({ streams: [], _cached: false });
    await until('it is completed', () => api.items.get(first._queue_item_id)?.status === 'completed');
    expect(answerOf(await api.submit(wish))).toMatchObject({ streams: [], _cached: true });
    expect(namesOf(await api.submit({ ...wish, episode: '1' }))).toEqual(['Open.Show.S01E01.mkv']);
  });

  it('nzb streams - a single film is one stream, whatever episode was wished for', async () => {
    const single = api.usenet.know(nzbRelease('single', [['Open.Show.S01E04.mkv', 500]]));
    const wish = { nzb_url: urlOf(single), season: '1', episode: '5' };
    expect(namesOf(await api.submit(wish))).toEqual(['Open.Show.S01E04.mkv']);
    expect(namesOf(await api.submit(wish))).toEqual(['Open.Show.S01E04.mkv']);
  });
});

describe('joining', () => {
  it('nzb streams - concurrent submissions are one preparation; the first caller going away ends nothing', async () => {
    const streamable = new Deferred<void>();
    api.usenet.streamable = streamable.promise;
    const leaving = new AbortController();
    const left = api.submit({ nzb_url: urlOf(film) }, { signal: leaving.signal });
    await until('it is prepared', () => api.jobs.list().length === 1);
    const others = [1, 2, 3].map(() => api.submit({ nzb_url: urlOf(film) }));
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    await until('the others are in', () => api.usenet.fetched.length === 4);
    streamable.resolve();
    const answers = await Promise.all(others);
    expect(new Set(answers.map((answer) => answerOf(answer)._queue_item_id)).size).toBe(1);
    expect(api.usenet.resolved).toBe(1);
  });

  it('nzb streams - one who came first and left while the NZB was fetched does not stop it', async () => {
    const fetching = new Deferred<void>();
    api.usenet.fetching = fetching.promise;
    const leaving = new AbortController();
    const left = api.submit({ nzb_url: urlOf(film) }, { signal: leaving.signal });
    await until('it is fetched', () => api.usenet.fetched.length === 1);
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    fetching.resolve();
    await until('it is completed', () => api.items.get(1)?.status === 'completed');
  });

  it('nzb streams - equal names stay two items', async () => {
    const first = answerOf(await api.submit({ nzb_url: urlOf(film) }));
    api.usenet.know({ ...nzbRelease('twin', [['Open.Film.2024.MKV', 7]]) });
    const second = answerOf(await api.submit({ nzb_url: 'http://indexer.example/get/twin' }));
    expect(second._queue_item_id).not.toBe(first._queue_item_id);
    expect(second.streams[0]?.size).toBe(7);
  });
});

describe('what goes wrong', () => {
  it('nzb streams - a dead release says why, is remembered, and is tried again when forced', async () => {
    const dead = { nzb_url: 'http://indexer.example/get/dead' };
    expect(failureOf(await api.submit(dead))).toEqual([422, 'ARTICLE_MISSING']);
    const resolved = api.usenet.resolved;
    expect(failureOf(await api.submit(dead))).toEqual([422, 'ARTICLE_MISSING']);
    expect(api.usenet.resolved).toBe(resolved);
    expect(failureOf(await api.submit({ ...dead, force: 'true' }))).toEqual([422, 'ARTICLE_MISSING']);
    expect(failureOf(await api.submit({ nzb_url: `${dead.nzb_url}?password=a` }))).toEqual([422, 'ARTICLE_MISSING']);
    expect(api.usenet.resolved).toBe(resolved + 2);
  });

  const failures: [string, Error, number, string][] = [
    ['a compressed archive', new UnplayableError('It is compressed.', 'ARCHIVE_COMPRESSED'), 422, 'ARCHIVE_COMPRESSED'],
    ['an unknown encoding', new UnplayableError('Not yEnc.', 'ENCODING_UNSUPPORTED'), 422, 'ENCODING_UNSUPPORTED'],
    ['a wrong account', new UpstreamError('No such user.', 'PROVIDER_AUTH'), 502, 'PROVIDER_AUTH'],
    ['a silent provider', new UpstreamError('No answer.', 'PROVIDER_UNREACHABLE'), 502, 'PROVIDER_UNREACHABLE'],
    ['a spent quota', new UpstreamError('Quota spent.', 'PROVIDER_LIMIT'), 503, 'PROVIDER_LIMIT'],
    ['too much at once', new BusyError('Too much.', 7), 503, 'BUSY'],
    ['a full disk', new StorageFullError('The disk is full.'), 507, 'STORAGE_FULL'],
  ];
  it.each(failures)('nzb streams - %s has its own number and code', async (_title, error, status, code) => {
    api.usenet.releases.set(film.contentId, error);
    const answer = await api.submit({ nzb_url: urlOf(film) });
    expect(failureOf(answer)).toEqual([status, code]);
    expect(Boolean(answer.headers['retry-after'])).toBe(status === 503);
    api.usenet.know(film);
    const again = await api.submit({ nzb_url: urlOf(film) });
    expect(again.status).toBe(status === 422 ? 422 : 200);
  });

  it('nzb streams - an NZB that has no video says so', async () => {
    api.usenet.know(nzbRelease('text', [['readme.txt', 5]]));
    expect(failureOf(await api.submit({ nzb_url: 'http://indexer.example/get/text' }))).toEqual([422, 'NO_VIDEO']);
  });

  it('nzb streams - who waits longer than said is told to come back, and joins what goes on', async () => {
    const streamable = new Deferred<void>();
    api.usenet.streamable = streamable.promise;
    expect(failureOf(await api.submit({ nzb_url: urlOf(film), timeout: '1' }))).toEqual([408, 'TIMEOUT']);
    streamable.resolve();
    expect(namesOf(await api.submit({ nzb_url: urlOf(film) }))).toHaveLength(1);
    expect(api.usenet.resolved).toBe(1);
  });

  it('nzb streams - who does not wait at all still gets what is ready', async () => {
    expect((await api.submit({ nzb_url: urlOf(film) })).status).toBe(200);
    const again = await api.submit({ nzb_url: urlOf(film), timeout: '0' });
    expect(again.status).toBe(200);
    expect(namesOf(again)).toHaveLength(1);
  });

  const mistakes: [string, Record<string, string>][] = [
    ['nothing', {}],
    ['an address that is none', { nzb_url: 'nonsense' }],
    ['a file address', { nzb_url: 'file:///etc/passwd' }],
    ['an NZB that cannot be fetched', { nzb_url: 'http://indexer.example/unfetchable' }],
    ['a season that is none', { nzb_url: urlOf(film), season: 'one', episode: '1' }],
    ['a time that is none', { nzb_url: urlOf(film), timeout: '-1' }],
    ['a field that never ends', { nzb_url: urlOf(film), category: 'x'.repeat(20_000) }],
  ];
  it.each(mistakes)('nzb streams - %s is the caller’s fault', async (_title, fields) => {
    expect((await api.submit(fields)).status).toBe(400);
  });

  it('nzb streams - other methods are refused with 400, never 404 or 405', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])
      expect((await ask(api.url(STREAMS_PATH), { method, headers: { 'x-api-key': API_KEY } })).status).toBe(400);
    expect((await ask(api.url(`${STREAMS_PATH}/more`), { method: 'POST' })).status).toBe(400);
  });

  it('nzb streams - without a news server every submission says which setting is missing', async () => {
    await api.close();
    api = await startNzbApi({ hasUsenet: false });
    const answer = await api.submit({ nzb_url: urlOf(film) });
    expect(failureOf(answer)).toEqual([503, 'USENET_UNAVAILABLE']);
    expect(JSON.stringify(answer.json)).toContain('NNTP_PROVIDERS');
    expect((await api.submit({ nzb_url: urlOf(film) }, { headers: {} })).status).toBe(401);
  });
});

describe('uploads', () => {
  it('nzb streams - an uploaded NZB plays like any other', async () => {
    expect(namesOf(await api.submit({}, { file: { ...upload(film.name), name: 'Fílm {{pw}}.nzb' } }))).toHaveLength(1);
    expect(api.usenet.uploaded).toEqual(['Fílm {{pw}}.nzb']);
  });

  it('nzb streams - what is no NZB is refused', async () => {
    expect(failureOf(await api.submit({}, { file: { name: 'a.nzb', bytes: Buffer.from('nothing') } }))).toEqual([
      400,
      'NZB_INVALID',
    ]);
    expect((await api.submit({}, { file: { name: 'a.nzb', bytes: Buffer.alloc(0) } })).status).toBe(400);
  });

  it('nzb streams - more than 100 MB is refused, and the server goes on', async () => {
    const file = { name: 'a.nzb', bytes: Buffer.alloc(101e6) };
    expect(failureOf(await api.submit({}, { file }))).toEqual([413, 'TOO_LARGE']);
    expect((await api.submit({ nzb_url: urlOf(film) })).status).toBe(200);
  });

  it('nzb streams - a form that is cut short, or none at all, is refused', async () => {
    for (const contentType of ['multipart/form-data; boundary=x', 'multipart/form-data']) {
      const headers = { 'x-api-key': API_KEY, 'content-type': contentType };
      const answer = await ask(api.url(STREAMS_PATH), { method: 'POST', headers, body: '--x\r\nContent-Disp' });
      expect(answer.status).toBe(400);
    }
  });
});

describe('keys', () => {
  it('nzb streams - the key comes in a header or the query, its hash as download_key in form or query', async () => {
    const nzb = { nzb_url: urlOf(film) };
    const ways = [
      api.submit(nzb, { headers: { authorization: `Bearer ${API_KEY}` } }),
      api.submit(nzb, { headers: {}, query: `?apikey=${API_KEY}` }),
      api.submit(nzb, { headers: {}, query: `?download_key=${keyHash}` }),
      api.submit({ ...nzb, download_key: keyHash }, { headers: {} }),
      api.submit({ download_key: keyHash }, { headers: {}, file: upload(film.name) }),
    ];
    for (const answer of await Promise.all(ways)) expect(answer.status).toBe(200);
  });

  it('nzb streams - without a key, or with another, nothing happens', async () => {
    const nzb = { nzb_url: urlOf(film) };
    const ways = [
      api.submit(nzb, { headers: {} }),
      api.submit(nzb, { headers: { 'x-api-key': keyHash } }),
      api.submit({ ...nzb, download_key: API_KEY }, { headers: {} }),
      api.submit({ ...nzb, download_key: keyHash.toUpperCase() }, { headers: {} }),
      api.submit({ download_key: 'a'.repeat(64) }, { headers: {}, file: upload(film.name) }),
    ];
    for (const answer of await Promise.all(ways)) expect(failureOf(answer)).toEqual([401, 'UNAUTHORIZED']);
    expect([api.usenet.fetched, api.usenet.uploaded]).toEqual([[], []]);
  });

  it('nzb streams - a stranger’s upload is cut short', async () => {
    const file = { name: 'a.nzb', bytes: Buffer.alloc(17e6) };
    expect((await api.submit({ download_key: 'a'.repeat(64) }, { headers: {}, file })).status).toBe(413);
    expect((await api.submit({}, { file })).status).toBe(400);
  });

  it('nzb streams - with AUTH=none nobody needs a key; addresses carry theirs', async () => {
    await api.close();
    api = await startNzbApi({ auth: 'none' });
    api.usenet.know(film);
    const { streams } = answerOf(await api.submit({ nzb_url: urlOf(film) }, { headers: {} }));
    expect(streams[0]?.url).toMatch(/&download_key=[0-9a-f]{64}$/);
  });
});
