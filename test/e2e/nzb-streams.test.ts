// `POST /api/nzb/streams` of the built server, with the requests its clients send, before a scripted news server: what plays.

import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { pseudoRandomSource } from '../../scripts/lab/index.js';
import { archiveFixture } from '../support/archive-fixtures.js';
import { ask, askHash } from '../support/http.js';
import { startIndexer, type Indexer } from '../support/indexer.js';
import {
  downloadKeyOf,
  nzbAnswer,
  nzbFailure,
  queueItem,
  submitNzb,
  untilCompleted,
  type NzbAnswer,
  type NzbAsk,
  type SubmittedNzb,
} from '../support/nzb-client.js';
import { until } from '../support/until.js';
import { openUsenetLab, type PostedNzb, type UsenetLab } from '../support/usenet-lab.js';

const film = 'Open.Film.2024.1080p.WEB.x264-DEMO.mkv';
const filmSha256 = archiveFixture('rar5-volumes').contains[film]?.sha256;
const episodes = [1, 2, 3].map((number) => `Open.Show.S01E0${String(number)}.720p.WEB.x264-DEMO.mkv`);

describe('nzb streams', () => {
  let lab: UsenetLab;
  let indexer: Indexer;
  let count = 0;
  beforeAll(async () => {
    lab = await openUsenetLab({ server: 'scripted', sets: ['rar5-pack', 'rar5-many-files'] });
    indexer = lab.resources.use(await startIndexer());
  });
  afterAll(() => lab.close());

  const submit = (fields: Readonly<Record<string, string>>, options?: NzbAsk): Promise<SubmittedNzb> =>
    submitNzb(lab.headstart, fields, options);
  const namesOf = (answer: NzbAnswer): string[] => answer.streams.map(({ name }) => name);

  /** A release nobody has submitted yet: one film, as it is. */
  const newFilm = (sizeBytes = 90_001, meta?: Record<string, string>): Promise<PostedNzb> => {
    const name = `New.Film.${String(++count)}.2020.1080p.WEB-DEMO`;
    const content = pseudoRandomSource(name, sizeBytes);
    return lab.post(name, [{ name: `${name}.mkv`, content }], { partBytes: 20_000, ...(meta && { meta }) });
  };
  const firstId = ({ messageIds }: PostedNzb): string => Object.values(messageIds)[0]?.[0] ?? '';
  /** No answer to a command about this release, until its result is called. */
  const silence = ({ messageIds }: PostedNzb): (() => void) => {
    const ids = new Set(Object.values(messageIds).flat());
    lab.scripted.set({ faults: ({ messageId }) => (ids.has(messageId) ? { kind: 'never' } : null) });
    return () => {
      lab.scripted.set({ faults: () => null });
      lab.scripted.cutSilent();
    };
  };

  it('one film in a RAR set - is one stream with its real name and size, and plays', async () => {
    const set = await lab.postSet('rar5-volumes');
    const { _cached, _queue_item_id: id, streams } = nzbAnswer(await submit({ nzb_url: set.nzbUrl }));
    expect(_cached).toBe(false);
    expect(streams).toMatchObject([{ name: film, title: film, size: 476_120 }]);
    const { url = '' } = streams[0] ?? {};
    const form = /^http:\/\/127\.0\.0\.1:\d+\/api\/files\/stream\?path=[^&+]+&download_key=[0-9a-f]{64}$/;
    expect(url).toMatch(form);
    expect(url).toContain(encodeURIComponent('/complete/stremio/rar5-volumes/'));
    expect((await askHash(url)).sha256).toBe(filmSha256);
    expect(await queueItem(lab.headstart, id)).toMatchObject({ name: 'rar5-volumes', error: null });
  });

  it('the second submission - is cached and takes no work, by another address or as an upload too', async () => {
    const posted = await newFilm();
    const first = nzbAnswer(await submit({ nzb_url: posted.nzbUrl }));
    await untilCompleted(lab.headstart, first._queue_item_id);
    const fetches = lab.scripted.fetches(firstId(posted));
    const elsewhere = indexer.serve('/elsewhere', posted.nzb);
    for (const again of [
      await submit({ nzb_url: posted.nzbUrl }),
      await submit({ nzb_url: `${elsewhere}?apikey=0123456789abcdef` }),
      await submit({}, { file: { name: 'another name.nzb', bytes: Buffer.from(posted.nzb) } }),
    ]) {
      expect(nzbAnswer(again)).toEqual({ ...first, _queue_status: 'completed', _cached: true });
    }
    expect(lab.scripted.fetches(firstId(posted))).toBe(fetches);
  });

  it('a restart - changes nothing about what is cached', async () => {
    const posted = await newFilm();
    const url = indexer.serve('/restarted', posted.nzb);
    const first = nzbAnswer(await submit({ nzb_url: url }));
    await untilCompleted(lab.headstart, first._queue_item_id);
    await lab.headstart.stop();
    await lab.headstart.start();
    const asked = indexer.asked.length;
    const { _cached, _queue_item_id, _queue_status } = nzbAnswer(await submit({ nzb_url: url }));
    expect([_cached, _queue_item_id, _queue_status]).toEqual([true, first._queue_item_id, 'completed']);
    expect(indexer.asked).toHaveLength(asked);
    expect(nzbAnswer(await submit({ nzb_url: indexer.serve('/after-it', posted.nzb) }))._cached).toBe(true);
  });

  it('uploads - .nzb and .nzb.gz, the key in the form or the header', async () => {
    const [plain, packed] = [await newFilm(), await newFilm()];
    const inForm = { download_key: downloadKeyOf(lab.headstart), category: 'films' };
    const file = { name: 'Fílm.nzb', bytes: Buffer.from(plain.nzb) };
    const answer = nzbAnswer(await submit(inForm, { headers: {}, file }));
    expect(answer.streams[0]?.url).toContain(encodeURIComponent('/complete/films/'));
    expect((await askHash(answer.streams[0]?.url ?? '')).sizeBytes).toBe(90_001);
    const zipped = { name: 'film.nzb.gz', bytes: gzipSync(packed.nzb) };
    expect(nzbAnswer(await submit({}, { file: zipped })).streams).toHaveLength(1);
    const served = indexer.serve('/packed.nzb.gz', gzipSync((await newFilm()).nzb));
    expect(nzbAnswer(await submit({ nzb_url: served })).streams).toHaveLength(1);
  });

  it('keys - download_key is the hash of the key, in form or query; fields may stand in the query', async () => {
    const { nzbUrl } = await newFilm();
    const key = downloadKeyOf(lab.headstart);
    const query = `?nzb_url=${encodeURIComponent(nzbUrl)}&download_key=${key}`;
    for (const answer of [
      await submit({ nzb_url: nzbUrl, download_key: key }, { headers: {} }),
      await submit({}, { headers: {}, query }),
      await submit({ nzb_url: nzbUrl }, { headers: { authorization: `Bearer ${lab.headstart.apiKey}` } }),
    ])
      expect(nzbAnswer(answer).streams).toHaveLength(1);
    const { url = '' } = nzbAnswer(await submit({ nzb_url: nzbUrl })).streams[0] ?? {};
    expect(url).not.toContain(key);
    const handedOut = new URL(url).searchParams.get('download_key') ?? '';
    const ways: [Record<string, string>, NzbAsk][] = [
      [{ nzb_url: nzbUrl }, { headers: {} }],
      [{ nzb_url: nzbUrl }, { headers: { 'x-api-key': 'wrong' } }],
      [{ nzb_url: nzbUrl, download_key: lab.headstart.apiKey }, { headers: {} }],
      [{ nzb_url: nzbUrl, download_key: handedOut }, { headers: {} }],
      [{ download_key: 'a'.repeat(64) }, { headers: {}, file: { name: 'a.nzb', bytes: Buffer.from('x') } }],
    ];
    for (const [fields, options] of ways)
      expect(nzbFailure(await submit(fields, options))).toEqual([401, 'UNAUTHORIZED']);
  });

  it('addresses - are those of the origin the caller used; redirects of the indexer are followed', async () => {
    const posted = await newFilm();
    indexer.serve('/there', posted.nzb);
    const url = indexer.serve('/moved', (_request, response) => {
      response.writeHead(302, { location: '/there' }).end();
    });
    const headers = { 'x-api-key': lab.headstart.apiKey, host: 'play.example:8080' };
    const answer = nzbAnswer(await submit({ nzb_url: url }, { headers }));
    expect(answer.streams[0]?.url).toMatch(/^http:\/\/play\.example:8080\/api\/files\/stream\?/);
  });

  it('joining - submissions at once are one item, one fetch of the NZB, one of each article', async () => {
    // An article that is late is asked for again over another connection: here there is none.
    const single = lab.resources.use(await openUsenetLab({ server: 'scripted', provider: 'connections=1' }));
    const name = 'Joined.Film.2020.1080p.WEB-DEMO';
    const content = pseudoRandomSource(name, 90_001);
    const posted = await single.post(name, [{ name: `${name}.mkv`, content }], { partBytes: 20_000 });
    const url = indexer.serve('/at-once', posted.nzb);
    const asked = indexer.asked.length;
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => submitNzb(single.headstart, { nzb_url: url }).then(nzbAnswer)),
    );
    expect(new Set(answers.map(({ _queue_item_id: id }) => id)).size).toBe(1);
    expect(indexer.asked).toHaveLength(asked + 1);
    const films = await Promise.all(answers.map(({ streams }) => askHash(streams[0]?.url ?? '')));
    expect(films.map(({ sizeBytes }) => sizeBytes)).toEqual(answers.map(() => 90_001));
    const ids = Object.values(posted.messageIds).flat();
    expect(ids.map((id) => single.scripted.fetches(id))).toEqual(ids.map(() => 1));
  });

  it('joining - the first caller going away stops nothing for the others', async () => {
    const posted = await newFilm();
    const speak = silence(posted);
    const leaving = new AbortController();
    const left = submit({ nzb_url: posted.nzbUrl }, { signal: leaving.signal });
    await until('it is looked into', () => lab.scripted.fetches(firstId(posted)) > 0);
    const stays = submit({ nzb_url: posted.nzbUrl });
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    speak();
    expect(nzbAnswer(await stays).streams).toHaveLength(1);
  });

  it('timeout - says 408 after as long as was asked, every time; it goes on, and whoever asks later has it', async () => {
    const posted = await newFilm();
    const speak = silence(posted);
    const late = await submit({ nzb_url: posted.nzbUrl, timeout: '1' });
    expect(nzbFailure(late)).toEqual([408, 'TIMEOUT']);
    expect(late.tookMs).toBeGreaterThan(900);
    expect(late.tookMs).toBeLessThan(20_000); // not as long as without
    expect(nzbFailure(await submit({ nzb_url: posted.nzbUrl, timeout: '1' }))).toEqual([408, 'TIMEOUT']);
    speak();
    expect(nzbAnswer(await submit({ nzb_url: posted.nzbUrl })).streams).toMatchObject([{ size: 90_001 }]);
  });

  it('equal names - stay two items; equal content is one, whatever its name', async () => {
    const meta = { name: 'The.Same.Name.2020.1080p' };
    const [one, other] = [await newFilm(50_001, meta), await newFilm(50_002, meta)];
    const first = nzbAnswer(await submit({ nzb_url: one.nzbUrl }));
    const second = nzbAnswer(await submit({ nzb_url: other.nzbUrl }));
    expect(second._queue_item_id).not.toBe(first._queue_item_id);
    expect([first, second].map(({ streams }) => streams[0]?.size)).toEqual([50_001, 50_002]);
    expect(second.streams[0]?.url).not.toBe(first.streams[0]?.url);
    const renamed = one.nzb.replace(meta.name, 'Another.Name.2020');
    const third = nzbAnswer(await submit({ nzb_url: indexer.serve('/renamed', renamed) }));
    expect(third._queue_item_id).toBe(first._queue_item_id);
  });

  it('a pack without an episode - is all its videos, in a stable order; the rest is left out', async () => {
    const pack = { nzb_url: lab.set('rar5-pack').nzbUrl };
    const answer = nzbAnswer(await submit(pack));
    expect(namesOf(answer)).toEqual(episodes);
    const { contains } = lab.set('rar5-pack');
    for (const { name, size, url } of answer.streams) {
      expect(size).toBe(contains[name]?.size);
      expect((await askHash(url)).sha256).toBe(contains[name]?.sha256);
    }
    expect(namesOf(nzbAnswer(await submit(pack)))).toEqual(episodes);
    expect(namesOf(nzbAnswer(await submit({ nzb_url: lab.set('rar5-many-files').nzbUrl })))).toEqual([film]);
  });

  it.each([
    ['season and episode', { season: '1', episode: '2' }],
    ['season and episode before an id', { season: '1', episode: '2', id: 'tt123:1:1' }],
    ['id', { id: 'tt123:1:2' }],
    ['stremio_id', { stremio_id: 'tt123:1:2' }],
    ['the address of the NZB', { '+': '?season=1&episode=2' }],
    ['an id before the address of the NZB', { id: 'tt123:1:2', '+': '?season=1&episode=3' }],
  ])('a pack - the episode is told by %s', async (_how, { '+': more = '', ...fields }: Record<string, string>) => {
    const url = indexer.serve('/pack.nzb', lab.set('rar5-pack').nzb);
    expect(namesOf(nzbAnswer(await submit({ nzb_url: url + more, ...fields })))).toEqual([episodes[1]]);
  });

  it('a pack - an episode that is not in it is an empty list, first or last', async () => {
    const name = 'Fresh.Show.S01.720p';
    const files = [1, 2].map((one) => ({
      name: `Fresh.Show.S01E0${String(one)}.mkv`,
      content: pseudoRandomSource(`fresh ${String(one)}`, 60_000),
    }));
    const { nzbUrl } = await lab.post(name, files, { partBytes: 20_000 });
    const wish = { nzb_url: nzbUrl, season: '1', episode: '9' };
    const first = nzbAnswer(await submit(wish));
    expect(first).toMatchObject({ streams: [], _cached: false });
    expect(namesOf(nzbAnswer(await submit({ ...wish, episode: '2' })))).toEqual(['Fresh.Show.S01E02.mkv']);
    await untilCompleted(lab.headstart, first._queue_item_id);
    expect(nzbAnswer(await submit(wish))).toMatchObject({ streams: [], _cached: true });
  });

  it('names - come from the NZB, else from Content-Disposition, the subject, the address', async () => {
    const nameOf = async (url: string): Promise<string> => {
      const { _queue_item_id: id } = nzbAnswer(await submit({ nzb_url: url }));
      return (await queueItem(lab.headstart, id)).name;
    };
    const meta = await newFilm(40_000, { title: 'Named.By.Meta.2020.1080p' });
    expect(await nameOf(meta.nzbUrl)).toBe('Named.By.Meta.2020.1080p');
    const plain = await newFilm();
    const dispositions = { 'content-disposition': 'attachment; filename="Named.By.Header.2021.1080p.nzb"' };
    const byHeader = indexer.serve('/api', (_request, response) =>
      response.writeHead(200, dispositions).end(plain.nzb),
    );
    expect(await nameOf(`${byHeader}?t=get&id=5`)).toBe('Named.By.Header.2021.1080p');
    const subject = await newFilm();
    expect(await nameOf(indexer.serve('/download', subject.nzb))).toMatch(/^New\.Film\.\d+\.2020\.1080p\.WEB-DEMO/);
    const hidden = await lab.postSet('rar5-single', { isObfuscated: true, meta: {} });
    const byAddress = indexer.serve('/getnzb/Named.By.Address.2022.1080p.nzb', hidden.nzb);
    expect(await nameOf(byAddress)).toBe('Named.By.Address.2022.1080p');
  });

  it('other methods and paths - are never 404 or 405', async () => {
    const headers = { 'x-api-key': lab.headstart.apiKey };
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])
      for (const path of ['/api/nzb/streams', '/api/nzb/streams/', '/api/nzb/streams/more'])
        expect((await ask(lab.headstart.url(path), { method, headers })).status).toBe(400);
  });
});
