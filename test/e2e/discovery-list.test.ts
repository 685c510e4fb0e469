// The list of a title on the built server, with indexers that are healthy, slow, failing, limiting, lying and hostile: what the
// viewer sees, how often each indexer is asked, and what the admin is told of it.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  indexerEntry,
  isStream,
  listOf,
  namesOf,
  pathsOf,
  streamOf,
  urlsOf,
  type ListedStream,
  startKnowingMetadata,
  tellFilm,
  type MadeUpFilm,
} from '../support/discovery-lab.js';
import { FAKE_KEY, startFakeIndexer, type FakeIndexer, type IndexerMood } from '../support/fake-indexer.js';
import { harbourLights, type FakeMetadata } from '../support/fake-metadata.js';
import { startFileServer } from '../support/file-server.js';
import { startHeadstart, type HeadstartProcess } from '../support/headstart-process.js';
import { ask } from '../support/http.js';
import { dotted, lateName, nzbName, offerFilms, torrentName } from '../support/film-offers.js';
import { Resources } from '../support/resources.js';
import { StremioApp } from '../support/stremio-app.js';
import { until } from '../support/until.js';

interface IndexerRow {
  readonly id: string;
  readonly name: string;
  readonly status: {
    readonly state: string;
    readonly error: { readonly code: string; readonly message: string } | null;
    readonly retryAt: string | null;
    readonly searches: number;
  };
}

const SEARCH_TIMEOUT_MS = 4_000;
/** An indexer that never answers would be waited for so long. */
const HANG_MS = 30_000;
const filmCalled = (letter: string): MadeUpFilm => {
  return { id: `tt91000${letter.charCodeAt(0)}`, name: `Quiet Tide ${letter}`, year: 2008 };
};
/** One for each test, so that none finds what another one has searched. */
const slowFilm = filmCalled('A');
const sharedFilm = filmCalled('B');
const limitedFilm = filmCalled('C');
const otherFilm = filmCalled('D');
const sameFilm = filmCalled('E');
const coreFilm = filmCalled('F');
const hostileFilm = filmCalled('G');
const manyFilms = ['H', 'J', 'K', 'L', 'M'].map(filmCalled);
const FILMS = [slowFilm, sharedFilm, limitedFilm, otherFilm, sameFilm, coreFilm, hostileFilm, ...manyFilms];

describe('the list of a title', () => {
  const resources = new Resources();
  let metadata: FakeMetadata;
  let server: HeadstartProcess;
  let env: Readonly<Record<string, string>>;
  let lighthouse: FakeIndexer;
  let quayside: FakeIndexer;
  let slow: FakeIndexer;
  let broken: FakeIndexer;
  let busy: FakeIndexer;
  let liar: FakeIndexer;

  beforeAll(async () => {
    metadata = resources.use(await startKnowingMetadata());
    for (const film of FILMS) tellFilm(metadata, film);
    const start = async (kind: 'torznab' | 'newznab', mood?: IndexerMood): Promise<FakeIndexer> =>
      resources.use(await startFakeIndexer(kind, mood));
    [lighthouse, quayside, slow, broken, busy, liar] = [
      await start('torznab'),
      await start('newznab'),
      await start('torznab'),
      await start('torznab', 'failing'),
      await start('newznab', 'limiting'),
      await start('torznab'),
    ];
    offerFilms(FILMS, { lighthouse, quayside, slow, liar });
    env = {
      METADATA_URL: metadata.url,
      SEARCH_TIMEOUT: `${SEARCH_TIMEOUT_MS}ms`,
      ALLOW_PRIVATE_FETCH: 'false',
      INDEXERS: [
        indexerEntry('torznab', lighthouse, 'Lighthouse'),
        indexerEntry('newznab', quayside, 'Quayside'),
        indexerEntry('torznab', slow, 'Slow'),
        indexerEntry('torznab', broken, 'Broken'),
        indexerEntry('newznab', busy, 'Busy'),
        indexerEntry('torznab', liar, 'Liar'),
      ].join(' '),
    };
    server = resources.use(await startHeadstart({ dataDir: await resources.folder(), env }));
  });
  afterAll(() => resources.close());
  beforeEach(() => slow.become('healthy'));

  const rows = async (): Promise<readonly IndexerRow[]> =>
    (await server.get('/api/indexers')).json.indexers as readonly IndexerRow[];
  const rowOf = async (name: string): Promise<IndexerRow> => {
    const row = (await rows()).find((one) => one.name === name);
    if (row === undefined) throw new Error(`There is no indexer ${name}.`);
    return row;
  };

  it('a slow indexer - is not waited for: what the others have is there in time, and its results the next time', async () => {
    slow.become('silent');
    const startedAt = Date.now();
    const first = await listOf(server, slowFilm.id);
    expect(Date.now() - startedAt).toBeLessThan(HANG_MS);
    expect(namesOf(first)).toEqual(expect.arrayContaining([torrentName(slowFilm), nzbName(slowFilm)]));
    expect(namesOf(first)).not.toContain(lateName(slowFilm));
    expect(streamOf(first, torrentName(slowFilm)).description).toContain('🔍 Lighthouse');
    slow.become('healthy');
    slow.release();
    const later = await until('the late results are listed', async () => {
      const list = await listOf(server, slowFilm.id);
      return namesOf(list).includes(lateName(slowFilm)) ? list : null;
    });
    expect(streamOf(later, torrentName(slowFilm)).description).toContain('🔍 Lighthouse, Slow');
    expect(namesOf(later).filter((name) => name === torrentName(slowFilm))).toHaveLength(1);
  });

  it('twenty viewers at once - are one search at each indexer', async () => {
    const capsAsked = (): number => lighthouse.asked.filter(({ search }) => search.includes('t=caps')).length;
    const capsBefore = capsAsked();
    const lists = await Promise.all(Array.from({ length: 20 }, () => listOf(server, sharedFilm.id)));
    expect(new Set(lists.map((list) => JSON.stringify(urlsOf(list)))).size).toBe(1);
    await listOf(server, sharedFilm.id);
    for (const indexer of [lighthouse, quayside, slow, liar]) {
      const questions = indexer.asked.filter(({ href }) => isAbout(href, sharedFilm)).map(({ href }) => href);
      expect(questions.length).toBeGreaterThan(0);
      expect(new Set(questions).size).toBe(questions.length);
    }
    expect(capsAsked() - capsBefore).toBeLessThanOrEqual(1);
  });

  it('an indexer that limits - is left alone until it said, and the admin sees until when', async () => {
    await listOf(server, limitedFilm.id);
    const askedUntilLimit = busy.asked.length;
    await listOf(server, otherFilm.id);
    expect(busy.asked).toHaveLength(askedUntilLimit);
    const { status } = await rowOf('Busy');
    expect(status).toMatchObject({ state: 'limited', error: { code: 'INDEXER_LIMIT' } });
    expect(Date.parse(status.retryAt ?? '')).toBeGreaterThan(Date.now());
    expect((await rowOf('Broken')).status).toMatchObject({ state: 'failing', error: { code: 'INDEXER_UNREACHABLE' } });
    expect((await rowOf('Lighthouse')).status).toMatchObject({ state: 'ok', error: null });
  });

  it('a limit that is set here - is kept, however many titles are opened', async () => {
    const counted = resources.use(await startFakeIndexer('torznab'));
    const remove = await addIndexer(server, counted, { name: 'Counted', requestsPerMinute: 3 });
    await Promise.all(manyFilms.map(({ id }) => listOf(server, id)));
    expect(counted.asked.length).toBeLessThanOrEqual(3);
    expect(counted.asked.length).toBeGreaterThan(1);
    await remove();
  });

  it('sizes that cannot be - are not told to the viewer', async () => {
    const list = await wholeListOf(server, otherFilm);
    const lies = list.filter(({ description }) => description.includes('🔍 Liar'));
    expect(lies).toHaveLength(3);
    for (const { description, behaviorHints } of lies) {
      expect(description).not.toContain('💾');
      expect(behaviorHints.videoSize).toBeUndefined();
    }
  });

  it('other titles, years and episodes - are not in the list', async () => {
    const film = await wholeListOf(server, otherFilm);
    for (const { description } of film.filter(isStream)) expect(description).toContain(dotted(otherFilm.name));
    const episode = await listOf(server, `${harbourLights.id}:1:2`);
    expect(namesOf(episode).sort()).toEqual([
      'Harbour.Lights.S01.720p.WEB.x264-PIER',
      'Harbour.Lights.S01E02.1080p.WEB.x264-PIER',
    ]);
  });

  it('two servers and a restart - list the same in the same order under the same addresses, which tell no secret', async () => {
    const before = await wholeListOf(server, sameFilm);
    const other = resources.use(await startHeadstart({ dataDir: await resources.folder(), env }));
    expect(pathsOf(await wholeListOf(other, sameFilm))).toEqual(pathsOf(before));
    await other.stop();
    await other.start();
    expect(pathsOf(await wholeListOf(other, sameFilm))).toEqual(pathsOf(before));
    await other.close();
    const told = JSON.stringify(before) + JSON.stringify(await rows());
    expect(told).not.toContain(FAKE_KEY);
    for (const { origin } of [lighthouse, quayside, slow, liar]) {
      expect(JSON.stringify(before)).not.toContain(new URL(origin).host);
    }
  });

  it("Stremio's core - keeps every stream of the list", async () => {
    const emitted = (await wholeListOf(server, coreFilm)).filter(isStream);
    const app = await StremioApp.boot(server.origin);
    await app.install(server.manifestUrl);
    const kept = (await app.streams('movie', coreFilm.id)).filter(({ url }) => url !== undefined);
    expect(kept.map(({ url }) => url)).toEqual(urlsOf(emitted));
    expect(kept.map(({ description }) => description)).toEqual(emitted.map(({ description }) => description));
  });

  it('hostile answers - are a state with a code, and nothing else breaks', async () => {
    const trap = resources.use(await startFileServer({}));
    const moods = [
      'web-page',
      'truncated',
      'entity-bomb',
      'nested',
      'huge',
      'redirecting',
      'cut-off',
      'nonsense',
    ] as const;
    const removals = await Promise.all(
      moods.map(async (mood) => {
        const hostile = resources.use(await startFakeIndexer('torznab', mood));
        hostile.become(mood, `${trap.origin}/latest/meta-data`);
        return addIndexer(server, hostile, { name: mood });
      }),
    );
    await wholeListOf(server, hostileFilm);
    const states = await until('each of them has failed', async () => {
      const hostile = (await rows()).filter(({ name }) => (moods as readonly string[]).includes(name));
      return hostile.every(({ status }) => status.state === 'failing') ? hostile : null;
    });
    expect(Object.fromEntries(states.map(({ name, status }) => [name, status.error?.code]))).toEqual({
      'web-page': 'INDEXER_INVALID',
      truncated: 'INDEXER_INVALID',
      'entity-bomb': 'INDEXER_INVALID',
      nested: 'INDEXER_INVALID',
      huge: 'INDEXER_INVALID',
      redirecting: 'INDEXER_UNREACHABLE',
      'cut-off': 'INDEXER_UNREACHABLE',
      nonsense: 'INDEXER_INVALID',
    });
    expect(trap.asked).toEqual([]);
    expect((await ask(server.url('/health'))).status).toBe(200);
    for (const remove of removals) await remove();
  });
});

/** Once everybody who answers has answered, however slow the machine is: exactly the film's six releases. */
async function wholeListOf(server: HeadstartProcess, { id }: MadeUpFilm): Promise<readonly ListedStream[]> {
  const list = await until('the whole list is there', async () => {
    const now = await listOf(server, id);
    return namesOf(now).length >= 6 ? now : null;
  });
  expect(namesOf(list)).toHaveLength(6);
  return list;
}

/** Adds it as the admin does; what is returned removes it. */
async function addIndexer(
  server: HeadstartProcess,
  { url }: FakeIndexer,
  fields: { readonly name: string; readonly requestsPerMinute?: number },
): Promise<() => Promise<void>> {
  const { status, json } = await server.post('/api/indexers', { kind: 'torznab', url, apiKey: FAKE_KEY, ...fields });
  if (status !== 201) throw new Error(`The indexer was not added: ${JSON.stringify(json)}`);
  return async () => {
    const headers = { 'x-api-key': server.apiKey };
    await ask(server.url(`/api/indexers/${String(json.id)}`), { method: 'DELETE', headers });
  };
}

function isAbout(href: string, { id, name }: MadeUpFilm): boolean {
  const text = decodeURIComponent(href).replaceAll('+', ' ');
  return text.includes(id.slice(2)) || text.includes(name);
}
