import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  articleKey,
  BLOCK_BYTES,
  formatPackName,
  formatRecordTail,
  MAX_RECORDS,
  parsePackName,
  parseTrailer,
  roomOf,
  TRAILER_BYTES,
} from '../../../../../backend/engines/usenet/store/article-record.js';

const count = fc.option(fc.nat(Number.MAX_SAFE_INTEGER), { nil: null });
const record = fc.record({ key: fc.string().map(articleKey), sizeBytes: fc.nat(8 * 1024 * 1024) });
const trailer = fc.record({
  crc32: fc.nat(0xffffffff),
  records: fc.array(record, { minLength: 1, maxLength: MAX_RECORDS }),
  part: fc.record({
    encoding: fc.constantFrom('yenc' as const, 'uu' as const),
    begin: count,
    fileName: fc.option(fc.string({ maxLength: 100, unit: 'grapheme' }), { nil: null }),
    fileSizeBytes: count,
    partNumber: count,
    partCount: count,
  }),
});
const trailerIn = (tail: Uint8Array): Uint8Array => tail.subarray(tail.length - TRAILER_BYTES);

describe('article record', () => {
  it('article record - gives back what was put into its trailer, and ends with its last block', () => {
    fc.assert(
      fc.property(trailer, (facts) => {
        const tail = formatRecordTail(facts);
        fc.pre(tail !== null);
        expect((facts.records.at(-1)!.sizeBytes + tail.length) % BLOCK_BYTES).toBe(0);
        expect(parseTrailer(trailerIn(tail))).toEqual(facts);
      }),
    );
  });

  it('article record - takes noise for a trailer never, or for one whose facts are within bounds', () => {
    const noise = fc.uint8Array({ maxLength: 1200 }).map((bytes) => Uint8Array.from(bytes));
    const nearly = fc.tuple(trailer, fc.nat(TRAILER_BYTES - 1), fc.nat(255)).map(([facts, at, value]) => {
      const written = Uint8Array.from(trailerIn(formatRecordTail(facts) ?? new Uint8Array(0)));
      written[at] = value;
      return written;
    });
    fc.assert(
      fc.property(fc.oneof(noise, nearly), (bytes) => {
        const records = parseTrailer(bytes)?.records ?? [];
        expect(records.length).toBeLessThanOrEqual(MAX_RECORDS);
        for (const { sizeBytes } of records) expect(sizeBytes).toBeLessThanOrEqual(16 * 1024 * 1024);
      }),
    );
  });

  it('article record - a trailer of which one bit changed is none', () => {
    fc.assert(
      fc.property(trailer, fc.nat(TRAILER_BYTES - 1), fc.nat(7), (facts, at, bit) => {
        const written = Uint8Array.from(trailerIn(formatRecordTail(facts)!));
        written[at]! ^= 1 << bit;
        expect(parseTrailer(written)).toBeNull();
      }),
    );
  });

  it('article record - a pack reads its own names only', () => {
    expect(parsePackName(formatPackName(12))).toBe(12);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d+\.pack$/)), (text) => {
        const parsed = parsePackName(text);
        expect(parsed === null || formatPackName(parsed) === text).toBe(true);
      }),
    );
  });

  it('article record - a name beyond reason, or too many bytes or records, has no form on disk', () => {
    const part = { encoding: 'yenc', begin: 0, fileName: 'x', fileSizeBytes: 1, partNumber: 1, partCount: 1 } as const;
    const small = { key: articleKey('a'), sizeBytes: 1 };
    const facts = { crc32: 0, part, records: [small] };
    expect(formatRecordTail(facts)).not.toBeNull();
    expect(formatRecordTail({ ...facts, part: { ...part, fileName: 'x'.repeat(657) } })).toBeNull();
    expect(formatRecordTail({ ...facts, records: [{ ...small, sizeBytes: 2 ** 25 }] })).toBeNull();
    expect(formatRecordTail({ ...facts, records: Array.from({ length: 17 }, () => small) })).toBeNull();
  });

  it('article record - takes whole blocks on disk', () => {
    expect([0, 3072, 3073].map(roomOf)).toEqual([4096, 4096, 8192]);
  });
});
