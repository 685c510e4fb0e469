// `/api/library` over HTTP: what is listed, changed and removed; and what becomes of every address of what was removed.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { formatStreamPath } from '../../backend/api/index.js';
import type { Release } from '../../backend/content/index.js';
import { ask, askJson } from '../support/http.js';
import { API_KEY, HEALTH, SESSION_COOKIE, startNzbApi, type NzbApi } from '../support/nzb-harness.js';
import { nzbRelease } from '../support/nzb-lab.js';

const trackForm = z.strictObject({ codec: z.string(), channels: z.int().nullable(), language: z.string().nullable() });
const fileForm = z.strictObject({
  path: z.string(),
  name: z.string(),
  sizeBytes: z.int(),
  url: z.url(),
  media: z
    .looseObject({ container: z.string(), durationSeconds: z.number().nullable(), audio: z.array(trackForm) })
    .nullable(),
});
const itemForm = z.strictObject({
  id: z.int(),
  nzoId: z.string(),
  contentId: z.string(),
  kind: z.enum(['nzb', 'torrent', 'http']),
  name: z.string(),
  category: z.string(),
  path: z.string(),
  status: z.enum(['queued', 'processing', 'streamable', 'completed', 'failed']),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  sizeBytes: z.int(),
  diskBytes: z.int().nullable(),
  health: z.unknown(),
  files: z.array(fileForm),
  fileCount: z.int(),
  titleId: z.string().nullable(),
  isFavourite: z.boolean(),
  addedAt: z.int(),
  usedAt: z.int().nullable(),
  playedAt: z.int().nullable(),
});
const listForm = z.strictObject({ items: z.array(itemForm), total: z.int() });
type ListedItem = z.infer<typeof itemForm>;

const film = nzbRelease('Öpen Film #1 (2024)', [
  ['film.rar', 10],
  ['film.rar/Öpen & Film.MKV', 5_000],
  ['Öpen & Film.en.srt', 50],
]);
const show = nzbRelease('Harbour Lights S01', [
  ['S01E10.mkv', 300],
  ['S01E02.mkv', 200],
]);
const key = { 'x-api-key': API_KEY };
const json = { 'content-type': 'application/json' };
const ownPage = { cookie: SESSION_COOKIE, 'sec-fetch-site': 'same-origin' };
let api: NzbApi;

beforeEach(async () => {
  api = await startNzbApi();
});

afterEach(() => api.close());

/** In the library, and an item. */
function keep(release: Release): number {
  api.library.remember(release);
  const id = api.items.adopt(release.contentId)?.id;
  if (id === undefined) throw new Error('It was an item already.');
  return id;
}

async function list(query = ''): Promise<z.infer<typeof listForm>> {
  const answer = await askJson(api.url(`/api/library${query}`), { headers: key });
  expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
  return listForm.parse(answer.json);
}

async function get(id: number): Promise<ListedItem> {
  return itemForm.parse((await askJson(api.url(`/api/library/${id}`), { headers: key })).json);
}

function change(id: number | string, body: unknown, headers: Record<string, string> = key): ReturnType<typeof askJson> {
  return askJson(api.url(`/api/library/${id}`), {
    method: 'PUT',
    headers: { ...json, ...headers },
    body: JSON.stringify(body),
  });
}

describe('the library, listed', () => {
  it('list - an item is told with its files, what is in them, health, sizes and times', async () => {
    const id = keep(film);
    const media = {
      container: 'matroska',
      durationSeconds: 5_400,
      audio: [],
      subtitles: [],
      bitrate: null,
      video: null,
    };
    api.library.setMedia(film.contentId, 1, { ...media, videoHash: '0123456789abcdef' });
    const { items, total } = await list();
    const [item] = items;
    expect([total, items.length]).toEqual([1, 1]);
    expect(item).toMatchObject({ id, kind: 'nzb', name: film.name, category: 'stremio', status: 'completed' });
    expect(item).toMatchObject({ path: `/complete/stremio/${film.name}`, sizeBytes: 5_050, diskBytes: 1_000 });
    expect(item).toMatchObject({ health: HEALTH, isFavourite: false, playedAt: null, fileCount: 2, error: null });
    expect(item?.files.map(({ path, media: facts }) => [path, facts])).toEqual([
      ['Öpen & Film.en.srt', null],
      ['Öpen & Film.mkv', media],
    ]);
    expect(await get(id)).toEqual(item);
  });

  it('list - each file plays at its address, without a key, and again after a restart', async () => {
    keep(film);
    const url = (await list()).items[0]?.files[1]?.url ?? '';
    const { body, status } = await ask(url);
    expect([status, body.length, url.startsWith(`${api.origin}/api/files/stream?path=`)]).toEqual([200, 5_000, true]);
    await api.stop();
    api = await startNzbApi({ database: api.database });
    const { pathname, search } = new URL(url);
    expect((await ask(api.url(pathname + search))).body.equals(body)).toBe(true);
    expect((await list()).items[0]?.playedAt).not.toBeNull();
  });

  it('list - addresses begin with what the caller used', async () => {
    keep(show);
    const headers = {
      ...key,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'films.example',
      'x-forwarded-prefix': '/hs',
    };
    const { json: told } = await askJson(api.url('/api/library'), { headers });
    expect(listForm.parse(told).items[0]?.files[0]?.url).toMatch(/^https:\/\/films\.example\/hs\/api\/files\/stream\?/);
  });

  it('list - newest first, in pages, by words, kind and favourites', async () => {
    const [one, two] = [keep(film), keep(show)];
    expect((await list()).items.map(({ id }) => id)).toEqual([two, one]);
    expect(await list('?limit=1&offset=1')).toMatchObject({ total: 2, items: [{ id: one }] });
    expect(await list('?query=2024%20open')).toMatchObject({ total: 1, items: [{ id: one }] });
    expect((await list('?kind=torrent')).total).toBe(0);
    expect((await list('?query=&kind=&favourite=')).total).toBe(2);
    expect((await change(two, { isFavourite: true })).json).toMatchObject({ id: two, isFavourite: true });
    expect(await list('?favourite=true')).toMatchObject({ total: 1, items: [{ id: two }] });
    await change(two, { isFavourite: false });
    expect((await list('?favourite=1')).total).toBe(0);
  });

  it('list - long packs are told by their first files and their number, and whole by themselves', async () => {
    const id = keep(
      nzbRelease(
        'Pack',
        Array.from({ length: 80 }, (_, place) => [`E${100 + place}.mkv`, 1] as const),
      ),
    );
    const [item] = (await list()).items;
    expect([item?.files.length, item?.fileCount]).toEqual([50, 80]);
    expect((await get(id)).files).toHaveLength(80);
  });
});

describe('who may, and what is refused', () => {
  it('access - the API key or a page of ours; a foreign page with the session may not change', async () => {
    const id = keep(film);
    for (const headers of [key, ownPage, { authorization: `Bearer ${API_KEY}` }])
      expect((await ask(api.url('/api/library'), { headers })).status).toBe(200);
    for (const path of ['', `/${id}`, '/playlist.m3u8', `/${id}/playlist.m3u8`])
      expect((await askJson(api.url(`/api/library${path}`))).json).toMatchObject({ code: 'UNAUTHORIZED' });
    expect((await change(id, { isFavourite: true }, ownPage)).status).toBe(200);
    const foreign = { cookie: SESSION_COOKIE, 'sec-fetch-site': 'cross-site' };
    expect((await change(id, { isFavourite: false }, foreign)).json).toMatchObject({ code: 'FORBIDDEN' });
    const removal = await ask(api.url(`/api/library/${id}`), { method: 'DELETE', headers: foreign });
    expect([removal.status, (await get(id)).isFavourite]).toEqual([403, true]);
  });

  it('pages of other origins - only configured ones may read', async () => {
    const asked = (origin: string) => ask(api.url('/api/library/1'), { method: 'OPTIONS', headers: { origin } });
    const ours = await asked('https://dashboard.example');
    expect([ours.status, ours.headers['access-control-allow-origin']]).toEqual([204, 'https://dashboard.example']);
    expect(ours.headers['access-control-allow-methods']).toBe('GET, PUT, DELETE, OPTIONS');
    expect((await asked('https://other.example')).headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'offset=-1', 'kind=film', 'favourite=maybe', 'query=a&query=b'])(
    'wrong parameters - %s is refused by name',
    async (query) => {
      const { json: told, status } = await askJson(api.url(`/api/library?${query}`), { headers: key });
      expect([status, told['code']]).toEqual([400, 'INPUT']);
      expect(told['error']).toContain(query.split('=')[0]);
    },
  );

  it('wrong bodies and ids - are refused', async () => {
    const id = keep(film);
    for (const body of [{}, { isFavourite: 'yes' }, [], null])
      expect(await change(id, body)).toMatchObject({ status: 400, json: { code: 'INPUT' } });
    for (const wrong of ['0', '999', 'x', '1e3', '99999999999999999999'])
      expect(await change(wrong, { isFavourite: true })).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
  });
});

describe('removing', () => {
  const remove = (id: number) => ask(api.url(`/api/library/${id}`), { method: 'DELETE', headers: key });

  it('remove - the item goes, and every address of it answers 410', async () => {
    const id = keep(film);
    const url = (await get(id)).files[1]?.url ?? '';
    const token = api.url(formatStreamPath(api.access, film.contentId, 1, 'Film.mkv'));
    const raw = `/complete/stremio/${film.name}/film.rar/Öpen & Film.MKV`;
    const former = api.url(
      `/api/files/stream?path=${encodeURIComponent(raw)}&download_key=${api.access.signPath(raw)}`,
    );
    const addresses = [url, token, former];
    for (const address of addresses) expect((await ask(address)).status).toBe(200);
    expect((await remove(id)).status).toBe(204);
    for (const address of addresses) {
      const { json: told, status } = await askJson(address);
      expect([status, told['code'] ?? told['error']]).toEqual([410, expect.anything()]);
    }
    expect([(await remove(id)).status, (await list()).total]).toEqual([404, 0]);
    expect((await askJson(api.url(`/api/library/${id}`), { headers: key })).status).toBe(404);
  });

  it('remove - what expired is gone from its addresses too, and plays again once it is prepared anew', async () => {
    const id = keep(film);
    const url = (await get(id)).files[1]?.url ?? '';
    await api.items.remove(id, { isExpired: true });
    expect((await ask(url)).status).toBe(410);
    keep(film);
    expect((await ask(url)).status).toBe(200);
  });
});

describe('playlists', () => {
  const playlist = async (path: string): Promise<{ lines: string[]; disposition: string | undefined }> => {
    const { body, headers, status } = await ask(api.url(path), { headers: key });
    expect([status, headers['content-type']]).toEqual([200, 'application/mpegurl; charset=utf-8']);
    return { lines: body.toString('utf8').trim().split('\n'), disposition: headers['content-disposition'] };
  };

  it('playlist - the whole library, newest first, episodes as people count, each address playing by itself', async () => {
    api.library.remember(film);
    keep(show);
    api.items.adopt(film.contentId);
    api.library.setMedia(film.contentId, 1, { container: 'matroska', durationSeconds: 5_400.4 });
    const { lines, disposition } = await playlist('/api/library/playlist.m3u8');
    expect(disposition).toBe('attachment; filename="library-playlist.m3u8"');
    expect(lines.filter((line) => line.startsWith('#'))).toEqual([
      '#EXTM3U',
      '#EXTINF:5400,Öpen & Film.mkv',
      '#EXTINF:-1,S01E02.mkv',
      '#EXTINF:-1,S01E10.mkv',
    ]);
    const sizes: number[] = [];
    for (const url of lines.filter((line) => !line.startsWith('#'))) sizes.push((await ask(url)).body.length);
    expect(sizes).toEqual([5_000, 200, 300]);
  });

  it('playlist - of what was asked for, or of one item', async () => {
    const [one] = [keep(film), keep(show)];
    await change(one, { isFavourite: true });
    for (const path of ['playlist.m3u8?favourite=true', 'playlist.m3u8?query=film', `${one}/playlist.m3u8`])
      expect((await playlist(`/api/library/${path}`)).lines).toHaveLength(3);
    expect((await playlist('/api/library/playlist.m3u8?category=tv')).lines).toEqual(['#EXTM3U']);
    expect((await askJson(api.url('/api/library/99/playlist.m3u8'), { headers: key })).status).toBe(404);
    expect((await askJson(api.url('/api/library/playlist.m3u8?kind=x'), { headers: key })).status).toBe(400);
  });

  it('playlist - never more than ten thousand films', async () => {
    for (let pack = 0; pack < 3; pack += 1)
      keep(
        nzbRelease(
          `Pack ${pack}`,
          Array.from({ length: 4_000 }, (_, place) => [`E${place}.mkv`, 1] as const),
        ),
      );
    expect((await playlist('/api/library/playlist.m3u8')).lines).toHaveLength(1 + 2 * 10_000);
  });
});
