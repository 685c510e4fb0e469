// What metadata addons answer, however wrong: facts within their bounds, no such title, or an error with a code.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UpstreamError } from '../../backend/content/index.js';
import { factsOfTitle } from '../../backend/discovery/metadata/facts-of-title.js';
import { parseMetadataAnswer } from '../../backend/discovery/metadata/metadata-answer.js';
import { parseAirDate, parseRuntime, parseYears } from '../../backend/discovery/metadata/told-values.js';
import { harbourLights } from '../support/fake-metadata.js';

/** Generous: it catches loops and explosions, not slow machines. */
const BOUND_MS = 2_000;

const field = fc.constantFrom(
  ...Object.keys(harbourLights),
  ...Object.keys(harbourLights.videos[0] ?? {}),
  'aliases',
  'originalName',
  'kitsu_id',
  'imdbSeason',
  'imdbEpisode',
  '__proto__',
);
const odd = fc.oneof(
  fc.constantFrom<unknown>(harbourLights.videos, 'Japan', '2008–2013', '1h 52min', 'tt9', -1, 1e21, 0.5),
  fc.jsonValue({ maxDepth: 3 }),
);
const fields = fc.dictionary(field, odd);
const meta = fc
  .tuple(fields, fc.array(fields, { maxLength: 20 }))
  .map(([own, videos]) => ({ ...harbourLights, videos, ...own }));
const body = fc.oneof(
  meta.map((one) => new TextEncoder().encode(JSON.stringify({ meta: one }))),
  fc.jsonValue().map((one) => new TextEncoder().encode(JSON.stringify({ meta: one }))),
  fc.uint8Array({ maxLength: 200 }),
);
const timeText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 1000 }),
  fc.stringMatching(/^[0-9 hmin.–-]{0,200}$/),
  fc.date().map((date) => (Number.isNaN(date.getTime()) ? 'never' : date.toISOString())),
);
const wish = fc.record({
  titleId: fc.constantFrom('tt9000002', 'kitsu:42', 'tmdb:7'),
  type: fc.constantFrom('movie' as const, 'series' as const),
  episode: fc.record({ season: fc.nat(), episode: fc.nat() }),
});

describe('fuzz - metadata', () => {
  it('answer - whatever it is, facts that keep their bounds, null, or METADATA_INVALID', () => {
    fc.assert(
      fc.property(body, wish, (bytes, wished) => {
        const startedAt = performance.now();
        try {
          const told = parseMetadataAnswer(bytes);
          const facts = told === null ? null : factsOfTitle(told, wished);
          if (facts !== null) {
            expect(facts.titles.length).toBeLessThanOrEqual(12);
            expect(facts.titles.every((title) => title.length >= 1 && title.length <= 200)).toBe(true);
            expect(facts.year === null || Number.isInteger(facts.year)).toBe(true);
            expect(facts.episode?.airDate ?? '2008-01-01').toMatch(/^\d{4}-\d\d-\d\d$/);
            expect(Number.isInteger(facts.episode?.absolute ?? 1)).toBe(true);
          }
        } catch (error) {
          if (!(error instanceof UpstreamError)) throw error;
          expect(error.code).toBe('METADATA_INVALID');
        }
        expect(performance.now() - startedAt).toBeLessThan(BOUND_MS);
      }),
      { numRuns: 300 },
    );
  });

  it('times - any text is read, soon, to a value within bounds or null', () => {
    fc.assert(
      fc.property(timeText, fc.boolean(), (text, isAmerican) => {
        const startedAt = performance.now();
        const minutes = parseRuntime(text);
        expect(minutes === null || (minutes >= 1 && minutes <= 1440)).toBe(true);
        expect(parseYears(text)?.first ?? 2000).toBeGreaterThanOrEqual(1870);
        expect(parseAirDate(text, isAmerican) ?? '2008-01-01').toMatch(/^\d{4}-\d\d-\d\d$/);
        expect(performance.now() - startedAt).toBeLessThan(BOUND_MS);
      }),
      { numRuns: 1_000 },
    );
  });
});
