// What addons answer, in the forms they are known to use, and what is no answer.

import { describe, expect, it } from '@jest/globals';
import { parseMetadataAnswer } from '../../../../backend/discovery/metadata/metadata-answer.js';
import { harbourLights, paperLantern } from '../../../support/fake-metadata.js';

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const read = (meta: unknown) => parseMetadataAnswer(encode({ meta }));

describe('metadata answer', () => {
  it('film - as Cinemeta tells it', () => {
    expect(read(paperLantern)).toEqual({
      titles: ['The Paper Lantern'],
      year: 2008,
      lastYear: null,
      runtimeMinutes: 112,
      isAnime: false,
      isAmerican: false,
      ids: { imdb: 'tt9000001', tmdb: 900001 },
      episodes: [],
    });
  });

  it('series - as Cinemeta tells it, with its episodes', () => {
    const told = read(harbourLights);
    expect(told).toMatchObject({ year: 2008, lastYear: 2013, runtimeMinutes: 45, ids: { tvdb: 900002 } });
    expect(told?.episodes).toHaveLength(7);
    expect(told?.episodes[1]).toEqual({ season: 1, episode: 1, title: 'Pilot', released: '2008-01-20T03:00:00.000Z' });
    expect(told?.episodes[3]).toEqual({ season: 1, episode: 3, title: 'Low Tide', released: '2008-02-03' });
    expect(told?.episodes[5]).toMatchObject({ title: 'Anchors' });
    expect(told?.episodes[6]).not.toHaveProperty('title');
  });

  it('other titles - are read from the fields addons use, each once, the shown name first', () => {
    const meta = {
      name: ' Harbour\n Lights ',
      originalName: 'Havnens lys',
      original_title: 'HARBOUR LIGHTS',
      aliases: ['Lys', 7, null, 'x'.repeat(201), ''],
      alternativeTitles: 'Lights of the Harbour',
    };
    expect(read(meta)?.titles).toEqual(['Harbour Lights', 'Havnens lys', 'Lys', 'Lights of the Harbour']);
    expect(read({ name: 'A', aliases: Array.from({ length: 50 }, (_, index) => `B${index}`) })?.titles).toHaveLength(
      12,
    );
  });

  it('anime - is known by its genre, its country or its database', () => {
    expect(read({ name: 'A', genres: ['Anime'] })?.isAnime).toBe(true);
    expect(read({ name: 'A', genre: ['Animation'], country: 'Japan, United States' })?.isAnime).toBe(true);
    expect(read({ name: 'A', genres: 'Animation', country: ['JP'] })?.isAnime).toBe(true);
    expect(read({ name: 'A', kitsu_id: '7442' })?.isAnime).toBe(true);
    expect(read({ name: 'A', genres: ['Animation'], country: 'Canada' })?.isAnime).toBe(false);
    expect(read({ name: 'A', genres: ['Drama'], country: 'Japan' })?.isAnime).toBe(false);
  });

  it('year - comes from dates where nothing else tells it', () => {
    expect(read({ name: 'A', released: '2008-05-02T00:00:00.000Z' })?.year).toBe(2008);
    expect(read({ name: 'A', year: 2009 })?.year).toBe(2009);
    expect(read({ name: 'A', year: '2008', releaseInfo: '2008-2010' })).toMatchObject({ year: 2008, lastYear: 2010 });
    const videos = [
      { season: 0, episode: 1, released: '2001-01-01' },
      { season: 1, episode: 1, released: '2003-01-01' },
    ];
    expect(read({ name: 'A', videos })?.year).toBe(2003);
  });

  it('IMDb id - is also read from the id of the title', () => {
    expect(read({ name: 'A', id: 'tt7' })?.ids).toEqual({ imdb: 'tt7' });
    expect(read({ name: 'A', id: 'tmdb:7' })?.ids).toEqual({});
    expect(read({ name: 'A', id: 'tt7', imdb_id: 'tt8' })?.ids).toEqual({ imdb: 'tt8' });
  });

  it('a wrong field - is as if it were not there, and spoils nothing else', () => {
    const odd = {
      name: 'A',
      year: { from: 2008 },
      runtime: [],
      genres: { 0: 'Anime' },
      country: null,
      imdb_id: 'nm0000001',
      moviedb_id: '12',
      tvdb_id: -3,
      aliases: 4,
      videos: [
        null,
        'x',
        { season: true, episode: 1 },
        { season: null, episode: 1 },
        { season: '1', number: 2.5 },
        { season: '1', number: '2', name: 3 },
      ],
    };
    expect(read(odd)).toEqual({
      titles: ['A'],
      year: null,
      lastYear: null,
      runtimeMinutes: null,
      isAnime: false,
      isAmerican: false,
      ids: { tmdb: 12 },
      episodes: [{ season: 1, episode: 2 }],
    });
    expect(read({ name: 'A', videos: 'none' })?.episodes).toEqual([]);
  });

  it('more than 8000 episodes - are not read', () => {
    const videos = Array.from({ length: 8_001 }, (_, index) => ({ season: 1, episode: index + 1 }));
    expect(read({ name: 'A', videos })?.episodes).toHaveLength(8_000);
  });

  it.each([
    {},
    { meta: null },
    { meta: {} },
    { meta: { id: 'tt9', type: 'movie' } },
    { meta: { name: ' ' } },
    { err: 'no' },
  ])('no such title - is what %j says', (value) => {
    expect(parseMetadataAnswer(encode(value))).toBeNull();
  });

  it.each([
    '<html>Welcome</html>',
    '',
    '{"meta":{"name":"A"',
    'null',
    '[]',
    '"x"',
    '{"meta":[]}',
    '{"meta":{"name":5}}',
  ])('something else - %j is an error with a code', (text) => {
    expect(() => parseMetadataAnswer(new TextEncoder().encode(text))).toThrow(
      expect.objectContaining({ code: 'METADATA_INVALID' }),
    );
  });
});
