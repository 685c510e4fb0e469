// Lists made of whatever strangers publish: the same list in whatever order it came in, and nothing lost unexplained.
// And preferences from whatever a client sends.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatSourceIdentity, rankCandidates, type Candidate, type Ranking } from '../../backend/discovery/index.js';
import { mergeDuplicates } from '../../backend/discovery/ranking/merge-duplicates.js';
import { runAtOnce } from '../../backend/platform/index.js';
import { DEFAULT_PREFERENCES, preferencesForm, type Preferences } from '../../manifest/index.js';
import { infoHashOf, makeCandidate, makeFile, torrentOf } from '../support/candidates.js';

const merge = (candidates: readonly Candidate[]): Candidate[] => runAtOnce(mergeDuplicates(candidates));
const rank = (...given: Parameters<typeof rankCandidates>): Ranking => runAtOnce(rankCandidates(...given));

const digit = fc.constantFrom('a', 'b', 'c', 'd');
const address = fc.constantFrom('https://one.example/1', 'https://two.example/2', 'https://one.example/3');
const host = fc.constantFrom('udp://one.example', 'udp://two.example', 'udp://three.example');
const hosts = fc.uniqueArray(host);
const known = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { nil: null });

const magnet = fc.tuple(digit, hosts, fc.boolean()).map(([digits, trackers, isKnown]): Partial<Candidate> => ({
  source: torrentOf(digits, { trackers }),
  contentId: isKnown ? infoHashOf(digits) : null,
}));
const torrentUrl = fc
  .tuple(address, hosts, known(digit), known(digit))
  .map(([url, trackers, digits, told]): Partial<Candidate> => ({
    source: { kind: 'torrent-url', url, trackers, peers: [] },
    contentId: digits === null ? null : infoHashOf(digits),
    ...(told === null ? {} : { toldInfoHash: infoHashOf(told) }),
  }));
const nzb = address.map((url): Partial<Candidate> => ({ source: { kind: 'nzb-url', url } }));
const direct = address.map((url): Partial<Candidate> => ({ source: { kind: 'http', url } }));

const tail = fc.constantFrom('', '720p', '1080p', '2160p DV', '1080p x265 FRENCH', 'S01E01-E04', 'HDCAM', 'BluRay');
const name = fc.oneof(
  { weight: 4, arbitrary: tail.map((text) => `Paper.Lantern ${text}`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
);
const count = known(fc.constantFrom(0, 3, 7, 50, 400));
const health = fc.constantFrom<Candidate['health']>(
  { state: 'unknown' },
  { state: 'alive', percent: 60 },
  { state: 'alive', percent: 100 },
  { state: 'dead', reason: 'nobody has it' },
  { state: 'dead', reason: 'it has a password' },
);
const facts = fc.record({
  seeders: count,
  leechers: count,
  sizeBytes: known(fc.oneof(fc.integer({ min: 9_900, max: 10_300 }), fc.nat())),
  publishedAt: known(fc.constantFrom(1, 2, 3)),
  foundIn: fc.uniqueArray(fc.constantFrom('Library', 'Harbour Index', 'Quay Index'), { minLength: 1 }),
  isPack: fc.boolean(),
  health,
});
const file = known(fc.constantFrom(makeFile('a.mkv', 10_000), makeFile('b.mkv', 5_000, 1)));
const candidate = fc
  .tuple(name, fc.oneof(magnet, torrentUrl, nzb, direct), facts, file)
  .map(([text, source, more, one]) =>
    makeCandidate(text, { ...source, ...more, file: one, files: one === null ? [] : [one] }),
  );
const list = fc.array(candidate, { maxLength: 14 });
/** A list, and the same in another order. */
const shuffled = list.chain((given) =>
  fc
    .shuffledSubarray(given, { minLength: given.length, maxLength: given.length })
    .map((other): readonly [Candidate[], Candidate[]] => [given, other]),
);

const word = fc.constantFrom('paper', 'BluRay', 'x265', 'no such word');
const preferences: fc.Arbitrary<Preferences> = fc
  .record(
    {
      resolutions: fc.uniqueArray(fc.constantFrom('2160p' as const, '1080p' as const, 'other' as const)),
      maxFilmBytes: known(fc.constantFrom(5_000, 10_100)),
      maxEpisodeBytes: known(fc.constantFrom(2_000, 10_100)),
      maxBitrate: known(fc.constantFrom(10, 14)),
      excludedQualities: fc.uniqueArray(fc.constantFrom('cam' as const, 'bluray' as const)),
      excludedCodecs: fc.uniqueArray(fc.constantFrom('hevc' as const, 'other' as const)),
      hdr: fc.constantFrom('any' as const, 'first' as const, 'last' as const, 'only' as const, 'never' as const),
      dolbyVision: fc.constantFrom('any' as const, 'withFallback' as const),
      languages: fc.uniqueArray(fc.constantFrom('fr', 'en')),
      onlyLanguages: fc.boolean(),
      excludedWords: fc.array(word, { maxLength: 1 }),
      preferredWords: fc.array(word, { maxLength: 2 }),
      readyFirst: fc.boolean(),
      kindFirst: fc.constantFrom('none' as const, 'torrents' as const, 'usenet' as const),
      dead: fc.constantFrom('last' as const, 'hidden' as const),
      maxStreams: fc.integer({ min: 1, max: 20 }),
      maxPerResolution: fc.nat({ max: 3 }),
    },
    { requiredKeys: [] },
  )
  .map((chosen) => ({ ...DEFAULT_PREFERENCES, ...chosen }));
const title = known(fc.record({ kind: fc.constantFrom('film' as const, 'series' as const), runtimeMinutes: count }));

const isReady = ({ contentId, file: one }: Candidate): boolean => contentId === infoHashOf('a') && one !== null;

describe('fuzz - duplicates', () => {
  it('merging - gives the same in whatever order, and nothing more when done again', () => {
    fc.assert(
      fc.property(shuffled, ([given, other]) => {
        const merged = merge(given);
        expect(merge(other)).toEqual(merged);
        expect(merge(merged)).toEqual(merged);
      }),
      { numRuns: 200 },
    );
  });

  it('merging - keeps every place, the most seeders, and only sources that were there, each once', () => {
    fc.assert(
      fc.property(list, (given) => {
        const merged = merge(given);
        const placesOf = (some: readonly Candidate[]): Set<string> => new Set(some.flatMap(({ foundIn }) => foundIn));
        const mostOf = (some: readonly Candidate[]): number =>
          Math.max(-1, ...some.map(({ seeders }) => seeders ?? -1));
        const identitiesOf = (some: readonly Candidate[]): string[] =>
          some.map(({ source }) => formatSourceIdentity(source));
        expect(placesOf(merged)).toEqual(placesOf(given));
        expect(mostOf(merged)).toBe(mostOf(given));
        const identities = identitiesOf(merged);
        expect(new Set(identities).size).toBe(identities.length);
        expect(identitiesOf(given)).toEqual(expect.arrayContaining(identities));
      }),
      { numRuns: 150 },
    );
  });
});

describe('fuzz - the list', () => {
  it('ranking - is the same in whatever order, and every missing one has a reason', () => {
    fc.assert(
      fc.property(shuffled, preferences, title, ([given, other], chosen, about) => {
        const options = { preferences: chosen, title: about, isReady };
        const ranking = rank(given, options);
        expect(rank(other, options)).toEqual(ranking);
        const missing = [...ranking.leftOut.values()].reduce((sum, some) => sum + some, 0);
        expect(ranking.candidates.length + missing).toBe(given.length);
        expect(ranking.candidates.every((one) => given.includes(one))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('ranking - a ranked list ranks to itself, with nothing more left out', () => {
    fc.assert(
      fc.property(list, preferences, title, (given, chosen, about) => {
        const options = { preferences: chosen, title: about, isReady };
        const { candidates } = rank(given, options);
        expect(rank(candidates, options)).toEqual({ candidates, leftOut: new Map() });
      }),
      { numRuns: 150 },
    );
  });
});

describe('fuzz - preferences', () => {
  it('whatever is sent - is refused, or is whole and reads the same again', () => {
    const keys = fc.constantFrom(...Object.keys(DEFAULT_PREFERENCES), '__proto__', 'other');
    const values = fc.oneof(
      fc.anything(),
      fc.constantFrom('any', 'only', ['1080p'], ['fr'], ['word'], 7, true, null, 'last'),
    );
    const sent = fc.oneof(fc.anything(), fc.dictionary(keys, values, { maxKeys: 6 }));
    fc.assert(
      fc.property(sent, (input) => {
        const read = preferencesForm.safeParse(input);
        if (!read.success) return;
        expect(Object.keys(read.data).sort()).toEqual(Object.keys(DEFAULT_PREFERENCES).sort());
        expect(preferencesForm.parse(read.data)).toEqual(read.data);
        const { candidates } = rank([makeCandidate('Paper Lantern')], {
          preferences: read.data,
          title: null,
          isReady,
        });
        expect(candidates.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});
