import { describe, expect, it } from '@jest/globals';
import { wishWithFacts } from '../../../backend/discovery/wish-with-facts.js';
import type { TitleFacts } from '../../../backend/naming/index.js';

const series: TitleFacts = {
  kind: 'series',
  titles: ['Paper Lantern'],
  year: 2019,
  lastYear: null,
  runtimeMinutes: 24,
  isAnime: false,
  ids: {},
  episode: { season: 2, episode: 1, absolute: 13, airDate: '2020-01-06', title: 'The Harbour' },
};
const wish = { titleId: 'tt1', type: 'series', episode: { season: 2, episode: 1 } } as const;

describe('wish with facts', () => {
  it('an episode - has its number counted through and its day, and keeps its own', () => {
    expect(wishWithFacts(wish, series)).toEqual({
      ...wish,
      episode: { season: 2, episode: 1, absolute: 13, airDate: '2020-01-06' },
    });
  });

  it('a film, or nothing known - is as it was', () => {
    const film = { titleId: 'tt1', type: 'movie' } as const;
    expect(wishWithFacts(film, { ...series, kind: 'film', episode: null })).toEqual(film);
    expect(wishWithFacts(wish, null)).toEqual(wish);
  });
});
