// Which episode an address plays, whatever was listed since, and whatever numbers its release counts by.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnplayableError, type InfoHash, type Release } from '../../backend/content/index.js';
import type { Indexer, IndexerResult } from '../../backend/discovery/index.js';
import type { TitleFacts } from '../../backend/naming/index.js';
import { ask, askJson } from '../support/http.js';
import { LaterClock } from '../support/later-clock.js';
import { makeRelease, StremioHarness } from '../support/stremio-harness.js';

const SERIES = 'tt0000005';

/** Offers these torrents as magnets, whatever is asked for. */
function indexerOf(...releases: readonly Release[]): Indexer {
  const results = releases.map(({ name, source, contentId, files }): IndexerResult => {
    if (source.kind !== 'torrent') throw new Error('Only torrents are offered here.');
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    const counted = { seeders: 5, leechers: 0, publishedAt: null, indexer: 'Harbour' };
    return { name, source, infoHash: contentId as InfoHash, sizeBytes, ...counted };
  });
  return { id: 'harbour', name: 'Harbour', search: async () => results };
}

describe('episodes', () => {
  let harness: StremioHarness;
  afterEach(() => harness.close());

  const urlsOf = async (path: string): Promise<string[]> => {
    const { json } = await askJson(`${harness.base}/stream/${path}.json`);
    return (json['streams'] as { url: string }[]).map(({ url }) => url);
  };

  describe('of a release that counts through all seasons', () => {
    const files = Array.from(
      { length: 24 },
      (_, at) => `[Group] Paper Lantern - ${String(at + 1).padStart(2, '0')}.mkv`,
    );
    const pack = makeRelease(
      '[Group] Paper Lantern - 01-24 [1080p]',
      files.map((name) => [name, 300_000]),
      'b',
    );
    const facts: TitleFacts = {
      kind: 'series',
      titles: ['Paper Lantern'],
      year: 2019,
      lastYear: null,
      runtimeMinutes: 24,
      isAnime: true,
      ids: {},
      episode: { season: 2, episode: 1, absolute: 13 },
    };
    it('pressed before anybody looked into it - the wished one plays', async () => {
      harness = await StremioHarness.open({ indexers: [indexerOf(pack)], titles: new Map([[SERIES, facts]]) });
      harness.engine.releases.set(pack.contentId, pack);
      const [url = ''] = await urlsOf(`series/${SERIES}:2:1`);
      expect((await ask(url)).status).toBe(200);
      expect(harness.engine.prepared).toEqual(['[Group] Paper Lantern - 13.mkv']);
    });
  });

  describe('of a title that is a later season', () => {
    const SEQUEL = 'kitsu:77';
    const names = (season: number): [string, number][] =>
      [1, 2, 3].map((episode) => [`Paper.Lantern.S0${season}E0${episode}.1080p-GRP.mkv`, 300_000]);
    const pack = makeRelease('Paper.Lantern.S01-S02.1080p-GRP', [...names(1), ...names(2)], 'e');
    const sequel = (episode: number): TitleFacts => ({
      kind: 'series',
      titles: ['Paper Lantern 2nd Season'],
      year: 2020,
      lastYear: null,
      runtimeMinutes: 24,
      isAnime: true,
      ids: {},
      episode: { season: 1, episode, absolute: episode },
    });
    const openSequel = async (found: readonly Release[]): Promise<void> => {
      harness = await StremioHarness.open({
        indexers: [indexerOf(...found)],
        titles: new Map([[SEQUEL, sequel(3)]]),
        env: { PLAY_HOLD: '5s', PLAY_DEADLINE: '10s' },
      });
      for (const release of found) harness.engine.releases.set(release.contentId, release);
    };

    it('a pack of both seasons - its second season plays, pressed before and after anybody looked into it', async () => {
      await openSequel([pack]);
      const [before = ''] = await urlsOf(`series/${SEQUEL}:3`);
      expect((await ask(before)).status).toBe(200);
      const [after = ''] = await urlsOf(`series/${SEQUEL}:3`);
      expect([before, after].map((url) => new URL(url).pathname.split('/').at(-2))).toEqual(['s1e3a3r2', '5']);
      expect(harness.engine.prepared).toEqual(['Paper.Lantern.S02E03.1080p-GRP.mkv']);
    });

    it('in the library - the pack plays the same', async () => {
      await openSequel([]);
      harness.keep(pack, SEQUEL);
      const [url = ''] = await urlsOf(`series/${SEQUEL}:3`);
      await ask(url);
      expect(harness.engine.prepared).toEqual(['Paper.Lantern.S02E03.1080p-GRP.mkv']);
    });

    it('subtitles - are those of the episode that plays, whatever the list called it', async () => {
      const texts = [1, 2].map((season): [string, number] => [`Paper.Lantern.S0${season}E03.1080p-GRP.en.srt`, 90]);
      const files = [...names(1), ...names(2), ...texts];
      const release = makeRelease(pack.name, files, 'e');
      await openSequel([release]);
      const [url = ''] = await urlsOf(`series/${SEQUEL}:3`);
      await ask(url);
      const { json } = await askJson(`${harness.base}/subtitles/series/${SEQUEL}:3/filename=${pack.name}.json`);
      const subtitles = json['subtitles'] as { url: string }[];
      expect(subtitles.map((one) => new URL(one.url).pathname.split('/').at(-1))).toEqual([
        'Paper.Lantern.S02E03.1080p-GRP.en.vtt',
      ]);
    });

    it('in place of one that does not play - the same episode of another release', async () => {
      const dead = makeRelease('Paper.Lantern.S02.2160p-DEAD', [['Paper.Lantern.S02E01.mkv', 300_000]], 'f');
      await openSequel([dead, pack]);
      const url = (await urlsOf(`series/${SEQUEL}:3`)).find((one) => one.includes('DEAD')) ?? '';
      expect((await ask(url)).status).toBe(200);
      expect(harness.engine.prepared).toEqual(['Paper.Lantern.S02E03.1080p-GRP.mkv']);
    });
  });

  describe('half a year later, when only what they were is known', () => {
    const pack = makeRelease(
      'Show.S01.1080p-GRP',
      [1, 2, 3].map((episode) => [`Show.S01E0${episode}.1080p-GRP.mkv`, 300_000 + episode]),
      'e',
    );
    const one = makeRelease('Show.S01E02.720p-ONE', [['Show.S01E02.720p-ONE.mkv', 200_000]], 'f');
    const facts: TitleFacts = {
      kind: 'series',
      titles: ['Show'],
      year: 2019,
      lastYear: null,
      runtimeMinutes: 24,
      isAnime: false,
      ids: {},
      episode: { season: 1, episode: 2 },
    };

    it.each([
      ['before anybody looked into them', ['s1e2', 's1e2']],
      ['by their files', ['1', '0']],
    ])('listed %s - an episode of a pack plays, and one alone', async (_when, expected) => {
      const clock = new LaterClock();
      const titles = new Map([[SERIES, facts]]);
      const env = { PLAY_HOLD: '5s', PLAY_DEADLINE: '10s' };
      harness = await StremioHarness.open({ indexers: [indexerOf(pack, one)], titles, clock, env });
      const { engine, library, listedSources } = harness;
      for (const release of [pack, one]) engine.releases.set(release.contentId, release);
      const isByFile = expected[0] === '1';
      if (isByFile) for (const url of await urlsOf(`series/${SERIES}:1:2`)) await ask(url);
      const urls = await urlsOf(`series/${SERIES}:1:2`);
      expect(urls.map((url) => new URL(url).pathname.split('/').at(-2))).toEqual(expected);
      // The last that is seen of the pack is another episode.
      await urlsOf(`series/${SERIES}:1:3`);
      for (const { contentId } of [pack, one]) library.remove(contentId);
      clock.offsetMs = 200 * 86_400e3;
      listedSources.prune();
      const head = await ask(urls[0] ?? '', { method: 'HEAD' });
      expect([head.status, head.headers['content-type']]).toEqual([200, 'video/x-matroska']);
      for (const [at, length] of [300_002, 200_000].entries()) {
        const { status, body } = await ask(urls[at] ?? '');
        expect([status, body.length]).toEqual([200, length]);
      }
    });
  });

  describe('of a pack that does not play', () => {
    let pack: Release;

    beforeEach(async () => {
      harness = await StremioHarness.open({ env: { PLAY_HOLD: '5s', PLAY_DEADLINE: '10s' } });
      const names = (group: string): [string, number][] =>
        [1, 2, 3].map((episode) => [`Show.S01E0${episode}.2160p-${group}.mkv`, 300_000 + episode]);
      pack = harness.keep(makeRelease('Show.S01.2160p-DEAD', names('DEAD'), 'c'), SERIES);
      harness.keep(makeRelease('Show.S01.1080p-LIVE', names('LIVE'), 'd'), SERIES);
      const prepare = harness.engine.prepare.bind(harness.engine);
      harness.engine.prepare = (release, file, options) =>
        file.name.includes('DEAD')
          ? Promise.reject(new UnplayableError('An article is missing.', 'ARTICLE_MISSING'))
          : prepare(release, file, options);
    });

    const deadUrlOf = async (path: string): Promise<string> =>
      (await urlsOf(path)).find((url) => url.includes('DEAD')) ?? '';

    it('the list of another one was asked for since - the pressed one of another release plays, then the next of it', async () => {
      const url = await deadUrlOf(`series/${SERIES}:1:1`);
      await deadUrlOf(`series/${SERIES}:1:2`);
      await ask(url);
      expect(harness.engine.prepared).toEqual(['Show.S01E01.2160p-LIVE.mkv', 'Show.S01E02.2160p-LIVE.mkv']);
    });

    it('listed as it was pressed - the same one of another release plays', async () => {
      const url = await deadUrlOf(`series/${SERIES}:1:2`);
      await ask(url);
      expect(harness.engine.prepared).toEqual(['Show.S01E02.2160p-LIVE.mkv']);
    });

    it('the library was looked at since - what plays in its place is the same one', async () => {
      const url = await deadUrlOf(`series/${SERIES}:1:2`);
      await askJson(`${harness.base}/meta/other/headstart:${pack.contentId}.json`);
      await ask(url);
      expect(harness.engine.prepared).toEqual(['Show.S01E02.2160p-LIVE.mkv']);
    });

    it('pressed on its page in the library - no other episode plays in its place', async () => {
      const { json } = await askJson(`${harness.base}/meta/other/headstart:${pack.contentId}.json`);
      const { videos } = json['meta'] as { videos: { streams: { url: string }[] }[] };
      for (const { streams } of videos) await ask(streams[0]?.url ?? '');
      expect(videos).toHaveLength(3);
      expect(harness.engine.prepared).toEqual([]);
    });
  });
});
