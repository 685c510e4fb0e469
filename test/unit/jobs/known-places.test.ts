import { describe, expect, it } from '@jest/globals';
import type { ContentId, Release } from '../../../backend/content/index.js';
import { inKnownPlaces } from '../../../backend/jobs/known-places.js';

const contentId = 'a'.repeat(64) as ContentId;
const releaseOf = (...names: readonly string[]): Release => ({
  contentId,
  name: 'Harbour.Lights.S01',
  source: { kind: 'nzb', contentId, name: 'Harbour.Lights.S01', passwords: [] },
  files: names.map((name, index) => ({ index, path: name, name, sizeBytes: 10, isPadding: false })),
});
const placesOf = ({ files }: Release): (readonly [number, string])[] => files.map(({ index, name }) => [index, name]);

describe('known places of files', () => {
  it('more is found than before - it has a place behind what is known', () => {
    const found = inKnownPlaces(releaseOf('1.mkv', '2.mkv', '3.mkv'), releaseOf('1.mkv', '3.mkv'));
    expect(placesOf(found)).toEqual([
      [0, '1.mkv'],
      [2, '2.mkv'],
      [1, '3.mkv'],
    ]);
  });

  it('less is found than before - what is known keeps its place', () => {
    const found = inKnownPlaces(releaseOf('1.mkv', '3.mkv'), releaseOf('1.mkv', '2.mkv', '3.mkv'));
    expect(placesOf(found)).toEqual([
      [0, '1.mkv'],
      [2, '3.mkv'],
      [1, '2.mkv'],
    ]);
  });

  it('called otherwise than before - is known by its size, and what it was called is known no more', () => {
    expect(placesOf(inKnownPlaces(releaseOf('film.mkv'), releaseOf('a1b2.mkv')))).toEqual([[0, 'film.mkv']]);
  });

  it('called otherwise, and it is not certain which is which - has a place of its own', () => {
    expect(placesOf(inKnownPlaces(releaseOf('1.mkv', '2.mkv'), releaseOf('a.mkv', 'b.mkv')))).toEqual([
      [2, '1.mkv'],
      [3, '2.mkv'],
    ]);
  });

  it('the second of two of one name was found alone before - keeps its place when both are found', () => {
    const sized = (...files: readonly [string, number][]): Release => {
      const release = releaseOf(...files.map(([name]) => name));
      return { ...release, files: release.files.map((file, at) => ({ ...file, sizeBytes: files[at]?.[1] ?? 0 })) };
    };
    const found = inKnownPlaces(sized(['v.mkv', 100], ['2/v.mkv', 200]), sized(['v.mkv', 200]));
    expect(found.files.map(({ index, path }) => [index, path])).toEqual([
      [1, 'v.mkv'],
      [0, '2/v.mkv'],
    ]);
  });

  it('two are called alike - each has a place of its own', () => {
    const found = inKnownPlaces(releaseOf('a.mkv', '1.mkv', '1.mkv', '1.mkv'), releaseOf('1.mkv', '1.mkv'));
    expect(placesOf(found)).toEqual([
      [2, 'a.mkv'],
      [0, '1.mkv'],
      [1, '1.mkv'],
      [3, '1.mkv'],
    ]);
  });

  it('nothing is known, or it is no NZB - is as it was found', () => {
    const found = releaseOf('1.mkv');
    expect(inKnownPlaces(found, null)).toBe(found);
    const torrent: Release = { ...found, source: { kind: 'http', url: 'http://a.example/1.mkv' } };
    expect(inKnownPlaces(torrent, releaseOf('2.mkv'))).toBe(torrent);
  });
});
