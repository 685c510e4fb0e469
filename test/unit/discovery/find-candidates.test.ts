import { describe, expect, it } from '@jest/globals';
import type { EpisodeWish } from '../../../backend/content/index.js';
import { findByTitle, formatSourceIdentity, openFilms, type KnownRelease } from '../../../backend/discovery/index.js';
import { NOTHING_SOUGHT, type TitleKnowledge } from '../../../backend/discovery/find-candidates.js';
import { makeRelease } from '../../support/stremio-harness.js';

const library = (...releases: readonly KnownRelease[]) => ({ byTitle: () => releases });
const known = (release: ReturnType<typeof makeRelease>): KnownRelease => ({ ...release, titleId: 'tt1' });

describe('find by title', () => {
  it('film - comes from the catalogue with its sizes before anybody looked into it', () => {
    const [candidate] = findByTitle({ titleId: 'tt1254207' }, library());
    expect(candidate).toMatchObject({
      foundIn: ['Open films'],
      file: { name: 'Big Buck Bunny.mp4', sizeBytes: 276_134_947 },
    });
  });

  it('film - is listed once where the library has it too', () => {
    const film = openFilms[0]!;
    const found = findByTitle({ titleId: film.titleId }, library({ ...film.release, titleId: film.titleId }));
    expect(found).toHaveLength(1);
    expect(found[0]?.facts.resolution).toBe('480p');
  });

  it('pack - is listed where it holds the episode, and only there', () => {
    const pack = known(
      makeRelease('Show.S01.2160p.BluRay', [
        ['S01E01.mkv', 10],
        ['S01E02.mkv', 20],
        ['readme.txt', 1],
      ]),
    );
    const of = (episode: number) => findByTitle({ titleId: 'tt1', episode: { season: 1, episode } }, library(pack));
    expect(of(2)).toMatchObject([
      { file: { index: 1 }, isPack: true, facts: { resolution: '2160p', quality: 'BluRay' } },
    ]);
    expect(of(9)).toEqual([]);
  });

  describe('pack of two seasons, of whose title nothing is known', () => {
    const numbered = [1, 2].flatMap((season) => [1, 2].map((episode) => `S0${season}E0${episode}.mkv`));
    const pack = known(
      makeRelease(
        'Show.S01-S02',
        numbered.map((name) => [name, 10]),
      ),
    );
    const namesOf = (episode: EpisodeWish, options: Partial<TitleKnowledge>): (string | undefined)[] =>
      findByTitle({ titleId: 'tt1', episode }, library(pack), { ...NOTHING_SOUGHT, ...options }).map(
        ({ file }) => file?.name,
      );

    it('title that may itself be one of the seasons - is not listed, but for what it was listed with before', () => {
      expect(namesOf({ season: 1, episode: 2 }, { isAway: true })).toEqual([]);
      expect(namesOf({ season: 1, episode: 2, absolute: 2 }, {})).toEqual([]);
      const listedFile = ({ files }: KnownRelease) => files.find(({ name }) => name === 'S02E02.mkv') ?? null;
      expect(namesOf({ season: 1, episode: 2 }, { isAway: true, listedFile })).toEqual(['S02E02.mkv']);
    });

    it('later season, or nobody who would tell - is listed by its numbers', () => {
      expect(namesOf({ season: 2, episode: 1 }, { isAway: true })).toEqual(['S02E01.mkv']);
      expect(namesOf({ season: 1, episode: 2 }, {})).toEqual(['S01E02.mkv']);
    });
  });

  it('facts - come from the file where the release says nothing', () => {
    const [candidate] = findByTitle(
      { titleId: 'tt1' },
      library(known(makeRelease('stuff', [['Film.2020.720p.x265.mkv', 5]]))),
    );
    expect(candidate?.facts).toMatchObject({ resolution: '720p', codec: 'x265' });
  });

  it('identity - is the same however a torrent was submitted', () => {
    const { source } = openFilms[0]!.release;
    expect(formatSourceIdentity({ ...source, trackers: [], peers: ['1.2.3.4:5'], name: 'x' })).toBe(
      formatSourceIdentity(source),
    );
    expect(formatSourceIdentity({ kind: 'http', url: 'https://a/b' })).toBe('http:https://a/b');
  });
});
