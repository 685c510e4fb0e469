import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ContentId, NzbSource } from '../../../backend/content/index.js';
import {
  Discovery,
  type FindOptions,
  type Health,
  type IndexerResult,
  type KnownRelease,
} from '../../../backend/discovery/index.js';
import { findFitting } from '../../../backend/discovery/search/fitting-results.js';
import type { SearchPicture } from '../../../backend/discovery/search/title-search.js';
import type { TitleFacts } from '../../../backend/naming/index.js';
import { infoHashOf, torrentOf } from '../../support/candidates.js';
import { makeRelease } from '../../support/stremio-harness.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const { signal } = new AbortController();
const show: TitleFacts = {
  kind: 'series',
  titles: ['Harbour Lights'],
  year: 2010,
  lastYear: null,
  runtimeMinutes: 45,
  isAnime: false,
  ids: { imdb: 'tt1' },
  episode: { season: 1, episode: 2 },
};
const wish = { titleId: 'tt1', type: 'series', episode: { season: 1, episode: 2 } } as const;

function torrent(name: string, digit: string, more: Partial<IndexerResult> = {}): IndexerResult {
  return {
    name,
    source: torrentOf(digit),
    infoHash: infoHashOf(digit),
    sizeBytes: 1e9,
    seeders: 5,
    leechers: 1,
    publishedAt: null,
    indexer: 'A',
    ...more,
  };
}

describe('discovery', () => {
  let picture: SearchPicture;
  let kept: KnownRelease[];
  let nzb: NzbSource | null;
  let removed: Set<string>;
  let health: Health;
  let searches: number;
  let hasIndexer: boolean;

  beforeEach(() => {
    picture = { title: show, titleState: 'known', answers: [] };
    kept = [];
    nzb = null;
    removed = new Set();
    health = { state: 'unknown' };
    searches = 0;
    hasIndexer = true;
  });

  const answered = async (...results: readonly IndexerResult[]): Promise<void> => {
    const fitting = await findFitting(results, show, { signal });
    const others = results.length - fitting.length;
    picture = { ...picture, answers: [{ name: 'A', state: 'answered', fitting, others, atMs: 0 }] };
  };
  const find = (options: Pick<FindOptions, 'listedFile'> = {}) =>
    new Discovery({
      library: {
        get: (contentId: ContentId) => kept.find((one) => one.contentId === contentId) ?? null,
        byTitle: (titleId) => kept.filter((one) => one.titleId === titleId),
        isUnwanted: (contentId) => removed.has(contentId),
      },
      nzbAt: () => nzb,
      contentOf: () => null,
      indexers: () => (hasIndexer ? [{ id: 'a', name: 'A', search: () => Promise.resolve([]) }] : []),
      search: {
        find: () => {
          searches += 1;
          return Promise.resolve(picture);
        },
      },
      health: { judge: (candidate) => ({ ...candidate, health }), follow: () => undefined, isDeserted: () => false },
    }).find(wish, { ...options, signal });

  it('no indexer - asks nobody outside, and says so', async () => {
    hasIndexer = false;
    expect(await find()).toEqual({ candidates: [], title: null, notes: [{ kind: 'no-indexers' }] });
    expect(searches).toBe(0);
  });

  it('results - those of the episode and packs that hold it are candidates, others are counted', async () => {
    await answered(
      torrent('Harbour.Lights.S01E02.1080p.WEB-DL.x264-GRP', 'a'),
      torrent('Harbour.Lights.S01.1080p.WEB-DL.x264-GRP', 'b'),
      torrent('Harbour.Lights.S01E03.1080p.WEB-DL.x264-GRP', 'c'),
      torrent('Harbour.Lights.Of.Home.2012.1080p', 'd'),
    );
    const { candidates, notes } = await find();
    expect(candidates.map(({ contentId, isPack }) => [contentId?.charAt(0), isPack]).sort()).toEqual([
      ['a', false],
      ['b', true],
    ]);
    expect(notes).toEqual([{ kind: 'others', indexer: 'A', count: 2 }]);
    expect(candidates[0]).toMatchObject({ titleId: 'tt1', seeders: 5, foundIn: ['A'], file: null, sizeBytes: 1e9 });
  });

  it('a torrent of the library - is listed with its file, under whatever title it was kept', async () => {
    const release = makeRelease('Harbour.Lights.S01.720p', [
      ['Harbour.Lights.S01E01.mkv', 10],
      ['Harbour.Lights.S01E02.mkv', 20],
    ]);
    kept = [{ ...release, titleId: null }];
    await answered(
      torrent('Harbour.Lights.S01.720p', 'a', {
        source: release.source as never,
        infoHash: release.contentId as never,
      }),
    );
    const { candidates } = await find();
    expect(candidates).toMatchObject([{ file: { index: 1, sizeBytes: 20 }, seeders: 5, foundIn: ['A'] }]);
  });

  it('a pack of two seasons while the metadata is away - is listed only with the file it was listed with before', async () => {
    const release = makeRelease('Harbour.Lights.S01-S02.720p', [
      ['Harbour.Lights.S01E02.mkv', 10],
      ['Harbour.Lights.S02E02.mkv', 20],
    ]);
    kept = [{ ...release, titleId: 'tt1' }];
    picture = { title: null, titleState: 'unreachable', answers: [] };
    expect((await find()).candidates).toEqual([]);
    const listedFile = ({ files }: KnownRelease) => files[1] ?? null;
    expect((await find({ listedFile })).candidates).toMatchObject([{ file: { index: 1 } }]);
    picture = { title: null, titleState: 'unknown', answers: [] };
    expect((await find()).candidates).toMatchObject([{ file: { index: 0 } }]);
  });

  it('a torrent that is called otherwise inside - stays what it is offered as, by whomever', async () => {
    const release = makeRelease('Inside', [
      ['Harbour.Lights.S01E01.mkv', 10],
      ['Harbour.Lights.S01E02.mkv', 20],
    ]);
    const same = { source: release.source as never, infoHash: release.contentId as never };
    const names = ['Harbour.Lights.S01.720p.WEB-GRP', 'Harbour Lights Season 1'];
    for (const titleId of [null, 'tt1']) {
      kept = [{ ...release, titleId }];
      await answered(...names.map((name) => torrent(name, 'a', same)));
      const offer = { name: 'Harbour Lights Season 1', isPack: true };
      expect((await find()).candidates).toMatchObject([{ releaseName: 'Inside', offer }]);
    }
    kept = [];
    expect((await find()).candidates).toMatchObject([{ offer: { name: 'Harbour Lights Season 1' } }]);
  });

  it('a torrent that is known not to hold the episode - is no candidate, whatever it calls itself', async () => {
    const release = makeRelease('Harbour.Lights.S01.720p', [
      ['Harbour.Lights.S01E07.mkv', 10],
      ['Harbour.Lights.S01E08.mkv', 20],
    ]);
    kept = [{ ...release, titleId: null }];
    await answered(
      torrent('Harbour.Lights.S01.720p', 'a', {
        source: release.source as never,
        infoHash: release.contentId as never,
      }),
    );
    expect((await find()).candidates).toEqual([]);
  });

  it('a torrent that was taken out of the library - is no candidate: its address would be gone', async () => {
    removed = new Set([infoHashOf('a')]);
    await answered(torrent('Harbour.Lights.S01E02.1080p', 'a'), torrent('Harbour.Lights.S01E02.720p', 'b'));
    expect((await find()).candidates.map(({ contentId }) => contentId)).toEqual([infoHashOf('b')]);
  });

  it('an NZB that was fetched before - is its content, not its address', async () => {
    nzb = { kind: 'nzb', contentId: 'f'.repeat(64) as ContentId, name: 'Harbour.Lights.S01E02', passwords: [] };
    const source = { kind: 'nzb-url', url: 'https://indexer.example/get?id=1&apikey=k' } as const;
    await answered(torrent('Harbour.Lights.S01E02.1080p', 'a', { source, infoHash: null, seeders: null }));
    expect((await find()).candidates).toMatchObject([{ source: nzb, contentId: nzb.contentId }]);
  });

  it('two indexers with the same torrent - are one candidate with both names and the better count', async () => {
    const [one, other] = ['Harbour.Lights.S01E02.1080p', 'Harbour Lights S01E02 1080p'];
    await answered(torrent(one ?? '', 'a'), torrent(other ?? '', 'a', { indexer: 'B', seeders: 9 }));
    const { candidates } = await find();
    expect(candidates).toMatchObject([{ seeders: 9 }]);
    expect([...(candidates[0]?.foundIn ?? [])].sort()).toEqual(['A', 'B']);
  });

  it('thousands of results - whoever else has something to do gets to it again and again', async () => {
    const results = Array.from({ length: 4_000 }, (_, at) => {
      return torrent(`Harbour.Lights.S01E02.${at % 3 === 0 ? '720' : '1080'}p.WEB-GRP${at}`, at.toString(16));
    });
    await answered(...results);
    let turns = 0;
    let isFound = false;
    const others = async (): Promise<void> => {
      for (; !isFound; turns += 1) await nextTurn();
    };
    const counted = others();
    const { candidates } = await find();
    isFound = true;
    await counted;
    expect(candidates.length).toBeGreaterThan(3_000);
    expect(turns).toBeGreaterThan(50);
  });

  it('an infohash that is only told - is no content: nothing known of that torrent is believed of the address', async () => {
    const release = makeRelease('Harbour.Lights.S01E02.720p', [['Harbour.Lights.S01E02.mkv', 20]]);
    kept = [{ ...release, titleId: null }];
    const source = { kind: 'torrent-url', url: 'https://indexer.example/1', trackers: [], peers: [] } as const;
    await answered(torrent('Harbour.Lights.S01E02.1080p', 'a', { source, infoHash: release.contentId as never }));
    expect((await find()).candidates).toMatchObject([
      { source, contentId: null, toldInfoHash: release.contentId, file: null },
    ]);
    removed = new Set([release.contentId]);
    expect((await find()).candidates).toEqual([]);
  });

  it('what was in the way - is told', async () => {
    picture = {
      ...picture,
      answers: [
        { name: 'A', state: 'waiting' },
        { name: 'B', state: 'failed', code: 'INDEXER_AUTH', message: 'The key is wrong.', atMs: 0 },
      ],
    };
    expect((await find()).notes).toEqual([
      { kind: 'indexer-waiting', indexer: 'A' },
      { kind: 'indexer-failed', indexer: 'B', code: 'INDEXER_AUTH', message: 'The key is wrong.' },
    ]);
    for (const titleState of ['waiting', 'unknown', 'unreachable'] as const) {
      picture = { title: null, titleState, answers: [] };
      expect((await find()).notes).toEqual([{ kind: `title-${titleState}` }]);
    }
  });

  it('health - is what is known of each', async () => {
    health = { state: 'dead', reason: 'NO_PEERS' };
    await answered(torrent('Harbour.Lights.S01E02.1080p', 'a'));
    expect((await find()).candidates).toMatchObject([{ health }]);
  });
});
