// `/sabnzbd/api`: keys, what the server says of itself, history and queue, and what clearing away does.

import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Deferred } from '../../backend/jobs/deferred.js';
import { ask } from '../support/http.js';
import { API_KEY, startNzbApi, type NzbApi } from '../support/nzb-harness.js';
import { nzbRelease } from '../support/nzb-lab.js';
import { SabnzbdClient, sabnzbdForms, uploadOf } from '../support/sabnzbd-client.js';
import { until } from '../support/until.js';

const film = nzbRelease('Harbour.Lights.2024.1080p.WEB-DEMO', [
  ['lights.rar', 900],
  ['lights.rar/Harbour.Lights.2024.MKV', 5_000],
  ['lights.rar/Harbour.Lights.2024.srt', 50],
  ['lights.rar/Sample/lights.sample.mkv', 90],
]);
const lantern = nzbRelease('The.Paper.Lantern.2023.720p-DEMO', [['The.Paper.Lantern.2023.mkv', 7_000]]);
const dead = 'Dead.Release.2020.1080p-DEMO';
let api: NzbApi;
let client: SabnzbdClient;

beforeEach(async () => {
  await start();
});

afterEach(() => api.close());

async function start(options: Parameters<typeof startNzbApi>[0] = {}): Promise<void> {
  api = await startNzbApi(options);
  for (const release of [film, lantern]) api.usenet.know(release);
  client = new SabnzbdClient({ url: () => api.origin, apiKey: API_KEY });
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const urlOf = (name: string): string => `http://indexer.example/get/${name}`;
const upload = (name: string) => ({ name: 'upload.nzb', bytes: Buffer.from(`<nzb>${name}</nzb>`) });
const finished = (nzoId: string): Promise<unknown> =>
  until('it is over', async () => (await client.history({ nzo_ids: nzoId })).length > 0);
const judged = (nzoId: string): Promise<unknown> =>
  until('the release is to blame', () => (api.items.byNzoId(nzoId)?.failedAt ?? null) !== null);

async function addDead(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const nzoId = await client.addUrl(urlOf(dead), more);
  await judged(nzoId);
  return nzoId;
}

describe('keys', () => {
  const version = (query: string, headers: Record<string, string> = {}) =>
    ask(`${api.origin}/sabnzbd/api?mode=version${query}`, { headers });

  it('sabnzbd - the key is in the query, a header or the form', async () => {
    const asked = [
      await version(`&apikey=${API_KEY}`),
      await version('', { 'x-api-key': API_KEY }),
      await version('', { authorization: `Bearer ${API_KEY}` }),
      await ask(`${api.origin}/sabnzbd/api`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `mode=version&apikey=${API_KEY}`,
      }),
      await version(`&apikey=${API_KEY}`, { 'content-type': 'application/json' }),
      await ask(`${api.origin}/sabnzbd/api/?mode=version&apikey=${API_KEY}`),
    ];
    for (const { status, body } of asked)
      expect([status, sabnzbdForms.version.safeParse(JSON.parse(body.toString())).success]).toEqual([200, true]);
  });

  it('sabnzbd - a wrong key or none is told in SABnzbd’s words, and nothing else is done', async () => {
    const said = async (answer: ReturnType<typeof version>): Promise<unknown> =>
      JSON.parse((await answer).body.toString());
    expect(await said(version(''))).toEqual({ status: false, error: 'API Key Required' });
    expect(await said(version('&apikey=wrong'))).toEqual({ status: false, error: 'API Key Incorrect' });
    expect(await said(version('', { 'x-api-key': 'wrong' }))).toEqual({ status: false, error: 'API Key Incorrect' });
    const query = new URLSearchParams({ mode: 'addurl', name: urlOf(film.name), apikey: `${API_KEY}x` });
    await ask(`${api.origin}/sabnzbd/api?${query.toString()}`);
    await ask(`${api.origin}/sabnzbd/api?mode=addfile`, { method: 'POST', ...uploadOf(upload(film.name)) });
    expect([api.usenet.fetched, api.usenet.uploaded]).toEqual([[], []]);
  });

  it('sabnzbd - without access control no key is needed, but no other site’s page may ask', async () => {
    await api.close();
    await start({ auth: 'none' });
    const said = async (headers: Record<string, string>): Promise<unknown> =>
      JSON.parse((await version('', headers)).body.toString());
    expect(sabnzbdForms.version.safeParse(await said({})).success).toBe(true);
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect(await said(foreign)).toEqual({ status: false, error: 'This was asked by a page of another site.' });
    expect(await said({ ...foreign, origin: 'https://dashboard.example' })).toHaveProperty('version');
  });

  it('sabnzbd - only configured origins may read it from a page', async () => {
    const from = async (origin: string): Promise<unknown> =>
      (await version(`&apikey=${API_KEY}`, { origin })).headers['access-control-allow-origin'];
    expect([await from('https://dashboard.example'), await from('https://other.example')]).toEqual([
      'https://dashboard.example',
      undefined,
    ]);
  });
});

describe('the history', () => {
  it('sabnzbd - is paged, newest first, and says how much there is', async () => {
    for (const name of [film.name, lantern.name]) await finished(await client.addUrl(urlOf(name)));
    await addDead();
    const page = async (start: string, limit: string): Promise<unknown> => {
      const answer = await client.call({ mode: 'history', start, limit });
      const { slots, noofslots } = sabnzbdForms.history.parse(answer).history;
      return [slots.map(({ name }) => name), noofslots];
    };
    expect(await page('0', '2')).toEqual([[dead, md5(urlOf(dead))], 4]);
    expect(await page('2', '2')).toEqual([[lantern.name, film.name], 4]);
    expect(await page('nonsense', '-1')).toEqual([[dead, md5(urlOf(dead)), lantern.name, film.name], 4]);
  });

  it('sabnzbd - a streamable item counts as completed', async () => {
    const completed = new Deferred<void>();
    api.usenet.completed = completed.promise;
    const nzoId = await client.addUrl(urlOf(film.name));
    await finished(nzoId);
    expect(api.items.byNzoId(nzoId)?.status).toBe('streamable');
    expect(await client.history()).toMatchObject([{ status: 'Completed', bytes: 5_050 }]);
    completed.resolve();
  });

  it('sabnzbd - what plays stays in the library when it is cleared away, and is listed when it is added again', async () => {
    const nzoId = await client.addUrl(urlOf(film.name), { cat: 'tv' });
    await finished(nzoId);
    const cleared = await client.call({ mode: 'history', name: 'delete', value: nzoId, del_files: '1' });
    expect(sabnzbdForms.done.safeParse(cleared).success).toBe(true);
    expect([await client.history(), api.items.byNzoId(nzoId)?.status]).toEqual([[], 'completed']);
    expect(await client.addUrl(urlOf(film.name), { cat: 'tv' })).toBe(nzoId);
    expect(await client.history({ category: 'tv' })).toMatchObject([{ nzo_id: nzoId }]);
  });

  it('sabnzbd - what failed is forgotten when it is cleared away; of an address only the address', async () => {
    const nzoId = await addDead();
    const remove = (value: string) => client.call({ mode: 'history', name: 'delete', value });
    await remove(`${nzoId}_${md5(urlOf(dead))}`);
    expect(await client.history()).toMatchObject([{ nzo_id: nzoId }]);
    await remove(`SABnzbd_nzo_none,${nzoId}`);
    expect([await client.history(), api.items.byNzoId(nzoId)]).toEqual([[], null]);
  });

  it.each([
    ['failed', [film.name]],
    ['completed', [dead]],
    ['all', []],
  ])('sabnzbd - %s are cleared away together', async (value, left) => {
    await finished(await client.addUrl(urlOf(film.name)));
    await addDead();
    await client.call({ mode: 'history', name: 'delete', value });
    const names = (await client.history()).map(({ name }) => name).filter((name) => !/^[0-9a-f]{32}$/.test(name));
    expect(names).toEqual(left);
    expect(await client.refusal({ mode: 'history', name: 'delete' })).toBe('expects one parameter');
    expect(await client.refusal({ mode: 'history', name: 'mark_as_completed', value })).toBe('not implemented');
  });
});

describe('the queue', () => {
  let streamable: Deferred<void>;
  let ids: string[];
  beforeEach(async () => {
    streamable = new Deferred<void>();
    api.usenet.streamable = streamable.promise;
    ids = [
      await client.addUrl(urlOf(film.name), { cat: 'movies' }),
      await client.addUrl(urlOf(lantern.name), { cat: 'tv' }),
    ];
  });
  afterEach(() => streamable.resolve());

  const statuses = async (): Promise<string[]> => (await client.queue()).map(({ status }) => status);

  it('sabnzbd - lists what is open, oldest first, and can be narrowed down', async () => {
    const slots = await client.queue({ start: '0', limit: '0' });
    expect(slots).toMatchObject([
      { index: 0, nzo_id: ids[0], filename: film.name, cat: 'movies', status: 'Downloading' },
      { index: 1, nzo_id: ids[1], filename: lantern.name, cat: 'tv' },
    ]);
    const narrowed = [{ cat: 'tv' }, { search: 'LANTERN' }, { nzo_ids: ids[1] ?? '' }, { start: '1', limit: '5' }];
    for (const wish of narrowed) expect(await client.queue(wish)).toMatchObject([{ nzo_id: ids[1] }]);
    expect(await client.queue({ limit: '1' })).toHaveLength(1);
    expect(await client.history()).toEqual([]);
  });

  it('sabnzbd - pausing really pauses, one or all, until resumed', async () => {
    const change = async (name: string, value: string): Promise<string[]> =>
      sabnzbdForms.changed.parse(await client.call({ mode: 'queue', name, value })).nzo_ids;
    expect(await change('pause', ids[0] ?? '')).toEqual([ids[0]]);
    expect(await statuses()).toEqual(['Paused', 'Downloading']);
    expect(sabnzbdForms.done.safeParse(await client.call({ mode: 'pause' })).success).toBe(true);
    expect(await statuses()).toEqual(['Paused', 'Paused']);
    const all = sabnzbdForms.queue.parse(await client.call({ mode: 'queue' })).queue;
    expect([all.paused, all.status]).toEqual([true, 'Paused']);
    expect(api.jobs.list().every(({ state }) => state === 'cancelled')).toBe(true);
    expect(await change('resume', ids[1] ?? '')).toEqual([ids[1]]);
    expect(sabnzbdForms.done.safeParse(await client.call({ mode: 'resume' })).success).toBe(true);
    streamable.resolve();
    await until('all are over', async () => (await client.history()).length === 2);
    expect(await client.queue()).toEqual([]);
  });

  it('sabnzbd - an NZB may be added paused', async () => {
    const dawn = api.usenet.know(nzbRelease('Dawn.2022', [['Dawn.2022.mkv', 10]]));
    const nzoId = await client.addUrl(urlOf(dawn.name), { priority: '-2' });
    expect(await client.queue({ nzo_ids: nzoId })).toMatchObject([{ status: 'Paused' }]);
    // Once more changes nothing: nobody waits for it.
    expect(await client.addUrl(urlOf(dawn.name), { priority: '-2' })).toBe(nzoId);
    expect(await client.queue({ nzo_ids: nzoId })).toMatchObject([{ status: 'Paused' }]);
  });

  it('sabnzbd - what waits is listed in every category that asked for it', async () => {
    const nzoId = await client.addUrl(urlOf(film.name), { cat: 'second' });
    expect(ids).toContain(nzoId);
    expect(await client.queue({ category: 'second' })).toMatchObject([{ nzo_id: nzoId, cat: 'second' }]);
    expect(await client.queue({ category: 'third' })).toEqual([]);
  });

  it('sabnzbd - adding paused ends nothing that somebody else waits for', async () => {
    const nzoId = await client.addUrl(urlOf(film.name), { priority: '-2' });
    expect(ids).toContain(nzoId);
    expect(await client.queue({ nzo_ids: nzoId })).toMatchObject([{ status: 'Downloading' }]);
  });

  it('sabnzbd - deleting forgets what is open, and nothing else', async () => {
    const value = `${ids[0] ?? ''},SABnzbd_nzo_none`;
    const deleted = await client.call({ mode: 'queue', name: 'delete', value, del_files: '1' });
    expect(sabnzbdForms.changed.parse(deleted).nzo_ids).toEqual([ids[0]]);
    expect([await client.queue(), api.items.byNzoId(ids[0] ?? '')]).toMatchObject([[{ nzo_id: ids[1] }], null]);
    streamable.resolve();
    await finished(ids[1] ?? '');
    const late = await client.call({ mode: 'queue', name: 'delete', value: ids[1] ?? '' });
    expect(sabnzbdForms.changed.parse(late).nzo_ids).toEqual([]);
    expect(await client.history()).toHaveLength(1);
  });

  it('sabnzbd - order and priority are told, not changed', async () => {
    expect(await client.call({ mode: 'queue', name: 'priority', value: ids[1] ?? '', value2: '1' })).toEqual({
      position: 1,
    });
    expect(await client.call({ mode: 'switch', value: ids[1] ?? '', value2: '0' })).toEqual({
      result: { position: 1, priority: 0 },
    });
    expect(await client.refusal({ mode: 'switch', value: ids[1] ?? '' })).toBe('expects two parameters');
    expect(await client.refusal({ mode: 'queue', name: 'rename', value: ids[1] ?? '' })).toBe('not implemented');
    expect((await client.queue()).map(({ nzo_id: nzoId }) => nzoId)).toEqual(ids);
  });
});

describe('the server', () => {
  it('sabnzbd - names its categories: none, the usual, and those that were used', async () => {
    await client.addUrl(urlOf(film.name), { cat: 'Kids & co/new' });
    await api.submit({ nzb_url: urlOf(lantern.name), category: '*' });
    const { categories } = sabnzbdForms.categories.parse(await client.call({ mode: 'get_cats' }));
    expect(categories).toEqual(['*', 'Kids & co_new', 'movies', 'radarr', 'sonarr', 'stremio', 'tv']);
    const { config } = sabnzbdForms.config.parse(await client.call({ mode: 'get_config' }));
    expect(config.misc.complete_dir).toBe('/complete');
    expect(config.categories.map(({ name, dir }) => [name, dir]).slice(0, 3)).toEqual([
      ['*', 'default'],
      ['Kids & co_new', 'Kids & co_new'],
      ['movies', 'movies'],
    ]);
  });

  it.each(['status', 'fullstatus'])('sabnzbd - %s tells the folder of what is complete', async (mode) => {
    const { status } = sabnzbdForms.status.parse(await client.call({ mode, skip_dashboard: '1' }));
    expect(status).toMatchObject({ completedir: '/complete', paused: false });
  });

  it('sabnzbd - other methods and paths are not implemented', async () => {
    for (const [method, path] of [
      ['PUT', '/sabnzbd/api'],
      ['GET', '/sabnzbd/config/categories/'],
    ] as const) {
      const { body } = await ask(`${api.origin}${path}?apikey=${API_KEY}`, { method });
      expect(JSON.parse(body.toString())).toEqual({ status: false, error: 'not implemented' });
    }
  });

  it('sabnzbd - torrents are no concern of its', async () => {
    const torrent = { ...film, source: { kind: 'http', url: 'http://films.example/film.mkv' } as const };
    api.library.remember(torrent);
    api.items.adopt(film.contentId);
    expect([await client.history(), await client.queue()]).toEqual([[], []]);
  });
});
