import { describe, expect, it } from '@jest/globals';
import { rankCandidates, type Candidate } from '../../../../backend/discovery/index.js';
import { runAtOnce } from '../../../../backend/platform/index.js';
import { DEFAULT_PREFERENCES, type Preferences } from '../../../../manifest/index.js';
import { makeCandidate, makeFile, makeUsenetCandidate } from '../../../support/candidates.js';

const GB = 1e9;
const dead = { health: { state: 'dead', reason: 'nobody has it' } } as const;
const alive = (percent: number): Partial<Candidate> => ({ health: { state: 'alive', percent } });
const torrent = makeCandidate;
const usenet = makeUsenetCandidate;
const size = (gigabytes: number, more: Partial<Candidate> = {}): Partial<Candidate> => ({
  sizeBytes: gigabytes * GB,
  ...more,
});

interface Case {
  readonly says: string;
  readonly prefers?: Partial<Preferences>;
  readonly first: Candidate;
  readonly then: Candidate;
  /** Releases that play at once. */
  readonly ready?: readonly ('first' | 'then')[];
}

const CASES: readonly Case[] = [
  // What plays at once.
  {
    says: 'ready before a better picture',
    first: torrent('Paper Lantern 480p'),
    then: torrent('Paper Lantern 2160p'),
    ready: ['first'],
  },
  {
    says: 'ready is nothing special where the viewer does not want it',
    prefers: { readyFirst: false },
    first: torrent('Paper Lantern 2160p'),
    then: torrent('Paper Lantern 480p'),
    ready: ['then'],
  },
  {
    says: 'of two that are ready, the better picture',
    first: torrent('Paper Lantern 1080p'),
    then: torrent('Paper Lantern 720p'),
    ready: ['first', 'then'],
  },
  {
    says: 'ready though it was called dead',
    first: torrent('Paper Lantern 480p', dead),
    then: torrent('Paper Lantern 2160p'),
    ready: ['first'],
  },
  {
    says: 'ready though nobody seeds it any more',
    prefers: { readyFirst: false },
    first: torrent('Paper Lantern 2160p', { seeders: 0 }),
    then: torrent('Paper Lantern 1080p'),
    ready: ['first'],
  },
  // What is likely to play at all.
  {
    says: 'dead after everything else, whatever its picture',
    first: torrent('Paper Lantern 480p'),
    then: torrent('Paper Lantern 2160p', dead),
  },
  {
    says: 'a torrent without seeders after those with some',
    first: torrent('Paper Lantern 480p', { seeders: 1 }),
    then: torrent('Paper Lantern 2160p', { seeders: 0 }),
  },
  {
    says: 'a torrent without seeders after one nobody counted',
    first: torrent('Paper Lantern 720p', { seeders: null }),
    then: torrent('Paper Lantern 1080p', { seeders: 0 }),
  },
  {
    says: 'a torrent without seeders before a dead one',
    first: torrent('Paper Lantern 480p', { seeders: 0 }),
    then: torrent('Paper Lantern 2160p', { ...dead, seeders: 40 }),
  },
  {
    says: 'no seeder but all of it among peers is not deserted',
    first: torrent('Paper Lantern 1080p', { seeders: 0, ...alive(100) }),
    then: torrent('Paper Lantern 720p'),
  },
  {
    says: 'Usenet needs no seeders, not even counted ones',
    first: usenet('Paper Lantern 1080p', { seeders: 0 }),
    then: torrent('Paper Lantern 720p'),
  },
  // Resolution.
  {
    says: '2160p before 1440p',
    first: torrent('Paper Lantern 2160p'),
    then: torrent('Paper Lantern 1440p'),
  },
  { says: '4K is 2160p', first: torrent('Paper Lantern 4K'), then: torrent('Paper Lantern 1440p') },
  { says: '1440p before 1080p', first: torrent('Paper Lantern 1440p'), then: torrent('Paper Lantern 1080p') },
  { says: '1080i is 1080p', first: torrent('Paper Lantern 1080i'), then: torrent('Paper Lantern 720p') },
  { says: '720p before 576p', first: torrent('Paper Lantern 720p'), then: torrent('Paper Lantern 576p') },
  { says: '576p before 480p', first: torrent('Paper Lantern 576p'), then: torrent('Paper Lantern 480p') },
  { says: '480p before what tells none', first: torrent('Paper Lantern 480p'), then: torrent('Paper Lantern') },
  {
    says: 'the order of wished resolutions does not matter',
    prefers: { resolutions: ['720p', '1080p'] },
    first: torrent('Paper Lantern 1080p'),
    then: torrent('Paper Lantern 720p'),
  },
  {
    says: 'resolution before seeders',
    first: torrent('Paper Lantern 1080p', { seeders: 1 }),
    then: torrent('Paper Lantern 720p', { seeders: 900 }),
  },
  // Torrents or Usenet.
  {
    says: 'torrents first',
    prefers: { kindFirst: 'torrents' },
    first: torrent('Paper Lantern 1080p', { seeders: null }),
    then: usenet('Paper Lantern 1080p BluRay'),
  },
  {
    says: 'a .torrent address is a torrent',
    prefers: { kindFirst: 'torrents' },
    first: torrent('Paper Lantern 1080p', {
      source: { kind: 'torrent-url', url: 'https://indexer.example/1.torrent', trackers: [], peers: [] },
    }),
    then: usenet('Paper Lantern 1080p'),
  },
  {
    says: 'Usenet first',
    prefers: { kindFirst: 'usenet' },
    first: usenet('Paper Lantern 1080p HDTV'),
    then: torrent('Paper Lantern 1080p BluRay', { seeders: 900 }),
  },
  {
    says: 'the wished kind only within a resolution',
    prefers: { kindFirst: 'usenet' },
    first: torrent('Paper Lantern 1080p'),
    then: usenet('Paper Lantern 720p'),
  },
  // Language.
  {
    says: 'the dearest language first',
    prefers: { languages: ['fr', 'de'] },
    first: torrent('Paper Lantern 1080p FRENCH'),
    then: torrent('Paper Lantern 1080p GERMAN BluRay'),
  },
  {
    says: 'the second language before another',
    prefers: { languages: ['fr', 'de'] },
    first: torrent('Paper Lantern 1080p GERMAN'),
    then: torrent('Paper Lantern 1080p SPANISH BluRay'),
  },
  {
    says: 'a named language before several unnamed ones',
    prefers: { languages: ['fr'] },
    first: torrent('Paper Lantern 1080p FRENCH'),
    then: torrent('Paper Lantern 1080p MULTi BluRay'),
  },
  {
    says: 'several languages before none named',
    prefers: { languages: ['fr'] },
    first: torrent('Paper Lantern 1080p MULTi'),
    then: torrent('Paper Lantern 1080p BluRay'),
  },
  {
    says: 'none named before others only',
    prefers: { languages: ['fr'] },
    first: torrent('Paper Lantern 1080p'),
    then: torrent('Paper Lantern 1080p GERMAN BluRay'),
  },
  {
    says: 'what names no language is English',
    prefers: { languages: ['en', 'fr'] },
    first: torrent('Paper Lantern 1080p'),
    then: torrent('Paper Lantern 1080p FRENCH BluRay'),
  },
  {
    says: 'subtitles in several languages are no language',
    prefers: { languages: ['en'] },
    first: torrent('Paper Lantern 1080p Multi-Subs BluRay'),
    then: torrent('Paper Lantern 1080p MULTi BluRay'),
  },
  {
    says: 'a region of a language is that language',
    prefers: { languages: ['es'] },
    first: torrent('Paper Lantern 1080p Latino'),
    then: torrent('Paper Lantern 1080p BluRay'),
  },
  // HDR.
  {
    says: 'HDR first',
    prefers: { hdr: 'first' },
    first: torrent('Paper Lantern 2160p HDR WEB'),
    then: torrent('Paper Lantern 2160p BluRay'),
  },
  {
    says: 'HDR last',
    prefers: { hdr: 'last' },
    first: torrent('Paper Lantern 2160p WEB'),
    then: torrent('Paper Lantern 2160p HDR10 BluRay'),
  },
  {
    says: 'Dolby Vision alone is HDR',
    prefers: { hdr: 'last' },
    first: torrent('Paper Lantern 2160p WEB'),
    then: torrent('Paper Lantern 2160p DV BluRay'),
  },
  {
    says: 'HDR does not matter where it is not asked for',
    first: torrent('Paper Lantern 2160p BluRay'),
    then: torrent('Paper Lantern 2160p HDR WEB'),
  },
  // Preferred words.
  {
    says: 'a preferred word first',
    prefers: { preferredWords: ['atmos'] },
    first: torrent('Paper Lantern 1080p WEB Atmos'),
    then: torrent('Paper Lantern 1080p BluRay'),
  },
  {
    says: 'two preferred words before one',
    prefers: { preferredWords: ['atmos', 'extended cut'] },
    first: torrent('Paper Lantern Extended.Cut 1080p WEB Atmos'),
    then: torrent('Paper Lantern 1080p BluRay Atmos'),
  },
  {
    says: 'a part of a word is no word',
    prefers: { preferredWords: ['lant'] },
    first: torrent('Paper Lantern 1080p BluRay'),
    then: torrent('Paper Lantern 1080p WEB'),
  },
  // Health.
  {
    says: 'complete before unknown',
    first: torrent('Paper Lantern 1080p WEB', { seeders: null, ...alive(100) }),
    then: torrent('Paper Lantern 1080p BluRay', { seeders: null }),
  },
  {
    says: 'unknown before incomplete',
    first: usenet('Paper Lantern 1080p WEB'),
    then: usenet('Paper Lantern 1080p BluRay', alive(80)),
  },
  {
    says: 'Usenet counts as complete until known otherwise',
    first: usenet('Paper Lantern 1080p WEB'),
    then: torrent('Paper Lantern 1080p BluRay', { seeders: null }),
  },
  {
    says: 'counted seeders are as good as complete',
    first: torrent('Paper Lantern 1080p BluRay', { seeders: 3 }),
    then: torrent('Paper Lantern 1080p WEB', { seeders: null, ...alive(100) }),
  },
  // How it was made.
  {
    says: 'remux before Blu-ray',
    first: torrent('Paper Lantern 1080p BluRay REMUX'),
    then: torrent('Paper Lantern 1080p BluRay'),
  },
  {
    says: 'Blu-ray before web',
    first: torrent('Paper Lantern 1080p BDRip'),
    then: torrent('Paper Lantern 1080p WEB-DL'),
  },
  {
    says: 'web before HDTV',
    first: torrent('Paper Lantern 1080p WEBRip'),
    then: torrent('Paper Lantern 1080p HDTV'),
  },
  {
    says: 'HDTV before DVD',
    first: torrent('Paper Lantern 480p HDTV'),
    then: torrent('Paper Lantern 480p DVDRip'),
  },
  {
    says: 'DVD before unknown',
    first: torrent('Paper Lantern 480p DVDRip'),
    then: torrent('Paper Lantern 480p'),
  },
  {
    says: 'unknown before a screener',
    first: torrent('Paper Lantern 480p'),
    then: torrent('Paper Lantern 480p DVDSCR'),
  },
  {
    says: 'a screener before what was filmed in a cinema',
    prefers: { excludedQualities: [] },
    first: torrent('Paper Lantern 480p DVDSCR'),
    then: torrent('Paper Lantern 480p HDCAM'),
  },
  // Seeders, roughly.
  {
    says: '100 seeders before 99, though smaller',
    first: torrent('Paper Lantern 1080p a', size(1, { seeders: 100 })),
    then: torrent('Paper Lantern 1080p b', size(2, { seeders: 99 })),
  },
  {
    says: '20 seeders before 19',
    first: torrent('Paper Lantern 1080p a', size(1, { seeders: 20 })),
    then: torrent('Paper Lantern 1080p b', size(2, { seeders: 19 })),
  },
  {
    says: '5 seeders before 4',
    first: torrent('Paper Lantern 1080p a', size(1, { seeders: 5 })),
    then: torrent('Paper Lantern 1080p b', size(2, { seeders: 4 })),
  },
  {
    says: 'the larger file, though 60 seeders are fewer than 90',
    first: torrent('Paper Lantern 1080p a', size(2, { seeders: 60 })),
    then: torrent('Paper Lantern 1080p b', size(1, { seeders: 90 })),
  },
  {
    says: 'quality before seeders',
    first: torrent('Paper Lantern 1080p BluRay', { seeders: 5 }),
    then: torrent('Paper Lantern 1080p WEB', { seeders: 500 }),
  },
  {
    says: 'Usenet is attended as well as can be',
    first: usenet('Paper Lantern 1080p', size(1)),
    then: torrent('Paper Lantern 1080p', size(2, { seeders: 30 })),
  },
  // Size, then name.
  {
    says: 'the larger one',
    first: torrent('Paper Lantern 1080p b', size(2)),
    then: torrent('Paper Lantern 1080p a', size(1)),
  },
  {
    says: 'the size of the file, not of its release',
    first: torrent('Paper Lantern 1080p b', size(3, { file: makeFile('film.mkv', 2 * GB) })),
    then: torrent('Paper Lantern 1080p a', size(9, { file: makeFile('film.mkv', GB) })),
  },
  {
    says: 'an unknown size after any',
    first: torrent('Paper Lantern 1080p b', size(1)),
    then: torrent('Paper Lantern 1080p a'),
  },
  {
    says: 'by name where nothing else differs',
    first: torrent('Paper Lantern 1080p a'),
    then: torrent('Paper Lantern 1080p b'),
  },
];

describe('order of candidates', () => {
  it.each(CASES)('order - $says', ({ first, then, prefers = {}, ready = [] }) => {
    const readyOnes = ready.map((which) => (which === 'first' ? first : then));
    const options = {
      preferences: { ...DEFAULT_PREFERENCES, ...prefers },
      title: null,
      isReady: (candidate: Candidate) => readyOnes.includes(candidate),
    };
    for (const input of [
      [first, then],
      [then, first],
    ]) {
      const { candidates } = runAtOnce(rankCandidates(input, options));
      expect(candidates.map(({ releaseName }) => releaseName)).toEqual([first.releaseName, then.releaseName]);
      expect(candidates[0]).toBe(first);
    }
  });
});
