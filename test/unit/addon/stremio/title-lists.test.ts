import { describe, expect, it } from '@jest/globals';
import { TitleLists } from '../../../../addon/stremio/title-lists.js';
import { formatSourceIdentity, type FindOptions, type SearchWish } from '../../../../backend/discovery/index.js';
import { DEFAULT_PREFERENCES } from '../../../../manifest/index.js';
import { makeRelease } from '../../../support/stremio-harness.js';

const { signal } = new AbortController();
const files = ['S01E02.mkv', 'S02E02.mkv'].map((name) => [name, 10] as const);
const pack = { ...makeRelease('Harbour.Lights.S01-S02', files), titleId: 'tt1' };
const series = { titleId: 'tt1', type: 'series', episode: { season: 1, episode: 2 } } as const;

/** What discovery is told that the pack was listed with, and how often that was looked up. */
async function toldOf(wish: SearchWish, listedWith: string): Promise<[(string | undefined)[], number]> {
  let told: FindOptions['listedFile'];
  let lookups = 0;
  const lists = new TitleLists({
    discovery: {
      find: (_wish, { listedFile }) => {
        told = listedFile;
        return Promise.resolve({ candidates: [], title: null, notes: [] });
      },
      follow: () => undefined,
      isDeserted: () => false,
    },
    preferences: () => DEFAULT_PREFERENCES,
    jobs: { list: () => [] } as never,
    torrents: { status: () => null },
    access: { sourceId: (identity) => `id of ${identity}` },
    listedSources: {
      listedFor: () => {
        lookups += 1;
        return [{ sourceId: `id of ${formatSourceIdentity(pack.source)}`, file: listedWith }];
      },
    },
  });
  await lists.find(wish, { signal });
  return [[told?.(pack)?.name, told?.(pack)?.name], lookups];
}

describe('title lists', () => {
  it('episode - tells which file a release was listed with before, looked up once', async () => {
    expect(await toldOf(series, '1')).toEqual([['S02E02.mkv', 'S02E02.mkv'], 1]);
    expect(await toldOf(series, 's1e2r2')).toEqual([['S02E02.mkv', 'S02E02.mkv'], 1]);
  });

  it('film - has no such file', async () => {
    expect(await toldOf({ titleId: 'tt1', type: 'movie' }, '1')).toEqual([[undefined, undefined], 0]);
  });
});
