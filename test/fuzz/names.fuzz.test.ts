// Names and ids from outside: whatever they hold, an answer, soon, and nothing made up.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseFile, fitRelease, isPlayable, parseReleaseName, type TitleFacts } from '../../backend/naming/index.js';
import { formatContentId, parseStremioId } from '../../manifest/index.js';
import { startProcessorTime } from '../support/processor-time.js';

/** Generous: it catches loops and explosions, not slow machines. */
const BOUND_MS = 2_000;

const word = fc.constantFrom(
  'Show',
  'S01',
  'E02',
  's01e02',
  '1x02',
  '2160p',
  'x265',
  '10bit',
  '-',
  '.',
  ' ',
  '[',
  '(',
  ']',
  '720',
  '..',
  '/',
  '\\',
  '\0',
  '第',
  '.mkv',
);
const words = fc.array(word, { maxLength: 60 }).map((parts) => parts.join(''));
const name = fc.oneof(
  words,
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.string({ unit: 'grapheme', maxLength: 100 }),
);

const NOTHING_MORE = { year: null, lastYear: null, runtimeMinutes: null, isAnime: false, ids: {} } as const;
const ONE = { fits: true, isPack: false };

function seriesOf(title: string, episode: TitleFacts['episode']): TitleFacts {
  return { ...NOTHING_MORE, kind: 'series', titles: [title], episode };
}

const two = (number: number): string => String(number).padStart(2, '0');
const dotted = (title: string): string => title.replaceAll(' ', '.');
/** The ways an episode is written that leave nothing open. */
const style = fc.constantFrom<(title: string, season: number, episode: number) => string>(
  (title, s, e) => `${dotted(title)}.S${two(s)}E${two(e)}.1080p.WEB.h264-GRP`,
  (title, s, e) => `${title} - S${two(s)}E${two(e)} - Name (720p HDTV)`,
  (title, s, e) => `${title} ${s}x${two(e)} HDTV XviD`,
  (title, s, e) => `[Group] ${title} S${s} - ${two(e)} [1080p].mkv`,
  (title, s, e) => `[Group] ${title} Season ${s} - ${two(e)} [1080p].mkv`,
  (title, s, e) => `${title} Season ${s} Episode ${e}`,
  (title, s, e) => `${title}/Season ${s}/Episode ${e}.mkv`,
  (title, s, e) => `www.site.com - ${dotted(title)}.s${two(s)}e${two(e)}.german.dl.720p`,
  (title, s, e) => `Otro titulo / ${title} / Staffel ${s} Folge ${e}`,
);
const titleWord = fc.constantFrom(
  ...'Paper Lantern Harbour Kites Mars Hoshi Umi Étoile Grüne 104 7 Фонарь Keepers'.split(' '),
);
const latinWord = titleWord.filter((text) => text !== 'Фонарь');
const seriesTitle = fc.array(titleWord, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));

function isSoon(act: () => void): void {
  const workMs = startProcessorTime();
  act();
  expect(workMs()).toBeLessThan(BOUND_MS);
}

describe('fuzz - names and ids', () => {
  it('release name - any text is read, and what is read has its types', () => {
    fc.assert(
      fc.property(name, (text) => {
        isSoon(() => {
          const release = parseReleaseName(text);
          expect([...release.seasons, ...release.episodes].every((number) => Number.isInteger(number))).toBe(true);
          expect(
            [...release.hdr, ...release.audio, ...release.languages].every((entry) => typeof entry === 'string'),
          ).toBe(true);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('release name - very long and repetitive ones are no slower', () => {
    for (const part of ['a', '(', '1x', 'S01E', '[]', ' - ', '2160p.', '.'.repeat(7)]) {
      isSoon(() => parseReleaseName(part.repeat(20_000)));
    }
  });

  it('choice of a file - is one of those offered and playable, or none', () => {
    const file = fc.record({ path: name, sizeBytes: fc.nat(), isPadding: fc.boolean() });
    const number = fc.nat({ max: 40 });
    const episode = fc.record(
      { season: number, episode: fc.nat({ max: 400 }), absolute: number, releaseSeason: number },
      { requiredKeys: ['season', 'episode'] },
    );
    fc.assert(
      fc.property(fc.array(file, { maxLength: 12 }), fc.option(episode, { nil: undefined }), (entries, wish) => {
        const files = entries.map((entry, index) => ({ ...entry, index, name: entry.path.split('/').at(-1) ?? '' }));
        const chosen = chooseFile(files, wish === undefined ? {} : { episode: wish });
        if (chosen === null) return;
        expect(files).toContain(chosen);
        expect(isPlayable(chosen.name)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('fit of a release - any name against any title is judged, soon', () => {
    const titles = fc.tuple(name, name).filter(([first]) => first !== '');
    const wish = fc.record({ season: fc.nat({ max: 40 }), episode: fc.nat({ max: 400 }), absolute: fc.nat() });
    fc.assert(
      fc.property(name, titles, fc.option(wish), fc.boolean(), (text, [first, other], episode, isAnime) => {
        const facts = { ...NOTHING_MORE, titles: [first, other] as const, isAnime, episode };
        isSoon(() => {
          const fit = fitRelease(`${first}${text}`, { ...facts, kind: episode === null ? 'film' : 'series' });
          expect(typeof fit.fits).toBe('boolean');
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('fit of a release - very long and repetitive names are no slower', () => {
    const facts = seriesOf('Show', { season: 2, episode: 3 });
    const parts = [
      'a',
      '(',
      '1x',
      'S01E',
      '[]',
      ' - ',
      '2160p.',
      's01-',
      'e1',
      '1-',
      'season 1 ',
      'aka ',
      '/',
      '海',
      'Show ',
    ];
    for (const part of parts) isSoon(() => fitRelease(`Show ${part.repeat(20_000)}`, facts));
    for (const part of parts) isSoon(() => fitRelease('Show S02E03', seriesOf(part.repeat(20_000), null)));
  });

  it('fit of a release - the wished episode fits in every style, another season or episode in none', () => {
    const number = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(seriesTitle, number, number, number, number, style, (title, season, episode, more, other, format) => {
        const text = format(title, season, episode);
        expect([text, fitRelease(text, seriesOf(title, { season, episode }))]).toEqual([text, ONE]);
        const wrong = [
          { season, episode: episode + more },
          { season: season + more, episode },
          { season: season + more, episode: episode + other },
        ];
        for (const wish of wrong)
          expect([text, wish, fitRelease(text, seriesOf(title, wish)).fits]).toEqual([text, wish, false]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('fit of a release - a title with a word more or less is another title', () => {
    fc.assert(
      fc.property(seriesTitle, latinWord, style, (title, more, format) => {
        fc.pre(/\p{Script=Latin}/u.test(title)); // words of another script beside a title are its name elsewhere
        const wish = { season: 1, episode: 2 };
        const longer = `${title} ${more}`;
        expect(fitRelease(format(longer, 1, 2), seriesOf(title, wish)).fits).toBe(false);
        expect(fitRelease(format(title, 1, 2), seriesOf(longer, wish)).fits).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('fit of a release - a season fits each of its episodes as a pack, and no other season', () => {
    const season = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(seriesTitle, season, season, (title, first, more) => {
        const texts = [`${title} S${two(first)} 1080p WEB`, `${title} Season ${first} Complete`];
        for (const text of texts) {
          expect(fitRelease(text, seriesOf(title, { season: first, episode: more }))).toEqual({
            fits: true,
            isPack: true,
          });
          expect(fitRelease(text, seriesOf(title, { season: first + more, episode: 1 })).fits).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('stremio id - any text is an id or null, and a content id survives being written and read', () => {
    const token = fc.constantFrom(
      'tt',
      '0903747',
      ':',
      'kitsu',
      'tmdb',
      'headstart',
      '%3A',
      '%',
      '1',
      'a'.repeat(40),
      'é',
      '\0',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(token, { maxLength: 9 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (candidate) => {
        const id = parseStremioId(candidate);
        if (id?.kind !== 'content') return;
        expect(id.contentId).toMatch(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
        expect(parseStremioId(formatContentId(id.contentId, id.fileIndex ?? undefined))).toEqual(id);
      }),
      { numRuns: 2_000 },
    );
  });
});
