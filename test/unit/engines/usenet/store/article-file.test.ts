import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  articleKey,
  formatArticleFileName,
  formatArticleHeader,
  HEADER_BYTES,
  parseArticleFileName,
  parseArticleHeader,
  roomOf,
} from '../../../../../backend/engines/usenet/store/article-file.js';

const count = fc.option(fc.nat(Number.MAX_SAFE_INTEGER), { nil: null });
const header = fc.record({
  sizeBytes: fc.nat(8 * 1024 * 1024),
  crc32: fc.nat(0xffffffff),
  part: fc.record({
    encoding: fc.constantFrom('yenc' as const, 'uu' as const),
    begin: count,
    fileName: fc.option(fc.string({ maxLength: 100, unit: 'grapheme' }), { nil: null }),
    fileSizeBytes: count,
    partNumber: count,
    partCount: count,
  }),
});

describe('article file', () => {
  it('article file - gives back what was put into its header', () => {
    fc.assert(
      fc.property(header, (facts) => {
        const written = formatArticleHeader(facts);
        fc.pre(written !== null);
        expect(written).toHaveLength(HEADER_BYTES);
        expect(parseArticleHeader(written)).toEqual(facts);
      }),
    );
  });

  it('article file - takes noise for a header never, or for one whose facts are within bounds', () => {
    const noise = fc.uint8Array({ maxLength: 600 }).map((bytes) => Uint8Array.from(bytes));
    const nearly = fc.tuple(header, fc.nat(HEADER_BYTES - 1), fc.nat(255)).map(([facts, at, value]) => {
      const written = formatArticleHeader(facts) ?? new Uint8Array(0);
      written[at] = value;
      return written;
    });
    fc.assert(
      fc.property(fc.oneof(noise, nearly), (bytes) => {
        const parsed = parseArticleHeader(bytes);
        expect(parsed === null || parsed.sizeBytes <= 16 * 1024 * 1024).toBe(true);
      }),
    );
  });

  it('article file - reads its own names only', () => {
    const name = { key: articleKey('a@b'), sizeBytes: 12 };
    expect(parseArticleFileName(formatArticleFileName(name))).toEqual(name);
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseArticleFileName(text);
        expect(parsed === null || formatArticleFileName(parsed) === text).toBe(true);
      }),
    );
  });

  it('article file - a name beyond reason, or too many bytes, has no form on disk', () => {
    const part = { encoding: 'yenc', begin: 0, fileSizeBytes: 1, partNumber: 1, partCount: 1 } as const;
    expect(formatArticleHeader({ sizeBytes: 1, crc32: 0, part: { ...part, fileName: 'x'.repeat(467) } })).toBeNull();
    expect(formatArticleHeader({ sizeBytes: 2 ** 25, crc32: 0, part: { ...part, fileName: 'x' } })).toBeNull();
  });

  it('article file - takes whole blocks on disk', () => {
    expect([0, 3584, 3585].map(roomOf)).toEqual([4096, 4096, 8192]);
  });
});
