// `/sabnzbd/api`: adding NZBs by address and upload, and what becomes of those that cannot be had or do not play.

import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StorageFullError, UpstreamError } from '../../backend/content/index.js';
import { Deferred } from '../../backend/jobs/deferred.js';
import { ask } from '../support/http.js';
import { ManualClock } from '../support/manual-clock.js';
import { API_KEY, startNzbApi, type NzbApi } from '../support/nzb-harness.js';
import { nzbContentId, nzbRelease, nzbSource } from '../support/nzb-lab.js';
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

describe('adding', () => {
  it('sabnzbd - an address becomes an item of its category that completes in its folder', async () => {
    const nzoId = await client.addUrl(urlOf(film.name), { cat: 'movies', nzbname: 'Harbour Lights & Co. 🎬.nzb' });
    await finished(nzoId);
    const [slot] = await client.history({ nzo_ids: nzoId });
    expect(slot).toMatchObject({
      ...{ nzo_id: nzoId, status: 'Completed', category: 'movies', bytes: 5_050, fail_message: '' },
      ...{ name: 'Harbour Lights & Co. 🎬', storage: '/complete/movies/Harbour Lights & Co. 🎬' },
    });
  });

  it.each(['name', 'nzbfile'])('sabnzbd - an upload called %s is taken in', async (field) => {
    const nzoId = await client.addFile({ ...upload(film.name), field }, { cat: 'tv', priority: '-100' });
    await finished(nzoId);
    expect(await client.history({ category: 'tv' })).toMatchObject([{ nzo_id: nzoId, name: film.name }]);
  });

  it('sabnzbd - the parameters of an address may stand in a form', async () => {
    const answer = await client.call(
      {},
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ mode: 'addurl', name: urlOf(film.name), cat: 'radarr' }).toString(),
      },
    );
    const [nzoId] = sabnzbdForms.added.parse(answer).nzo_ids;
    await finished(nzoId);
    expect((await client.history())[0]?.category).toBe('radarr');
  });

  it('sabnzbd - passwords in the name and beside it make another item, and stand in no name', async () => {
    const plain = await client.addUrl(urlOf(film.name));
    const locked = await client.addUrl(urlOf(film.name), { nzbname: `${film.name}{{one}}.nzb`, password: 'two' });
    expect(locked).not.toBe(plain);
    await finished(locked);
    expect(api.database.sql.prepare('SELECT count(*) AS count FROM items').get()).toEqual({ count: 2 });
    expect(await client.history({ nzo_ids: locked })).toMatchObject([{ name: `${film.name} (2)` }]);
    expect(api.items.bySource(nzbSource(film.name, { passwords: ['two', 'one'] }))?.nzoId).toBe(locked);
  });

  it('sabnzbd - a name that is the end of the address, keys and all, is none', async () => {
    const name = `${film.name}?apikey=secret`;
    const nzoId = await client.addUrl(urlOf(name), { nzbname: name });
    await finished(nzoId);
    expect((await client.history())[0]?.name).toBe(film.name);
  });

  it('sabnzbd - a name that says nothing but how NZBs are had is none: each release stands under its own', async () => {
    const sources = new Map(
      [film, lantern].map(({ name }) => [`http://indexer.example/${name}/download`, nzbSource(name)]),
    );
    api.usenet.fetch = (url) => Promise.resolve(sources.get(url) ?? nzbSource(film.name));
    for (const url of sources.keys()) await finished(await client.addUrl(url, { cat: 'Movies', nzbname: 'download' }));
    const folders = (await client.history({ category: 'Movies' })).map(({ storage }) => storage).sort();
    expect(folders).toEqual([`/complete/Movies/${film.name}`, `/complete/Movies/${lantern.name}`]);
  });

  it('sabnzbd - what is there already answers its id, and completes in the category that asked', async () => {
    const first = await client.addUrl(urlOf(film.name), { cat: 'stremio' });
    await finished(first);
    const resolved = api.usenet.resolved;
    expect(await client.addUrl(`${urlOf(film.name)}?again`, { cat: 'tv' })).toBe(first);
    expect(api.usenet.resolved).toBe(resolved);
    const storage = (category: string): string => `/complete/${category}/${film.name}`;
    expect(await client.history({ category: 'tv' })).toMatchObject([
      { nzo_id: first, category: 'tv', storage: storage('tv') },
    ]);
    expect(await client.history({ nzo_ids: first, category: 'tv' })).toMatchObject([
      { category: 'stremio', storage: storage('stremio') },
    ]);
  });

  it('sabnzbd - no category is SABnzbd’s own, and a folder of that name', async () => {
    for (const [name, cat] of [
      [film.name, '*'],
      [lantern.name, ''],
    ] as const)
      await finished(await client.addUrl(urlOf(name), { cat }));
    expect(await client.history({ category: '*' })).toMatchObject([
      { category: '*', storage: `/complete/default/${lantern.name}` },
      { category: '*', storage: `/complete/default/${film.name}` },
    ]);
  });

  it('sabnzbd - what cannot be added is told in words', async () => {
    const file = (text: string) => ({ method: 'POST', ...uploadOf({ name: 'a.nzb', bytes: Buffer.from(text) }) });
    expect(await client.refusal({ mode: 'addurl' })).toBe('expects one parameter');
    expect(await client.refusal({ mode: 'addurl', name: 'ftp://indexer.example/1' })).toMatch(/http/);
    expect(await client.refusal({ mode: 'addurl', name: 'http://indexer.example/unfetchable' })).toMatch(/fetched/);
    expect(await client.refusal({ mode: 'addurl', name: 'x'.repeat(9_000) })).toMatch(/name/);
    expect(await client.refusal({ mode: 'addfile' })).toBe('no file given');
    expect(await client.refusal({ mode: 'addfile' }, file(''))).toBe('no file given');
    expect(await client.refusal({ mode: 'addfile' }, file('no NZB'))).toMatch(/NZB/);
    expect(await client.refusal({ mode: 'addlocalfile', name: '/etc/passwd' })).toBe('not implemented');
    expect(await client.refusal({ mode: '' })).toBe('not implemented');
    expect(await client.queue()).toEqual([]);
  });

  it('sabnzbd - an NZB that is not here after a minute is answered, goes on, and is joined', async () => {
    await api.close();
    const clock = new ManualClock();
    await start({ clock });
    const fetching = new Deferred<void>();
    api.usenet.fetching = fetching.promise;
    const adding = client.refusal({ mode: 'addurl', name: urlOf(film.name) });
    await until('it is being fetched', () => api.usenet.fetched.length === 1);
    await clock.advance(60_000);
    expect(await adding).toMatch(/goes on/);
    fetching.resolve();
    const made = await until('it is an item', () => api.items.bySource(film.source));
    expect(await client.addUrl(urlOf(film.name))).toBe(made.nzoId);
  });

  it('sabnzbd - one whose client has gone is added nevertheless', async () => {
    const [fetching, leaving] = [new Deferred<void>(), new AbortController()];
    api.usenet.fetching = fetching.promise;
    const query = new URLSearchParams({ mode: 'addurl', name: urlOf(film.name), cat: 'tv', apikey: API_KEY });
    const adding = ask(`${api.origin}/sabnzbd/api?${query.toString()}`, { signal: leaving.signal });
    adding.catch(() => undefined);
    await until('it is being fetched', () => api.usenet.fetched.length === 1);
    leaving.abort();
    await expect(adding).rejects.toThrow();
    fetching.resolve();
    await until('it is complete', async () => (await client.history({ category: 'tv' })).length === 1);
  });

  it('sabnzbd - without a news server nothing can be added, the rest is answered', async () => {
    await api.close();
    await start({ hasUsenet: false });
    expect(await client.refusal({ mode: 'addurl', name: urlOf(film.name) })).toMatch(/NNTP_PROVIDERS/);
    expect(await client.refusal({ mode: 'addfile' }, { method: 'POST', ...uploadOf(upload(film.name)) })).toMatch(
      /NNTP_PROVIDERS/,
    );
    expect(await client.history()).toEqual([]);
  });

  it('sabnzbd - 200 at once of 20 NZBs are 20 items and 20 imports, all answered', async () => {
    const names = Array.from({ length: 20 }, (_none, number) => `Open.Show.S01E${String(number).padStart(2, '0')}`);
    for (const name of names) api.usenet.know(nzbRelease(name, [[`${name}.mkv`, 1_000]]));
    const adding = Array.from({ length: 200 }, (_none, number) => client.addUrl(urlOf(names[number % 20] ?? '')));
    const ids = await Promise.all(adding);
    expect(new Set(ids).size).toBe(20);
    await until('all are over', async () => (await client.history()).length === 20);
    expect([api.usenet.resolved, await client.queue()]).toEqual([20, []]);
  });
});

describe('failures', () => {
  it('sabnzbd - a dead release has a line under its name and one under the sum of its address', async () => {
    const nzoId = await addDead({ cat: 'movies' });
    const failed = { status: 'Failed', category: 'movies', bytes: 0, storage: '', fail_message: 'articles missing' };
    const slots = await client.history({ limit: '1000' });
    expect(slots).toMatchObject([
      { ...failed, nzo_id: nzoId, name: dead },
      { ...failed, nzo_id: `${nzoId}_${md5(urlOf(dead))}`, name: md5(urlOf(dead)) },
    ]);
    expect(await client.history({ nzo_ids: nzoId })).toMatchObject([{ nzo_id: nzoId }]);
    expect(await client.history({ failed_only: '1', search: 'dead' })).toHaveLength(1);
  });

  it('sabnzbd - one that is known to be dead answers its id again, and is listed by the new address too', async () => {
    const nzoId = await addDead();
    const resolved = api.usenet.resolved;
    const elsewhere = `http://other.example/api?t=get&id=${dead}&apikey=secret`;
    api.usenet.fetch = () => Promise.resolve(nzbSource(dead));
    expect(await client.addUrl(elsewhere, { cat: 'tv' })).toBe(nzoId);
    expect(api.usenet.resolved).toBe(resolved);
    const names = (await client.history()).map(({ name }) => name);
    expect(names).toEqual([dead, ...[md5(urlOf(dead)), md5(`http://other.example/api?t=get&id=${dead}`)].sort()]);
    expect(await client.history({ category: 'tv' })).toHaveLength(3);
  });

  it('sabnzbd - what died in the other dialect is listed here', async () => {
    await api.submit({ nzb_url: `${urlOf(dead)}?apikey=secret` });
    await until('it is judged', async () => (await client.history()).length === 2);
    expect((await client.history()).map(({ name }) => name)).toEqual([dead, md5(urlOf(dead))]);
  });

  it('sabnzbd - what failed for the server’s reasons has its own line alone', async () => {
    api.usenet.releases.set(nzbContentId(dead), new UpstreamError('Nobody answers.', 'PROVIDER_UNREACHABLE'));
    const nzoId = await client.addUrl(urlOf(dead));
    await finished(nzoId);
    expect(await client.history()).toMatchObject([{ nzo_id: nzoId, fail_message: 'Nobody answers.' }]);
  });

  it('sabnzbd - a full server refuses in words', async () => {
    api.items.submit = () => Promise.reject(new StorageFullError('There are too many items; remove some.'));
    expect(await client.refusal({ mode: 'addurl', name: urlOf(film.name) })).toMatch(/too many items/);
  });

  it('sabnzbd - our own fault is one of HTTP, and says nothing', async () => {
    api.items.submit = () => Promise.reject(new Error('secret'));
    const query = new URLSearchParams({ mode: 'addurl', name: urlOf(film.name), apikey: API_KEY });
    const { status, body } = await ask(`${api.origin}/sabnzbd/api?${query.toString()}`);
    expect([status, body.toString()]).toEqual([500, expect.not.stringContaining('secret')]);
    expect(sabnzbdForms.failure.safeParse(JSON.parse(body.toString())).success).toBe(true);
  });

  it('sabnzbd - retrying prepares a failed one again under its id', async () => {
    const nzoId = await addDead();
    api.usenet.releases.set(nzbContentId(dead), { ...film, contentId: nzbContentId(dead) });
    expect(sabnzbdForms.retried.parse(await client.call({ mode: 'retry', value: nzoId })).nzo_id).toBe(nzoId);
    await until('it plays', () => api.items.byNzoId(nzoId)?.status === 'completed');
    expect(await client.history()).toMatchObject([{ nzo_id: nzoId, status: 'Completed' }]);
    expect(await client.refusal({ mode: 'retry', value: nzoId })).toBe('item does not exist');
    expect(await client.refusal({ mode: 'retry', value: 'SABnzbd_nzo_none' })).toBe('item does not exist');
  });
});
