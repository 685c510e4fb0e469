// The built server as the AltMount service of an AIOStreams: its requests, one by one and in its order, with restarts between
// them.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { pseudoRandomSource } from '../../scripts/lab/index.js';
import { addressSum, AioStreams } from '../support/aiostreams-client.js';
import { archiveFixture } from '../support/archive-fixtures.js';
import { ask, askHash, askRange } from '../support/http.js';
import { startIndexer, type Indexer } from '../support/indexer.js';
import { nzbAnswer, nzbFailure, submitNzb } from '../support/nzb-client.js';
import { openUsenetLab, type PostedNzb, type UsenetLab } from '../support/usenet-lab.js';

const film = 'Open.Film.2024.1080p.WEB.x264-DEMO.mkv';
const filmSha256 = archiveFixture('rar5-volumes').contains[film]?.sha256;
const episodes = [1, 2, 3].map((number) => `Open.Show.S01E0${String(number)}.720p.WEB.x264-DEMO.mkv`);
const webdavPassword = 'a-webdav-password';

describe('AIOStreams', () => {
  let lab: UsenetLab;
  let indexer: Indexer;
  let count = 0;
  beforeAll(async () => {
    lab = await openUsenetLab({
      server: 'scripted',
      sets: ['rar5-volumes', 'rar5-pack'],
      headstart: { env: { WEBDAV_PASSWORD: webdavPassword } },
    });
    indexer = lab.resources.use(await startIndexer());
  });
  afterAll(() => lab.close());

  const aioStreams = (): AioStreams =>
    new AioStreams({
      url: lab.headstart.origin,
      apiKey: lab.headstart.apiKey,
      webdavUser: 'headstart',
      webdavPassword,
    });
  const newFilm = (o: { readonly isMissing?: boolean } = {}): Promise<PostedNzb> => {
    const name = `New.Film.${String(++count)}.2020.1080p.WEB-DEMO`;
    const content = pseudoRandomSource(name, 90_001);
    const isMissing = (): boolean => o.isMissing === true;
    return lab.post(name, [{ name: `${name}.mkv`, content }], { partBytes: 20_000, isMissing, meta: { name } });
  };
  const restart = async (): Promise<void> => {
    await lab.headstart.kill();
    await lab.headstart.start();
  };

  it('the native way - one request, an address that plays at the public origin, whatever else it carries', async () => {
    const { streams } = nzbAnswer(await submitNzb(lab.headstart, { nzb_url: lab.set('rar5-volumes').nzbUrl }));
    expect(streams.map(({ name }) => name)).toEqual([film]);
    const url = streams[0]?.url ?? '';
    expect(url.startsWith(lab.headstart.origin)).toBe(true);
    // It puts the public origin in the place of the one it calls.
    const atPublic = url.replace('127.0.0.1', 'localhost');
    const foreign = { headers: { authorization: `Basic ${Buffer.from('headstart:nonsense').toString('base64')}` } };
    expect((await askHash(atPublic, foreign)).sha256).toBe(filmSha256);
    expect((await askRange(atPublic, 0, 1, foreign)).status).toBe(206);
    await restart();
    expect(
      (await askHash(new URL(new URL(url).pathname + new URL(url).search, lab.headstart.origin).href)).sha256,
    ).toBe(filmSha256);
  });

  it('the second way - add, poll, list, play, with a restart between every two steps', async () => {
    const posted = await newFilm();
    expect(await aioStreams().isThere(posted.nzbUrl, 'Movies')).toBe(false);
    await restart();
    const nzoId = await aioStreams().addUrl(posted.nzbUrl, 'Movies');
    await restart();
    const slot = await aioStreams().untilOver(nzoId, 'Movies');
    expect(slot).toMatchObject({ status: 'Completed', category: 'Movies', fail_message: '' });
    await restart();
    expect(await aioStreams().untilOver(nzoId, 'Movies')).toEqual(slot);
    const files = await aioStreams().files(slot.storage ?? '');
    expect(files.map(({ basename, size }) => [basename, size])).toEqual([[`${slot.name}.mkv`, 90_001]]);
    await restart();
    const [address = ''] = [...(await aioStreams().addressesIn(slot.storage ?? '')).values()];
    const content = pseudoRandomSource(slot.name, 90_001);
    expect((await ask(address)).body.equals(content.read(0, 90_001))).toBe(true);
    expect((await askRange(address, 0, 100)).body).toEqual(content.read(0, 100));
    expect(await aioStreams().isThere(posted.nzbUrl, 'Movies')).toBe(true);
    expect(await aioStreams().addUrl(posted.nzbUrl, 'Movies')).toBe(nzoId);
  });

  it('what was added under another category - is found by its id all the same', async () => {
    const posted = await newFilm();
    nzbAnswer(await submitNzb(lab.headstart, { nzb_url: posted.nzbUrl }));
    const addresses = await aioStreams().playBySabnzbd(posted.nzbUrl, 'Movies');
    expect(addresses.size).toBe(1);
  });

  it('a name that is an address of an indexer - is none; the NZB says how it is called', async () => {
    const posted = await newFilm();
    const nzbUrl = `${indexer.serve('/api', posted.nzb)}?t=get&id=77&apikey=indexer-secret`;
    const slot = await aioStreams().untilOver(await aioStreams().addUrl(nzbUrl, 'Movies'), 'Movies');
    expect(slot.name).toMatch(/^New\.Film\.\d+\.2020\.1080p\.WEB-DEMO$/);
    expect(JSON.stringify(slot)).not.toContain('indexer-secret');
  });

  it('a pack without an episode - all its videos, by both ways', async () => {
    const { nzbUrl } = lab.set('rar5-pack');
    const { streams } = nzbAnswer(await submitNzb(lab.headstart, { nzb_url: nzbUrl }));
    expect(streams.map(({ name }) => name)).toEqual(episodes);
    expect([...(await aioStreams().playBySabnzbd(nzbUrl, 'TV')).keys()].sort()).toEqual(episodes);
  });

  it('a dead release - fails at once by both ways, and is known by its name and by its address', async () => {
    const dead = await newFilm({ isMissing: true });
    const nzbUrl = `${indexer.serve('/getnzb', dead.nzb)}?id=55&r=indexer-secret`;
    expect(nzbFailure(await submitNzb(lab.headstart, { nzb_url: nzbUrl }))).toEqual([422, 'ARTICLE_MISSING']);
    await expect(aioStreams().playBySabnzbd(nzbUrl, 'Movies')).rejects.toThrow(/./);
    await restart();
    const failed = (await aioStreams().library()).filter(({ status }) => status === 'failed').map(({ name }) => name);
    const name = `New.Film.${String(count)}.2020.1080p.WEB-DEMO`;
    expect(failed).toEqual(expect.arrayContaining([name, addressSum(`${indexer.origin}/getnzb?id=55`)]));
    expect(await aioStreams().history({ nzo_ids: (await nzoIdOf(name)) ?? '' })).toHaveLength(1);
  });

  const nzoIdOf = async (name: string): Promise<string | undefined> =>
    (await aioStreams().history({ limit: '1000' })).find((slot) => slot.name === name)?.nzo_id;

  it('the library - is every folder of every category, each with its slot', async () => {
    const [one, other] = [await newFilm(), await newFilm()];
    nzbAnswer(await submitNzb(lab.headstart, { nzb_url: one.nzbUrl }));
    await aioStreams().playBySabnzbd(other.nzbUrl, 'TV');
    const cached = (await aioStreams().library()).filter(({ status }) => status === 'cached');
    const names = [count - 1, count].map((number) => `New.Film.${String(number)}.2020.1080p.WEB-DEMO`);
    expect(cached).toEqual(
      expect.arrayContaining(names.map((name) => ({ name, status: 'cached', size: expect.any(Number) }))),
    );
    expect(cached.every(({ size }) => size > 0)).toBe(true);
  });

  it('a wrong password - is a 401 that says so', async () => {
    const wrong = new AioStreams({
      url: lab.headstart.origin,
      apiKey: lab.headstart.apiKey,
      webdavUser: 'headstart',
      webdavPassword: 'wrong',
    });
    await expect(wrong.folders('/complete')).rejects.toMatchObject({ status: 401 });
  });

  it('one that left - changes nothing: what it asked for is there when it comes back', async () => {
    const posted = await newFilm();
    const leaving = AbortSignal.timeout(1);
    await submitNzb(lab.headstart, { nzb_url: posted.nzbUrl }, { signal: leaving }).catch(() => undefined);
    nzbAnswer(await submitNzb(lab.headstart, { nzb_url: posted.nzbUrl }));
  });

  it('200 submissions of 20 NZBs at once, by both ways - are 20 items and 20 imports, all answered', async () => {
    const posts: PostedNzb[] = [];
    for (let number = 0; number < 20; number += 1) posts.push(await newFilm());
    const urls = posts.map(({ nzb }, number) => indexer.serve(`/parallel-${String(number)}.nzb`, nzb));
    const asked = indexer.asked.length;
    const client = aioStreams();
    const ids = await Promise.all(
      Array.from({ length: 200 }, async (_, number) => {
        const nzbUrl = urls[number % urls.length] ?? '';
        if (Math.floor(number / urls.length) % 2 === 0) return client.addUrl(nzbUrl, 'Movies');
        return String(nzbAnswer(await submitNzb(lab.headstart, { nzb_url: nzbUrl }))._queue_item_id);
      }),
    );
    expect(new Set(ids).size).toBe(40);
    expect(indexer.asked.length - asked).toBe(20);
    const slots = await client.history({ limit: '1000' });
    const isOurs = ({ name }: { readonly name: string }): boolean =>
      name.startsWith('parallel-') || posts.some(({ nzb }) => nzb.includes(name));
    expect(slots.filter(isOurs)).toHaveLength(20);
  });

  it('an unknown method or path of ours - is never a 404 where that would send it away', async () => {
    const answer = await ask(lab.headstart.url('/api/nzb/streams'), { headers: { 'x-api-key': lab.headstart.apiKey } });
    expect(answer.status).toBe(400);
  });
});
