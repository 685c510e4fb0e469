// Discovery as it is put together: indexers, a real tracker, a news server; what one list sets off the next one shows.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NzbSource } from '../../backend/content/index.js';
import { createDiscovery, type DiscoveryParts, type DiscoveryRooms } from '../../backend/discovery-parts.js';
import type { Candidate } from '../../backend/discovery/index.js';
import { AddressPolicy, createHttpClient, loadConfig, Sealer, systemClock } from '../../backend/platform/index.js';
import { KnownNzbUrls, Library, openDatabase, type Database } from '../../backend/storage/index.js';
import { postFiles, sourceOfBytes } from '../../scripts/lab/index.js';
import { infoHashOf } from '../support/candidates.js';
import { paperLantern, startFakeMetadata, type FakeMetadata } from '../support/fake-metadata.js';
import { startIndexer, type Indexer } from '../support/indexer.js';
import { NotedLog } from '../support/noted-log.js';
import { startTracker, type TestTracker } from '../support/tracker.js';
import { until } from '../support/until.js';
import { openEngineLab, type EngineLab } from '../support/usenet-engine.js';

const { signal } = new AbortController();
const wish = { titleId: paperLantern.id, type: 'movie' } as const;
const name = (group: string): string => `The.Paper.Lantern.2008.1080p.WEB.H264-${group}`;
const [well, poorly] = [infoHashOf('80ff25'), infoHashOf('a1')];

const CAPS = `<caps><searching><search available="yes" supportedParams="q"/>
  <movie-search available="yes" supportedParams="q,imdbid"/></searching>
  <categories><category id="2000" name="Movies"/></categories></caps>`;

function itemOf(group: string, link: string, type: string, sizeBytes: number): string {
  const url = link.replaceAll('&', '&amp;');
  return `<item><title>${name(group)}</title><guid>${group}</guid><link>${url}</link>
    <enclosure url="${url}" length="${sizeBytes}" type="${type}"/>
    <torznab:attr name="category" value="2000"/><torznab:attr name="seeders" value="7"/></item>`;
}

describe('discovery', () => {
  let database: Database;
  let tracker: TestTracker;
  let titles: FakeMetadata;
  let indexer: Indexer;
  let usenet: EngineLab;
  let rooms: DiscoveryRooms;
  let refused: string | null;

  beforeEach(async () => {
    refused = null;
    database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
    tracker = await startTracker({ isUdp: true });
    titles = await startFakeMetadata();
    titles.tell('movie', paperLantern.id, paperLantern);
    indexer = await startIndexer();
    usenet = await openEngineLab();
    rooms = createDiscovery(partsOf());
  });

  afterEach(async () => {
    await rooms.close();
    await Promise.all([tracker.close(), titles.close(), indexer.close(), usenet.close()]);
    database.close();
  });

  function partsOf(): DiscoveryParts {
    const { host } = new URL(indexer.origin);
    const config = loadConfig({
      INDEXERS: `torznab+http://${host}/torrents newznab+http://${host}/nzbs`,
      METADATA_URL: titles.url,
      ALLOW_PRIVATE_FETCH: '127.0.0.1/32',
    });
    const log = new NotedLog();
    const http = createHttpClient({ policy: new AddressPolicy(['127.0.0.1/32']), log });
    return {
      config,
      clock: systemClock,
      log,
      http,
      database,
      library: new Library(database, systemClock),
      jobs: { contentOf: () => null, subscribe: () => () => undefined },
      lists: { allows: (url) => url !== refused, trackers: () => [] },
      usenet: usenet.engine,
      version: '1.2.3',
    };
  }

  /** Both indexers answer each request with these items. */
  function serve(torrents: readonly string[], nzbs: readonly string[]): void {
    for (const [path, items] of [['/torrents', torrents] as const, ['/nzbs', nzbs] as const])
      indexer.serve(path, (request, response) => {
        const isCaps = request.url?.includes('t=caps') === true;
        const feed = `<rss xmlns:torznab="http://torznab.com/schemas/2015/feed"><channel>${items.join('')}</channel></rss>`;
        response.writeHead(200, { 'content-type': 'application/xml' }).end(isCaps ? CAPS : feed);
      });
  }

  async function list(): Promise<readonly Candidate[]> {
    const { candidates } = await rooms.discovery.find(wish, { signal });
    rooms.discovery.follow(candidates);
    return candidates;
  }

  const of = (candidates: readonly Candidate[], group: string): Candidate | undefined =>
    candidates.find(({ releaseName }) => releaseName === name(group));
  const magnet = (infoHash: string, url: string): string =>
    `magnet:?xt=urn:btih:${infoHash}&tr=${encodeURIComponent(url)}`;
  const torrent = (group: string, infoHash: string, url: string, sizeBytes: number): string =>
    itemOf(group, magnet(infoHash, url), 'application/x-bittorrent', sizeBytes);

  it('torrents of a list - are counted at their trackers, and the next list says so', async () => {
    await tracker.addPeers(well, { seeders: 9, leechers: 1 });
    await tracker.addPeers(poorly, { seeders: 0, leechers: 2 });
    serve([torrent('ONE', well, tracker.udpUrl!, 5e9), torrent('TWO', poorly, tracker.announceUrl, 6e9)], []);
    const first = await list();
    expect([of(first, 'ONE')?.seeders, of(first, 'TWO')?.seeders]).toEqual([7, 7]);
    await until('both are counted', async () => (await list()).every(({ seeders }) => seeders !== 7));
    const next = await list();
    expect(of(next, 'ONE')).toMatchObject({ seeders: 9, leechers: 1, health: { state: 'unknown' } });
    expect(of(next, 'TWO')).toMatchObject({ seeders: 0, leechers: 2, health: { state: 'unknown' } });
  });

  it('a tracker on the blacklist - is not asked', async () => {
    refused = tracker.announceUrl;
    await tracker.addPeers(well, { seeders: 9, leechers: 1 });
    await tracker.addPeers(poorly, { seeders: 9, leechers: 1 });
    serve([torrent('ONE', well, tracker.udpUrl!, 5e9), torrent('TWO', poorly, tracker.announceUrl, 6e9)], []);
    await until('the one is counted', async () => of(await list(), 'ONE')?.seeders === 9);
    expect(of(await list(), 'TWO')?.seeders).toBe(7);
  });

  it('an NZB that is here already - is sampled, and the next list says so; one that is not is not fetched', async () => {
    const urls = new KnownNzbUrls(database, systemClock);
    const post = async (group: string, isMissing: (number: number) => boolean): Promise<string> => {
      const files = [{ name: `${name(group)}.mkv`, content: sourceOfBytes(Buffer.alloc(400_000, group)) }];
      const options = {
        seed: group,
        partBytes: 10_000,
        isMissing: ({ number }: { number: number }) => isMissing(number),
      };
      const { nzb } = await postFiles(usenet.news, files, options);
      const source: NzbSource = await usenet.engine.accept(Buffer.from(nzb), { fileName: `${name(group)}.nzb` });
      const url = `${indexer.origin}/get/${group}`;
      urls.remember(url, source);
      return url;
    };
    const whole = await post('THREE', () => false);
    const broken = await post('FOUR', (number) => number % 2 === 0);
    const links = [whole, broken, `${indexer.origin}/get/FIVE`];
    const groups = ['THREE', 'FOUR', 'FIVE'];
    serve(
      [],
      links.map((link, at) => itemOf(groups[at]!, link, 'application/x-nzb', 5e9 + at * 1e9)),
    );
    expect(await list()).toHaveLength(3);
    await until('both are sampled', async () => {
      const states = (await list()).map(({ health }) => health.state);
      return states.filter((state) => state !== 'unknown').length === 2;
    });
    const next = await list();
    expect(of(next, 'THREE')?.health).toEqual({ state: 'alive', percent: 100 });
    expect(of(next, 'FOUR')?.health).toEqual({ state: 'dead', reason: 'ARTICLE_MISSING' });
    expect(of(next, 'FIVE')?.health).toEqual({ state: 'unknown' });
    expect(indexer.asked.filter((path) => path.startsWith('/get/'))).toEqual([]);
    expect(usenet.news.counts.bodies).toBe(0);
  });
});
