import { describe, expect, it } from '@jest/globals';
import type { IndexerResult } from '../../../../backend/discovery/index.js';
import { findFitting } from '../../../../backend/discovery/search/fitting-results.js';
import type { TitleFacts } from '../../../../backend/naming/index.js';
import { torrentOf } from '../../../support/candidates.js';

const show: TitleFacts = {
  kind: 'series',
  titles: ['Harbour Lights'],
  year: 2010,
  lastYear: null,
  runtimeMinutes: null,
  isAnime: false,
  ids: {},
  episode: { season: 1, episode: 2 },
};
const { signal } = new AbortController();

function named(name: string): IndexerResult {
  const unknown = { infoHash: null, sizeBytes: null, seeders: null, leechers: null, publishedAt: null };
  return { name, source: torrentOf('a'), indexer: 'A', ...unknown };
}

describe('fitting results', () => {
  it('the episode and packs that hold it - are told from all others, with what their names say', async () => {
    const names = [
      'Harbour.Lights.S01E02.1080p',
      'Harbour.Lights.S01.720p',
      'Harbour.Lights.S02E02.1080p',
      'Other.S01E02',
    ];
    const fitting = await findFitting(names.map(named), show, { signal });
    expect(fitting.map(({ isPack, facts }) => [isPack, facts.resolution])).toEqual([
      [false, '1080p'],
      [true, '720p'],
    ]);
  });

  it('a thousand of them - let others get their turn', async () => {
    const results = Array.from({ length: 1000 }, (_, at) => named(`Harbour.Lights.S01E02.1080p-G${String(at)}`));
    let turns = 0;
    const turn = (): void => {
      turns += 1;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    expect(await findFitting(results, show, { signal })).toHaveLength(1000);
    clearImmediate(next);
    expect(turns).toBeGreaterThanOrEqual(30);
  });

  it('abort - ends the reading', async () => {
    const results = Array.from({ length: 100 }, () => named('Harbour.Lights.S01E02'));
    await expect(findFitting(results, show, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});
