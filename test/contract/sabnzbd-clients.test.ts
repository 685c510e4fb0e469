// What Sonarr, Radarr and AIOStreams send to a SABnzbd, request by request and in their order, with a restart of the server
// between every two: the same ids and answers, nothing lost.

import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ask } from '../support/http.js';
import { API_KEY, startNzbApi, type NzbApi } from '../support/nzb-harness.js';
import { nzbRelease } from '../support/nzb-lab.js';
import { SabnzbdClient, sabnzbdForms, uploadOf, type HistorySlot, type QueueSlot } from '../support/sabnzbd-client.js';
import { until } from '../support/until.js';

const film = nzbRelease('Harbour.Lights.2024.1080p.WEB-DEMO', [
  ['lights.rar', 900],
  ['lights.rar/Harbour.Lights.2024.MKV', 5_000],
]);
const dead = 'Dead.Release.2020.1080p-DEMO';
let api: NzbApi;
let client: SabnzbdClient;

beforeEach(async () => {
  api = await startNzbApi();
  api.usenet.know(film);
  client = new SabnzbdClient({ url: () => api.origin, apiKey: API_KEY });
});

afterEach(() => api.close());

/** The server again, over what it has kept. */
async function restart(): Promise<void> {
  await api.stop();
  api = await startNzbApi({ database: api.database });
  api.usenet.know(film);
}

/** Nothing becomes streamable before the server is restarted. */
function holdBack(): void {
  api.usenet.streamable = new Promise(() => undefined);
}

/** Sonarr's and Radarr's client of SABnzbd: what they ask, and what they make of the answers. */
class Arr {
  constructor(private readonly category: string) {}

  /** The failures its connection test would show. */
  async test(): Promise<string[]> {
    const { version } = sabnzbdForms.version.parse(await client.call({ mode: 'version' }));
    const failures = /^(?:[1-9]\d*|0\.(?:[7-9]|\d\d+))\.\d+/.test(version) ? [] : [`Unknown Version: ${version}`];
    sabnzbdForms.config.parse(await client.call({ mode: 'get_config' }));
    const { config: global } = sabnzbdForms.config.parse(await client.call({ mode: 'get_config' }));
    if (global.misc.pre_check) failures.push('Disable Check before download');
    const { config } = sabnzbdForms.config.parse(await client.call({ mode: 'get_config' }));
    const own = config.categories.find(({ name }) => name === this.category);
    if (own === undefined) failures.push('Category does not exist');
    if (own?.dir.endsWith('*') === true) failures.push('Enable Job folders');
    return failures;
  }

  async grab(title: string): Promise<string> {
    const file = uploadOf({ name: `${title}.nzb`, bytes: Buffer.from(`<nzb>${title}</nzb>`) });
    const wish = { mode: 'addfile', cat: this.category, priority: '-100' };
    return sabnzbdForms.added.parse(await client.call(wish, { method: 'POST', ...file })).nzo_ids[0];
  }

  /** Its own, as its Activity page has them. */
  async items(): Promise<(QueueSlot | HistorySlot)[]> {
    const queue = await client.queue({ start: '0', limit: '0' });
    const history = await client.history({ start: '0', limit: '60', category: this.category });
    return [
      ...queue.filter(({ cat }) => cat === this.category),
      ...history.filter(({ category }) => category === this.category),
    ];
  }

  async find(id: string): Promise<QueueSlot | HistorySlot | undefined> {
    return (await this.items()).find(({ nzo_id: nzoId }) => nzoId === id);
  }

  async remove(id: string): Promise<void> {
    const isQueued = (await client.queue({ start: '0', limit: '0' })).some(({ nzo_id: nzoId }) => nzoId === id);
    const mode = isQueued ? 'queue' : 'history';
    const answer = await client.call({ mode, name: 'delete', del_files: '1', value: id });
    expect(answer).toMatchObject({ status: true });
  }
}

describe.each([
  ['Sonarr', 'tv'],
  ['Radarr', 'movies'],
])('%s', (_name, category) => {
  const arr = new Arr(category);

  it('sabnzbd clients - its connection test finds no fault; a wrong key it names', async () => {
    expect(await arr.test()).toEqual([]);
    const stranger = new SabnzbdClient({ url: () => api.origin, apiKey: 'wrong' });
    expect(await stranger.refusal({ mode: 'get_config' })).toMatch(/API Key Incorrect/i);
    expect(await new Arr('nobody’s own').test()).toEqual(['Category does not exist']);
  });

  it('sabnzbd clients - it adds, polls, imports and clears away', async () => {
    holdBack();
    const id = await arr.grab(film.name);
    expect(await arr.find(id)).toMatchObject({ filename: film.name, cat: category, status: 'Downloading' });
    await restart();
    const completed = await until('it is complete', async () => {
      const item = await arr.find(id);
      return item?.status === 'Completed' ? item : null;
    });
    expect(completed).toMatchObject({ name: film.name, bytes: 5_000, storage: `/complete/${category}/${film.name}` });
    await restart();
    expect(await arr.find(id)).toEqual(completed);
    await restart();
    await arr.remove(id);
    await restart();
    expect([await arr.items(), api.items.byNzoId(id)?.status]).toEqual([[], 'completed']);
    expect(await arr.grab(film.name)).toBe(id);
    await restart();
    expect(await arr.find(id)).toEqual(completed);
  });

  it('sabnzbd clients - it sees what failed and why, and may remove it, or what is still in the queue', async () => {
    const id = await arr.grab(dead);
    await restart();
    const failed = await until('it has failed', () => arr.find(id).then((item) => item ?? null));
    expect(failed).toMatchObject({ status: 'Failed', fail_message: 'articles missing' });
    await arr.remove(id);
    await restart();
    expect(await arr.find(id)).toBeUndefined();
    holdBack();
    const queued = await arr.grab(film.name);
    await arr.remove(queued);
    expect([await arr.items(), api.items.byNzoId(queued)]).toEqual([[], null]);
  });

  it('sabnzbd clients - it sees what it grabs also when that was played before', async () => {
    await api.submit({ nzb_url: `http://indexer.example/get/${film.name}` });
    await restart();
    const id = await arr.grab(film.name);
    await restart();
    expect(await arr.find(id)).toMatchObject({ status: 'Completed', storage: `/complete/${category}/${film.name}` });
  });
});

describe('AIOStreams', () => {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  /** It sends the key twice, and asks for no format. */
  const call = async (parameters: Readonly<Record<string, string>>): Promise<unknown> => {
    const query = new URLSearchParams({ ...parameters, apikey: API_KEY });
    const { status, body } = await ask(`${api.origin}/sabnzbd/api?${query.toString()}`, {
      headers: { 'x-api-key': API_KEY },
    });
    expect(status).toBe(200);
    return JSON.parse(body.toString()) as unknown;
  };
  const addUrl = async (name: string, label: string): Promise<string> => {
    const asked = { mode: 'addurl', name, cat: 'Movies', nzbname: label, output: 'json' };
    return sabnzbdForms.added.parse(await call(asked)).nzo_ids[0];
  };
  const history = async (more: Readonly<Record<string, string>>): Promise<HistorySlot[]> =>
    sabnzbdForms.history.parse(await call({ mode: 'history', ...more })).history.slots;
  const untilOver = (id: string): Promise<HistorySlot> =>
    until('it is over', async () => (await history({ nzo_ids: id, category: 'Movies' }))[0] ?? null);

  it('sabnzbd clients - it adds by address, waits for the slot, and finds the folder by its storage', async () => {
    const id = await addUrl(`http://indexer.example/get/${film.name}`, film.name);
    await restart();
    const slot = await untilOver(id);
    expect(slot).toMatchObject({
      status: 'Completed',
      name: film.name,
      category: 'Movies',
      storage: `/complete/Movies/${film.name}`,
    });
    await restart();
    expect(await addUrl(`http://indexer.example/get/${film.name}`, film.name)).toBe(id);
    await restart();
    expect(await history({ limit: '1000' })).toEqual([slot]);
  });

  it('sabnzbd clients - it waits for what stands in another category, and is told where', async () => {
    await api.submit({ nzb_url: `http://indexer.example/get/${film.name}` });
    const id = await addUrl(`http://other.example/get/${film.name}`, film.name);
    await restart();
    expect(await untilOver(id)).toMatchObject({ category: 'stremio', storage: `/complete/stremio/${film.name}` });
  });

  it('sabnzbd clients - a dead release says nothing of the one that plays under the same name', async () => {
    const id = await addUrl(`http://indexer.example/get/${film.name}`, film.name);
    await untilOver(id);
    const twin = await addUrl(`http://indexer.example/get/${dead}`, film.name);
    expect(await untilOver(twin)).toMatchObject({ status: 'Failed' });
    // The first slot of a folder's name is taken for the folder's.
    const slotOfFolder = async (): Promise<HistorySlot | undefined> =>
      (await history({ limit: '1000' })).find(({ name }) => name === film.name);
    expect(await slotOfFolder()).toMatchObject({ nzo_id: id, status: 'Completed' });
    await api.submit({ nzb_url: `http://indexer.example/get/${dead}-3`, category: 'elsewhere' });
    await addUrl(`http://indexer.example/get/${dead}-4`, film.name);
    await restart();
    expect(await slotOfFolder()).toMatchObject({ nzo_id: id, status: 'Completed' });
  });

  it('sabnzbd clients - it finds dead releases by the sum of their address, whichever way they died', async () => {
    const address = `http://indexer.example/get/${dead}?apikey=secret`;
    const id = await addUrl(address, 'Another Name');
    expect(await untilOver(id)).toMatchObject({ status: 'Failed', fail_message: 'articles missing' });
    const other = `${dead}-2`;
    await api.submit({ nzb_url: `http://indexer.example/get/${other}?apikey=secret` });
    await until('both are judged', async () => (await history({ limit: '1000' })).length === 4);
    const before = await history({ limit: '1000' });
    await restart();
    const slots = await history({ limit: '1000' });
    expect(slots).toEqual(before);
    const failed = slots.filter(({ status }) => status === 'Failed').map(({ name }) => name);
    for (const name of [dead, other]) expect(failed).toContain(md5(`http://indexer.example/get/${name}`));
    expect(await addUrl(address, 'Another Name')).toBe(id);
    expect(await history({ nzo_ids: id, category: 'Movies' })).toMatchObject([{ name: 'Another Name' }]);
  });
});
