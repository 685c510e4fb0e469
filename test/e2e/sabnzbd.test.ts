// `/sabnzbd/api` of the built server before a scripted news server: from `addurl` to bytes, across a restart.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { pseudoRandomSource } from '../../scripts/lab/index.js';
import { archiveFixture } from '../support/archive-fixtures.js';
import { askHash } from '../support/http.js';
import { nzbAnswer, submitNzb } from '../support/nzb-client.js';
import { SabnzbdClient, type HistorySlot } from '../support/sabnzbd-client.js';
import { until } from '../support/until.js';
import { openUsenetLab, type UsenetLab } from '../support/usenet-lab.js';

const film = 'Open.Film.2024.1080p.WEB.x264-DEMO.mkv';
const { sha256, size } = archiveFixture('rar5-volumes').contains[film] ?? {};

describe('sabnzbd', () => {
  let lab: UsenetLab;
  let client: SabnzbdClient;
  beforeAll(async () => {
    lab = await openUsenetLab({ server: 'scripted' });
    client = new SabnzbdClient({ url: () => new URL(lab.headstart.url('/')).origin, apiKey: lab.headstart.apiKey });
  });
  afterAll(() => lab.close());

  const over = (id: string): Promise<HistorySlot> =>
    until('it is over', async () => (await client.history({ nzo_ids: id }))[0] ?? null);
  const restart = async (): Promise<void> => {
    await lab.headstart.stop();
    await lab.headstart.start();
  };

  it('addurl - is in the queue until it is in the history, and then its film plays', async () => {
    const set = await lab.postSet('rar5-volumes');
    const id = await client.addUrl(set.nzbUrl, { cat: 'movies', nzbname: 'Open Film (2024).nzb' });
    const isListed = async (): Promise<boolean> =>
      [...(await client.queue()), ...(await client.history())].some(({ nzo_id: nzoId }) => nzoId === id);
    expect(await isListed()).toBe(true);
    const slot = await over(id);
    expect(slot).toMatchObject({ status: 'Completed', bytes: size, storage: '/complete/movies/Open Film (2024)' });
    await restart();
    expect(await client.history({ category: 'movies' })).toEqual([slot]);
    expect(await client.addUrl(set.nzbUrl, { cat: 'movies' })).toBe(id);
    const { streams } = nzbAnswer(await submitNzb(lab.headstart, { nzb_url: set.nzbUrl }));
    const { url = '' } = streams[0] ?? {};
    expect(new URL(url).searchParams.get('path')).toContain(slot.storage);
    expect((await askHash(url)).sha256).toBe(sha256);
  });

  it('addfile - of a release that is not there is answered, and failed in the history, after a restart too', async () => {
    const content = pseudoRandomSource('Dead.Film', 90_000);
    const posted = await lab.post('Dead.Film', [{ name: 'Dead.Film.mkv', content }], { isMissing: () => true });
    const file = { name: 'Dead.Film.nzb', bytes: Buffer.from(posted.nzb) };
    const id = await client.addFile(file, { cat: 'tv', priority: '-100' });
    const slot = await over(id);
    expect(slot).toMatchObject({ status: 'Failed', category: 'tv', name: 'Dead.Film' });
    await restart();
    expect(await client.addFile(file, { cat: 'tv' })).toBe(id);
    expect(await client.history({ category: 'tv', limit: '60' })).toEqual([slot]);
  });
});
