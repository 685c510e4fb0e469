import { describe, expect, it } from '@jest/globals';
import type { ReleaseFile } from '../../../backend/content/index.js';
import { chooseFile, listFilms, matchEpisodes } from '../../../backend/naming/index.js';
import { startProcessorTime } from '../../support/processor-time.js';

const MB = 1_000_000;

function filesOf(...entries: readonly (readonly [path: string, megabytes: number])[]): ReleaseFile[] {
  return entries.map(([path, megabytes], index) => ({
    index,
    path,
    name: path.split('/').at(-1) ?? path,
    sizeBytes: megabytes * MB,
    isPadding: path.startsWith('.pad/'),
  }));
}

describe('choose file without a wish', () => {
  const cases: [string, ReleaseFile[], string | null][] = [
    ['the only video', filesOf(['film.mkv', 700]), 'film.mkv'],
    ['the largest video', filesOf(['a.mkv', 10], ['b.mp4', 30], ['c.avi', 20]), 'b.mp4'],
    ['the first of equals', filesOf(['a.mkv', 10], ['b.mkv', 10]), 'a.mkv'],
    ['a video smaller than an archive', filesOf(['all.iso', 900], ['film.mkv', 700]), 'film.mkv'],
    ['never padding', filesOf(['.pad/900.mkv', 900], ['film.mkv', 700]), 'film.mkv'],
    ['never an empty file', filesOf(['film.mkv', 0]), null],
    ['no sample beside the film', filesOf(['Film/Sample/film.mkv', 900], ['Film/film.mkv', 700]), 'Film/film.mkv'],
    ['no sample by its name', filesOf(['film-sample.mkv', 20], ['film.mkv', 700]), 'film.mkv'],
    ['no trailer by its name', filesOf(['film-trailer.mp4', 90], ['film.mp4', 700]), 'film.mp4'],
    ['no extras', filesOf(['Extras/making of.mkv', 900], ['film.mkv', 700]), 'film.mkv'],
    ['a film called The Sample', filesOf(['The.Sample.mkv', 700], ['other.mkv', 90]), 'The.Sample.mkv'],
    ['Trailer Park Boys', filesOf(['Trailer.Park.Boys.mkv', 700], ['x.mkv', 500]), 'Trailer.Park.Boys.mkv'],
    ['a sample when there is nothing else', filesOf(['Sample/sample.mkv', 20]), 'Sample/sample.mkv'],
    ['nothing without a video', filesOf(['readme.txt', 1], ['song.mp3', 5]), null],
    ['nothing of nothing', [], null],
    ['upper-case extensions', filesOf(['FILM.MKV', 700]), 'FILM.MKV'],
  ];
  it.each(cases)('choose file - %s', (_title, files, expected) => {
    expect(chooseFile(files)?.path ?? null).toBe(expected);
  });
});

describe('choose file for an episode', () => {
  const season = (format: (episode: number) => string): ReleaseFile[] =>
    filesOf(...[1, 2, 3, 4].map((episode) => [format(episode), 100 + episode] as const));
  const two = (n: number): string => String(n).padStart(2, '0');
  const cases: [string, ReleaseFile[], [number, number], string | null][] = [
    ['S01E03', season((e) => `Show.S01E${two(e)}.1080p.mkv`), [1, 3], 'Show.S01E03.1080p.mkv'],
    ['1x03', season((e) => `Show 1x${two(e)} Title.mkv`), [1, 3], 'Show 1x03 Title.mkv'],
    ['s1e3', season((e) => `show.s1e${e}.mkv`), [1, 3], 'show.s1e3.mkv'],
    ['S01.E03', season((e) => `Show.S01.E${two(e)}.mkv`), [1, 3], 'Show.S01.E03.mkv'],
    ['Season 1/Episode 3', season((e) => `Show/Season 1/Episode ${e}.mkv`), [1, 3], 'Show/Season 1/Episode 3.mkv'],
    ['Season 01/03 - Title', season((e) => `Season 01/${two(e)} - Title.mkv`), [1, 3], 'Season 01/03 - Title.mkv'],
    ['S01/03.mkv', season((e) => `Show S01/${two(e)}.mkv`), [1, 3], 'Show S01/03.mkv'],
    [
      'S02 in the folder, E03 in the name',
      season((e) => `Show.S02/Show.E${two(e)}.mkv`),
      [2, 3],
      'Show.S02/Show.E03.mkv',
    ],
    [
      'counted through, as anime is',
      season((e) => `[Group] Show - ${two(e)} [1080p].mkv`),
      [1, 3],
      '[Group] Show - 03 [1080p].mkv',
    ],
    ['103', season((e) => `Show.1${two(e)}.hdtv.mkv`), [1, 3], 'Show.103.hdtv.mkv'],
    ['specials', filesOf(['Show/Specials/01.mkv', 9], ['Show/Season 1/01.mkv', 10]), [0, 1], 'Show/Specials/01.mkv'],
    ['a range E01-E03', filesOf(['Show.S01E01-E03.mkv', 300], ['Show.S01E04.mkv', 100]), [1, 2], 'Show.S01E01-E03.mkv'],
    ['a range 01-03', filesOf(['Show.S01E01-03.mkv', 300], ['Show.S01E04.mkv', 100]), [1, 2], 'Show.S01E01-03.mkv'],
    ['a double E01E02', filesOf(['Show.S01E01E02.mkv', 300], ['Show.S01E03.mkv', 100]), [1, 2], 'Show.S01E01E02.mkv'],
    ['a resolution is no range', filesOf(['Show.S01E01-720p.mkv', 300]), [1, 5], null],
    ['the right season of several', filesOf(['S01/E03.mkv', 900], ['S02/E03.mkv', 100]), [2, 3], 'S02/E03.mkv'],
    [
      'the larger of two qualities',
      filesOf(['Show.S01E03.720p.mkv', 90], ['Show.S01E03.1080p.mkv', 190]),
      [1, 3],
      'Show.S01E03.1080p.mkv',
    ],
    [
      'an obfuscated name in a speaking folder',
      filesOf(['Show.S01E03-GRP/8fa3.mkv', 90]),
      [1, 3],
      'Show.S01E03-GRP/8fa3.mkv',
    ],
    ['one file that says nothing', filesOf(['video.mkv', 90], ['info.txt', 1]), [1, 3], 'video.mkv'],
    ['null when the episode is not there', season((e) => `Show.S01E${two(e)}.mkv`), [1, 9], null],
    ['null for another season', season((e) => `Show.S01E${two(e)}.mkv`), [2, 3], null],
    ['null for one file of another episode', filesOf(['Show.S01E05.mkv', 90]), [1, 3], null],
    ['null without videos', filesOf(['Show.S01E03.txt', 1]), [1, 3], null],
    [
      'no sample of the episode',
      filesOf(['Sample/Show.S01E03.mkv', 9], ['Show.S01E03.mkv', 90]),
      [1, 3],
      'Show.S01E03.mkv',
    ],
    [
      'numbers in the title do not count',
      filesOf(['The.100.S02E03.mkv', 90], ['The.100.S02E04.mkv', 91]),
      [2, 3],
      'The.100.S02E03.mkv',
    ],
    [
      'leading numbers before a title',
      filesOf(['Season 2/02. Two.mkv', 90], ['Season 2/03. Three.mkv', 91]),
      [2, 3],
      'Season 2/03. Three.mkv',
    ],
  ];
  it.each(cases)('choose file - episode: %s', (_title, files, [wishedSeason, episode], expected) => {
    expect(chooseFile(files, { episode: { season: wishedSeason, episode } })?.path ?? null).toBe(expected);
  });

  it('choose file - reads a pack of ten thousand names in bounded time', () => {
    const files = filesOf(
      ...Array.from({ length: 10_000 }, (_, n) => [`Show/${'x'.repeat(200)} ${n}.mkv`, 1] as const),
    );
    const workMs = startProcessorTime();
    chooseFile(files, { episode: { season: 1, episode: 9_999_999 } });
    expect(workMs()).toBeLessThan(5_000);
  });
});

describe('files of a pack', () => {
  const pack = filesOf(
    ['Show/S01E02.mkv', 700],
    ['Show/Sample/S01E01.mkv', 30],
    ['Show/S01E01.mkv', 600],
    ['Show/S01E01.720p.mkv', 300],
    ['Show/readme.txt', 1],
  );
  const pathsOf = (files: readonly ReleaseFile[]): string[] => files.map(({ path }) => path);

  it('list films - all of them in their order, without samples', () => {
    expect(pathsOf(listFilms(pack))).toEqual(['Show/S01E02.mkv', 'Show/S01E01.mkv', 'Show/S01E01.720p.mkv']);
    expect(pathsOf(listFilms(filesOf(['sample.mkv', 5])))).toEqual(['sample.mkv']);
    expect(listFilms(filesOf(['a.txt', 5]))).toEqual([]);
  });

  it('match episodes - every file of the wished one, or none', () => {
    expect(pathsOf(matchEpisodes(pack, { season: 1, episode: 1 }))).toEqual([
      'Show/S01E01.mkv',
      'Show/S01E01.720p.mkv',
    ]);
    expect(matchEpisodes(pack, { season: 1, episode: 9 })).toEqual([]);
  });
});
