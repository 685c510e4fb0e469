import { describe, expect, it } from '@jest/globals';
import { factsOfTitle } from '../../../../backend/discovery/metadata/facts-of-title.js';
import { parseMetadataAnswer } from '../../../../backend/discovery/metadata/metadata-answer.js';
import type { TitleMetadata } from '../../../../backend/discovery/metadata/title-metadata.js';
import { harbourLights, paperLantern } from '../../../support/fake-metadata.js';

function told(meta: object): TitleMetadata {
  const metadata = parseMetadataAnswer(new TextEncoder().encode(JSON.stringify({ meta })));
  if (metadata === null) throw new Error('nothing was told');
  return metadata;
}

const series = told(harbourLights);

describe('facts of a title', () => {
  it('film - has no episode', () => {
    expect(factsOfTitle(told(paperLantern), { titleId: 'tt9000001', type: 'movie' })).toEqual({
      kind: 'film',
      titles: ['The Paper Lantern'],
      year: 2008,
      lastYear: null,
      runtimeMinutes: 112,
      isAnime: false,
      ids: { imdb: 'tt9000001', tmdb: 900001 },
      episode: null,
    });
  });

  it('episode - has its title, its date and its number counted through', () => {
    const facts = factsOfTitle(series, { titleId: 'tt9000002', type: 'series', episode: { season: 2, episode: 2 } });
    expect(facts).toMatchObject({ kind: 'series', year: 2008, lastYear: 2013 });
    expect(facts.episode).toEqual({ season: 2, episode: 2, absolute: 5, airDate: '2009-03-15', title: 'Anchors' });
  });

  it('first of a season - follows the last that is known of the season before; any other says nothing of that', () => {
    const follows = (season: number, episode: number) =>
      factsOfTitle(series, { titleId: 'tt9000002', type: 'series', episode: { season, episode } }).episode?.follows;
    expect([follows(2, 1), follows(2, 2), follows(1, 1), follows(3, 1), follows(0, 1)]).toEqual([
      { season: 1, episode: 3 },
      ...[undefined, undefined, undefined, undefined],
    ]);
  });

  it('first of a season that is counted through - follows the last of the season before', () => {
    const videos = [
      { season: 2, episode: 14 },
      { season: 2, episode: 13 },
      { season: 1, episode: 12 },
      { season: 0, episode: 20 },
    ];
    const wish = { titleId: 'tt9', type: 'series', episode: { season: 2, episode: 13 } } as const;
    expect(factsOfTitle(told({ name: 'Show', videos }), wish).episode?.follows).toEqual({ season: 1, episode: 12 });
  });

  it('an episode of an American evening - is dated by the day there, not the one of UTC', () => {
    const wish = { titleId: 'tt9000002', type: 'series', episode: { season: 1, episode: 1 } } as const;
    expect(factsOfTitle(series, wish).episode?.airDate).toBe('2008-01-19');
  });

  it('an episode that is not listed - keeps its season and number', () => {
    const wish = { titleId: 'tt9000002', type: 'series', episode: { season: 3, episode: 1 } } as const;
    expect(factsOfTitle(series, wish).episode).toEqual({ season: 3, episode: 1 });
  });

  it('special - has no number counted through', () => {
    const wish = { titleId: 'tt9000002', type: 'series', episode: { season: 0, episode: 1 } } as const;
    expect(factsOfTitle(series, wish).episode).toEqual({
      season: 0,
      episode: 1,
      airDate: '2008-01-01',
      title: 'The Making',
    });
  });

  it('ids - are what was asked with, and what was told beside it', () => {
    const episode = { season: 1, episode: 1 };
    const idsFor = (titleId: string) => factsOfTitle(series, { titleId, type: 'series', episode }).ids;
    expect(idsFor('tmdb:42')).toEqual({ imdb: 'tt9000002', tvdb: 900002, tmdb: 42 });
    expect(idsFor('tvdb:42')).toEqual({ imdb: 'tt9000002', tvdb: 42 });
    expect(idsFor('tt42')).toEqual({ imdb: 'tt42', tvdb: 900002 });
  });

  it('Kitsu - counts through, is anime, and has one season', () => {
    const metadata = told({
      name: 'Quiet Tides',
      imdb_id: 'tt9000003',
      videos: [{ season: 1, episode: 7, title: 'Ebb' }],
    });
    const facts = factsOfTitle(metadata, { titleId: 'kitsu:42', type: 'series', episode: { season: 4, episode: 7 } });
    expect(facts).toMatchObject({ kind: 'series', isAnime: true, ids: { kitsu: 42, imdb: 'tt9000003' } });
    expect(facts.episode).toEqual({ season: 1, episode: 7, absolute: 7, title: 'Ebb' });
  });

  it('Kitsu - of a title that is a later season elsewhere, the other ids are left out', () => {
    const videos = [{ season: 1, episode: 1, imdbSeason: 3, imdbEpisode: 1 }];
    const metadata = told({ name: 'Quiet Tides 3', imdb_id: 'tt9000003', videos });
    const wish = { titleId: 'kitsu:43', type: 'series', episode: { season: 1, episode: 1 } } as const;
    expect(factsOfTitle(metadata, wish).ids).toEqual({ kitsu: 43 });
  });

  it('a series without an episode - is searched as a film', () => {
    const facts = factsOfTitle(told({ name: 'Quiet Tides: The Film' }), { titleId: 'kitsu:44', type: 'series' });
    expect(facts).toMatchObject({ kind: 'film', episode: null });
  });
});
