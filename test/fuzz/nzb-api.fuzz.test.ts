// Whatever a client sends as fields and paths: an answer or an InputError, and nothing that leaves its folder.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitVirtualPath, virtualPathOf } from '../../backend/api/nzb-paths.js';
import { readNzbRequest } from '../../backend/api/nzb-request.js';
import { InputError } from '../../backend/content/index.js';

const names = [
  'nzb_url',
  'category',
  'timeout',
  'season',
  'episode',
  'id',
  'stremio_id',
  'force',
  '__proto__',
  'other',
];
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.webUrl({ withQueryParameters: true }),
  fc.nat().map(String),
  fc.tuple(fc.nat(), fc.nat(), fc.nat()).map(([title, season, episode]) => `tt${title}:${season}:${episode}`),
);

describe('nzb requests from anywhere', () => {
  it('fields - make a request that fits a path and waits at most 90 s, or an InputError', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 12 }), (fields) => {
        try {
          const { category, waitMs, nzb } = readNzbRequest({ fields: new Map(fields), file: null });
          expect(category).not.toMatch(/[/\p{Cc}]|^\.{0,2}$/u);
          expect(waitMs).toBeLessThanOrEqual(90_000);
          expect(nzb.kind === 'url' && /^https?:/.test(nzb.url)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });

  it('paths - lead to what wrote them, or nowhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (path) => {
        const place = splitVirtualPath(path);
        if (place !== null) expect(virtualPathOf(place, place.filePath)).toBe(path);
        const own = splitVirtualPath(`/complete/${path}`);
        if (own !== null) expect(virtualPathOf(own, own.filePath)).toBe(`/complete/${path}`);
      }),
    );
  });
});
