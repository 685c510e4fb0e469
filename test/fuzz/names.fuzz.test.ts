// Names and ids from outside: whatever they hold, an answer, soon, and nothing made up.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseFile, isPlayable, parseReleaseName } from '../../backend/naming/index.js';
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
    const episode = fc.record({ season: fc.nat({ max: 40 }), episode: fc.nat({ max: 400 }) });
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
