import { describe, expect, it } from '@jest/globals';
import { findOpenFilm, openFilms } from '../../../backend/discovery/index.js';
import { factsOfOpenFilm } from '../../../backend/discovery/open-films.js';
import { chooseFile } from '../../../backend/naming/index.js';

describe('open films', () => {
  it('catalogue - names the films, their infohashes and the address of their web seeds', () => {
    expect(openFilms.map(({ titleId, release }) => [titleId, release.contentId])).toEqual([
      ['tt1727587', '08ada5a7a6183aae1e09d831df6748d566095a10'],
      ['tt1254207', 'dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c'],
      ['tt2285752', '209c8226b299b308beaf2b9cd3fb49212dbd13ec'],
      ['tt4957236', 'c9e15763f722f23e98a29decdfae341b98d53056'],
    ]);
    expect(openFilms.every(({ release }) => release.source.webSeeds[0] === 'https://webtorrent.io/torrents/')).toBe(
      true,
    );
  });

  it('file - is the one that would be chosen without the catalogue', () => {
    for (const film of openFilms) expect(chooseFile(film.release.files)).toEqual(film.file);
  });

  it('find - knows a film by its id and nothing else', () => {
    expect(findOpenFilm('tt1254207')?.title).toBe('Big Buck Bunny');
    expect(findOpenFilm('tt0000001')).toBeNull();
  });

  it('facts - are known without asking anybody', () => {
    expect(factsOfOpenFilm('tt1254207')).toEqual({
      kind: 'film',
      titles: ['Big Buck Bunny'],
      year: 2008,
      lastYear: null,
      runtimeMinutes: 10,
      isAnime: false,
      ids: { imdb: 'tt1254207' },
      episode: null,
    });
    expect(factsOfOpenFilm('tt0000001')).toBeNull();
  });
});
