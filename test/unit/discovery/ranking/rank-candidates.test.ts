import { describe, expect, it } from '@jest/globals';
import {
  rankCandidates,
  type Candidate,
  type LeftOutReason,
  type Ranking,
} from '../../../../backend/discovery/index.js';
import type { RankedTitle } from '../../../../backend/discovery/ranking/appraisal.js';
import { runAtOnce } from '../../../../backend/platform/index.js';
import { DEFAULT_PREFERENCES, type Preferences } from '../../../../manifest/index.js';
import { makeCandidate, makeFile, makeUsenetCandidate } from '../../../support/candidates.js';

const GB = 1e9;
const film: RankedTitle = { kind: 'film', runtimeMinutes: 100 };
const episode: RankedTitle = { kind: 'series', runtimeMinutes: 50 };
const dead = { health: { state: 'dead', reason: 'nobody has it' } } as const;
const size = (gigabytes: number, more: Partial<Candidate> = {}): Partial<Candidate> => ({
  sizeBytes: gigabytes * GB,
  ...more,
});

type Row = readonly [
  prefers: Partial<Preferences>,
  name: string,
  outcome: LeftOutReason | 'kept',
  more?: Partial<Candidate>,
  title?: RankedTitle | null,
];

const ROWS: readonly Row[] = [
  // Resolutions.
  [{ resolutions: ['1080p'] }, 'Paper Lantern 1080p', 'kept'],
  [{ resolutions: ['1080p'] }, 'Paper Lantern 1080i', 'kept'],
  [{ resolutions: ['1080p'] }, 'Paper Lantern 1920x800', 'kept'],
  [{ resolutions: ['1080p'] }, 'Paper Lantern 720p', 'resolution'],
  [{ resolutions: ['1080p'] }, 'Paper Lantern', 'resolution'],
  [{ resolutions: ['1080p', 'other'] }, 'Paper Lantern', 'kept'],
  [{ resolutions: ['2160p'] }, 'Paper Lantern 4K', 'kept'],
  [{ resolutions: ['480p'] }, 'Paper Lantern 240p', 'resolution'],
  [{ resolutions: [] }, 'Paper Lantern 240p', 'kept'],
  // Size of films.
  [{ maxFilmBytes: 5 * GB }, 'Paper Lantern 1080p', 'kept', size(5)],
  [{ maxFilmBytes: 5 * GB }, 'Paper Lantern 1080p', 'tooLarge', size(5.1)],
  [{ maxFilmBytes: 5 * GB }, 'Paper Lantern 1080p', 'kept'],
  [{ maxFilmBytes: 5 * GB }, 'Paper Lantern 1080p', 'kept', size(9, { file: makeFile('film.mkv', 4 * GB) })],
  [{ maxFilmBytes: 5 * GB }, 'Paper Lantern 1080p', 'tooLarge', size(1, { file: makeFile('film.mkv', 6 * GB) })],
  [{ maxFilmBytes: 5 * GB }, 'Paper Lantern Trilogy 1080p', 'kept', size(30, { isPack: true })],
  [{ maxEpisodeBytes: GB }, 'Paper Lantern 1080p', 'kept', size(9)],
  // Size of episodes.
  [{ maxEpisodeBytes: GB }, 'Harbour Lights S01E02 1080p', 'tooLarge', size(2), episode],
  [{ maxEpisodeBytes: GB }, 'Harbour Lights S01E02 1080p', 'kept', size(1), episode],
  [{ maxFilmBytes: GB }, 'Harbour Lights S01E02 1080p', 'kept', size(2), episode],
  [{ maxEpisodeBytes: GB }, 'Harbour Lights S01 1080p', 'kept', size(30, { isPack: true }), episode],
  [{ maxEpisodeBytes: GB }, 'Harbour Lights S01E01-E10', 'kept', size(10, { isPack: true }), episode],
  [{ maxEpisodeBytes: GB }, 'Harbour Lights S01E01-E10', 'tooLarge', size(20, { isPack: true }), episode],
  [{ maxEpisodeBytes: GB }, 'Harbour Lights S01-S03', 'kept', size(90, { isPack: true }), episode],
  [
    { maxEpisodeBytes: GB },
    'Harbour Lights S01',
    'tooLarge',
    size(90, { isPack: true, file: makeFile('Harbour Lights S01E01.mkv', 2 * GB) }),
    episode,
  ],
  // Where nothing is known of the title, its name tells.
  [{ maxEpisodeBytes: GB }, 'Harbour Lights S01E02', 'tooLarge', size(2), null],
  [{ maxFilmBytes: GB }, 'Harbour Lights S01E02', 'kept', size(2), null],
  [{ maxFilmBytes: GB }, 'Paper Lantern 1080p', 'tooLarge', size(2), null],
  // Bitrate: 3 GB in 100 minutes are 4 million bits per second.
  [{ maxBitrate: 4_000_000 }, 'Paper Lantern 1080p', 'kept', size(3)],
  [{ maxBitrate: 3_999_999 }, 'Paper Lantern 1080p', 'bitrate', size(3)],
  [{ maxBitrate: 1 }, 'Paper Lantern 1080p', 'kept'],
  [{ maxBitrate: 1 }, 'Paper Lantern 1080p', 'kept', size(3), { kind: 'film', runtimeMinutes: null }],
  [{ maxBitrate: 1 }, 'Paper Lantern 1080p', 'kept', size(3), { kind: 'film', runtimeMinutes: 0 }],
  [{ maxBitrate: 1 }, 'Paper Lantern 1080p', 'kept', size(3), null],
  [{ maxBitrate: 4_000_000 }, 'Harbour Lights S01E01-E02', 'kept', size(3, { isPack: true }), episode],
  // Qualities; what is filmed in a cinema is left out unless the viewer wants it.
  [{}, 'Paper Lantern 1080p HDCAM', 'quality'],
  [{}, 'Paper Lantern HDTS 1080p', 'quality'],
  [{}, 'Paper Lantern TELECINE 1080p', 'quality'],
  [{ excludedQualities: [] }, 'Paper Lantern 1080p HDCAM', 'kept'],
  [{}, 'Paper Lantern DVDSCR', 'kept'],
  [{ excludedQualities: ['screener'] }, 'Paper Lantern DVDSCR', 'quality'],
  [{ excludedQualities: ['remux'] }, 'Paper Lantern 2160p BluRay REMUX', 'quality'],
  [{ excludedQualities: ['remux'] }, 'Paper Lantern 2160p BluRay', 'kept'],
  [{ excludedQualities: ['bluray'] }, 'Paper Lantern 2160p BluRay REMUX', 'kept'],
  [{ excludedQualities: ['bluray'] }, 'Paper Lantern 1080p BRRip', 'quality'],
  [{ excludedQualities: ['web'] }, 'Paper Lantern 1080p WEB-DL', 'quality'],
  [{ excludedQualities: ['hdtv'] }, 'Paper Lantern 1080p HDTV', 'quality'],
  [{ excludedQualities: ['dvd'] }, 'Paper Lantern DVDRip', 'quality'],
  [{ excludedQualities: ['cam', 'screener', 'remux', 'bluray', 'web', 'hdtv', 'dvd'] }, 'Paper Lantern 1080p', 'kept'],
  // Codecs.
  [{ excludedCodecs: ['hevc'] }, 'Paper Lantern 1080p x265', 'codec'],
  [{ excludedCodecs: ['hevc'] }, 'Paper Lantern 1080p H.265', 'codec'],
  [{ excludedCodecs: ['hevc'] }, 'Paper Lantern 1080p HEVC', 'codec'],
  [{ excludedCodecs: ['hevc'] }, 'Paper Lantern 1080p x264', 'kept'],
  [{ excludedCodecs: ['avc'] }, 'Paper Lantern 1080p AVC', 'codec'],
  [{ excludedCodecs: ['av1'] }, 'Paper Lantern 1080p AV1', 'codec'],
  [{ excludedCodecs: ['vp9'] }, 'Paper Lantern 1080p VP9', 'codec'],
  [{ excludedCodecs: ['xvid'] }, 'Paper Lantern 480p DivX', 'codec'],
  [{ excludedCodecs: ['other'] }, 'Paper Lantern 480p MPEG2', 'codec'],
  [{ excludedCodecs: ['other'] }, 'Paper Lantern 480p', 'kept'],
  // HDR.
  [{ hdr: 'only' }, 'Paper Lantern 2160p HDR10', 'kept'],
  [{ hdr: 'only' }, 'Paper Lantern 2160p HDR10Plus', 'kept'],
  [{ hdr: 'only' }, 'Paper Lantern 2160p DV', 'kept'],
  [{ hdr: 'only' }, 'Paper Lantern 2160p', 'hdr'],
  [{ hdr: 'only' }, 'Paper Lantern 2160p SDR', 'hdr'],
  [{ hdr: 'never' }, 'Paper Lantern 2160p HDR', 'hdr'],
  [{ hdr: 'never' }, 'Paper Lantern 2160p DoVi', 'hdr'],
  [{ hdr: 'never' }, 'Paper Lantern 2160p SDR', 'kept'],
  [{ hdr: 'never' }, 'Paper Lantern 2160p', 'kept'],
  [{ hdr: 'last' }, 'Paper Lantern 2160p HDR', 'kept'],
  [{ dolbyVision: 'withFallback' }, 'Paper Lantern 2160p DV', 'dolbyVision'],
  [{ dolbyVision: 'withFallback' }, 'Paper Lantern 2160p DV HDR10', 'kept'],
  [{ dolbyVision: 'withFallback' }, 'Paper Lantern 2160p HDR10', 'kept'],
  // Languages.
  [{ languages: ['fr'], onlyLanguages: true }, 'Paper Lantern 1080p FRENCH', 'kept'],
  [{ languages: ['fr'], onlyLanguages: true }, 'Paper Lantern 1080p GERMAN', 'language'],
  [{ languages: ['fr', 'de'], onlyLanguages: true }, 'Paper Lantern 1080p GERMAN', 'kept'],
  [{ languages: ['fr'], onlyLanguages: true }, 'Paper Lantern 1080p', 'kept'],
  [{ languages: ['fr'], onlyLanguages: true }, 'Paper Lantern 1080p MULTi GERMAN', 'kept'],
  [{ languages: ['fr'], onlyLanguages: true }, 'Paper Lantern 1080p Multi-Subs', 'kept'],
  [{ languages: ['es'], onlyLanguages: true }, 'Paper Lantern 1080p Latino', 'kept'],
  [{ languages: ['fr'] }, 'Paper Lantern 1080p GERMAN', 'kept'],
  [{ onlyLanguages: true }, 'Paper Lantern 1080p GERMAN', 'kept'],
  // Words.
  [{ excludedWords: ['lantern'] }, 'Páper.LANTERN.1080p', 'word'],
  [{ excludedWords: ['PAPÉR'] }, 'Paper.Lantern.1080p', 'word'],
  [{ excludedWords: ['lant'] }, 'Paper.Lantern.1080p', 'kept'],
  [{ excludedWords: ['paper lantern'] }, 'The.Paper-Lantern.1080p', 'word'],
  [{ excludedWords: ['lantern paper'] }, 'The.Paper-Lantern.1080p', 'kept'],
  [{ excludedWords: ['hdr10'] }, 'Paper.Lantern.HDR10+.2160p', 'kept'],
  [{ excludedWords: ['hdr10plus'] }, 'Paper.Lantern.HDR10+.2160p', 'word'],
  [{ excludedWords: ['straße'] }, 'Harbour.Strasse.1080p', 'word'],
  [{ excludedWords: ['...'] }, 'Paper.Lantern.1080p', 'kept'],
  // Dead ones.
  [{ dead: 'last' }, 'Paper Lantern 1080p', 'kept', dead],
  [{ dead: 'hidden' }, 'Paper Lantern 1080p', 'dead', dead],
  [{ dead: 'hidden' }, 'Paper Lantern 1080p', 'kept', { seeders: 0 }],
  // One reason each: the first in this order.
  [{ dead: 'hidden', resolutions: ['720p'] }, 'Paper Lantern 1080p', 'dead', dead],
  [{ resolutions: ['720p'], maxFilmBytes: 1 }, 'Paper Lantern 1080p', 'resolution', size(9)],
];

function rank(
  candidates: readonly Candidate[],
  prefers: Partial<Preferences>,
  title: RankedTitle | null = film,
): Ranking {
  const preferences = { ...DEFAULT_PREFERENCES, ...prefers };
  return runAtOnce(rankCandidates(candidates, { preferences, title, isReady: () => false }));
}

describe('filters of a list', () => {
  const cases = ROWS.map(([prefers, name, outcome, more = {}, title = film]) => ({
    says: `${JSON.stringify(prefers)} ${name}: ${outcome}`,
    ...{ prefers, name, outcome, more, title },
  }));

  it.each(cases)('preferences - $says', ({ prefers, name, outcome, more, title }) => {
    const { candidates, leftOut } = rank([makeCandidate(name, more)], prefers, title);
    expect(candidates.length === 1 ? 'kept' : [...leftOut.keys()][0]).toBe(outcome);
  });
});

describe('the list', () => {
  const names = (candidates: readonly Candidate[]): string[] => candidates.map(({ releaseName }) => releaseName);

  it('dead but ready - is not hidden', () => {
    const candidate = makeCandidate('Paper Lantern 1080p', dead);
    const preferences = { ...DEFAULT_PREFERENCES, dead: 'hidden' as const };
    const { candidates } = runAtOnce(rankCandidates([candidate], { preferences, title: film, isReady: () => true }));
    expect(candidates).toEqual([candidate]);
  });

  it('most of a resolution - keeps the best of each and counts the others', () => {
    const input = ['2160p WEB', '2160p BluRay', '1080p WEB', '1080p HDTV', '1080p BluRay', '480p'].map((tail) =>
      makeCandidate(`Paper Lantern ${tail}`),
    );
    const { candidates, leftOut } = rank(input, { maxPerResolution: 1 });
    expect(names(candidates)).toEqual([
      'Paper Lantern 2160p BluRay',
      'Paper Lantern 1080p BluRay',
      'Paper Lantern 480p',
    ]);
    expect([...leftOut]).toEqual([['perResolution', 3]]);
  });

  it('longest list - keeps the best and counts the others', () => {
    const input = ['480p', '720p', '1080p', '2160p'].map((tail) => makeCandidate(`Paper Lantern ${tail}`));
    const { candidates, leftOut } = rank(input, { maxStreams: 2 });
    expect(names(candidates)).toEqual(['Paper Lantern 2160p', 'Paper Lantern 1080p']);
    expect([...leftOut]).toEqual([['tooMany', 2]]);
  });

  it('reasons - come with the most frequent first, each candidate counted once', () => {
    const input = [
      makeCandidate('Paper Lantern 1080p HDCAM', size(9)),
      makeCandidate('Paper Lantern 1080p CAM'),
      makeCandidate('Paper Lantern 1080p x265'),
      makeCandidate('Paper Lantern 1080p WEB', size(7)),
      makeCandidate('Paper Lantern 1080p BluRay', size(8)),
    ];
    const { candidates, leftOut } = rank(input, { maxFilmBytes: 5 * GB, excludedCodecs: ['hevc'] });
    expect(candidates).toEqual([]);
    expect([...leftOut]).toEqual([
      ['tooLarge', 3],
      ['codec', 1],
      ['quality', 1],
    ]);
  });

  it('input - is left as it was', () => {
    const input = [makeCandidate('Paper Lantern 480p'), makeUsenetCandidate('Paper Lantern 1080p')];
    const before = [...input];
    rank(input, {});
    expect(input).toEqual(before);
  });

  it('nothing found - is an empty list that left nothing out', () => {
    expect(rank([], {})).toEqual({ candidates: [], leftOut: new Map() });
  });
});
