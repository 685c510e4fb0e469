import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { MAX_RANGE_PARTS, formatContentRange, formatUnsatisfied, parseRange } from '../../../backend/delivery/range.js';

const WHOLE = { kind: 'whole' };
const UNSATISFIABLE = { kind: 'unsatisfiable' };
const partial = (...pairs: [number, number][]): object => ({
  kind: 'partial',
  ranges: pairs.map(([start, end]) => ({ start, end })),
});
const list = (count: number): string =>
  `bytes=${Array.from({ length: count }, (_, i) => `${i * 10}-${i * 10 + 1}`).join(',')}`;

describe('range header', () => {
  // RFC 9110 §14.1.2 gives the 10,000-byte examples.
  it.each<[string, string | undefined, number, object]>([
    ['no header', undefined, 1000, WHOLE],
    ['the first 500 bytes', 'bytes=0-499', 10_000, partial([0, 500])],
    ['the second 500 bytes', 'bytes=500-999', 10_000, partial([500, 1000])],
    ['the last 500 bytes', 'bytes=-500', 10_000, partial([9500, 10_000])],
    ['the last 500 bytes, counted from the front', 'bytes=9500-', 10_000, partial([9500, 10_000])],
    ['first and last byte', 'bytes=0-0,-1', 10_000, partial([0, 1], [9999, 10_000])],
    [
      'first, middle and last 1000',
      'bytes= 0-999, 4500-5499, -1000',
      10_000,
      partial([0, 1000], [4500, 5500], [9000, 10_000]),
    ],
    ['overlapping ranges become one', 'bytes=500-700,601-999', 10_000, partial([500, 1000])],
    ['neighbours stay two', 'bytes=500-600,601-999', 10_000, partial([500, 601], [601, 1000])],
    ['the order of the request', 'bytes=900-999,0-9', 10_000, partial([900, 1000], [0, 10])],
    ['a merged range stands where its first part stood', 'bytes=900-999,0-9,950-', 2000, partial([900, 2000], [0, 10])],
    ['one byte', 'bytes=0-0', 10, partial([0, 1])],
    ['the whole file as a range', 'bytes=0-', 10, partial([0, 10])],
    ['end past the end is clamped', 'bytes=5-99', 10, partial([5, 10])],
    ['end past every number is clamped', `bytes=5-${'9'.repeat(400)}`, 10, partial([5, 10])],
    ['suffix longer than the file', 'bytes=-99', 10, partial([0, 10])],
    ['suffix past every number', `bytes=-${'9'.repeat(400)}`, 10, partial([0, 10])],
    ['unit in capitals', 'Bytes=0-1', 10, partial([0, 2])],
    ['empty elements are skipped', 'bytes=,0-1,, ,', 10, partial([0, 2])],
    ['what lies outside is dropped', 'bytes=50-60,0-1', 10, partial([0, 2])],
    ['leading zeros', 'bytes=000-001', 10, partial([0, 2])],
    ['start at the end', 'bytes=10-', 10, UNSATISFIABLE],
    ['start past the end', 'bytes=11-20', 10, UNSATISFIABLE],
    ['start past every number', `bytes=${'9'.repeat(400)}-`, 10, UNSATISFIABLE],
    ['last zero bytes', 'bytes=-0', 10, UNSATISFIABLE],
    ['all outside', 'bytes=10-,-0,20-30', 10, UNSATISFIABLE],
    ['any range of nothing', 'bytes=0-', 0, UNSATISFIABLE],
    ['a suffix of nothing', 'bytes=-5', 0, UNSATISFIABLE],
    ['nothing asked of nothing', undefined, 0, WHOLE],
    ['start after end', 'bytes=5-4', 10, WHOLE],
    ['start after end beside a good one', 'bytes=0-1,5-4', 10, WHOLE],
    ['another unit', 'items=0-1', 10, WHOLE],
    ['no unit', '0-1', 10, WHOLE],
    ['no equals sign', 'bytes 0-1', 10, WHOLE],
    ['blank before the equals sign', 'bytes =0-1', 10, WHOLE],
    ['nothing after it', 'bytes=', 10, WHOLE],
    ['commas only', 'bytes=,,', 10, WHOLE],
    ['a dash alone', 'bytes=-', 10, WHOLE],
    ['letters', 'bytes=a-b', 10, WHOLE],
    ['a sign', 'bytes=+1-2', 10, WHOLE],
    ['two dashes', 'bytes=--5', 10, WHOLE],
    ['blanks inside', 'bytes=0 - 1', 10, WHOLE],
    ['hexadecimal', 'bytes=0x1-0x2', 10, WHOLE],
    ['a fraction', 'bytes=0.5-1', 10, WHOLE],
    ['two headers joined', 'bytes=0-1, bytes=2-3', 10, WHOLE],
    ['foreign digits', 'bytes=٠-١', 10, WHOLE],
    ['a line break', 'bytes=0-1\n', 10, WHOLE],
    ['as many parts as are answered', list(MAX_RANGE_PARTS), 10_000, expect.objectContaining({ kind: 'partial' })],
    ['one part too many', list(MAX_RANGE_PARTS + 1), 10_000, WHOLE],
    ['many that overlap are few', `bytes=${'0-9,'.repeat(500)}5-`, 100, partial([0, 100])],
  ])('range header - %s', (_title, header, size, expected) => {
    expect(parseRange(header, size)).toEqual(expected);
  });

  it('range header - whatever comes in, what comes out lies inside the file, in at most sixteen parts that share no byte', () => {
    const number = fc.oneof(
      fc.nat(3000).map(String),
      fc.constant(''),
      fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
    );
    const spec = fc.tuple(number, number).map(([first, last]) => `${first}-${last}`);
    const header = fc.array(spec, { maxLength: 40 }).map((specs) => `bytes=${specs.join(',')}`);
    fc.assert(
      fc.property(header, fc.nat(2000), (text, size) => {
        const choice = parseRange(text, size);
        if (choice.kind !== 'partial') return;
        expect(choice.ranges.length).toBeLessThanOrEqual(MAX_RANGE_PARTS);
        const sorted = [...choice.ranges].sort((a, b) => a.start - b.start);
        let previousEnd = 0;
        for (const { start, end } of sorted) {
          expect(start).toBeGreaterThanOrEqual(previousEnd);
          expect(end).toBeGreaterThan(start);
          previousEnd = end;
        }
        expect(previousEnd).toBeLessThanOrEqual(size);
      }),
    );
  });

  it('range header - several ranges cover exactly the bytes that were named', () => {
    const pair = fc.tuple(fc.nat(99), fc.nat(120)).map(([start, more]) => [start, start + more] as const);
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 12 }), (pairs) => {
        const choice = parseRange(`bytes=${pairs.map(([a, b]) => `${a}-${b}`).join(',')}`, 100);
        const covered = choice.kind === 'partial' ? choice.ranges : [];
        for (let byte = 0; byte < 100; byte += 1) {
          const isNamed = pairs.some(([a, b]) => byte >= a && byte <= b);
          expect(covered.filter(({ start, end }) => byte >= start && byte < end)).toHaveLength(isNamed ? 1 : 0);
        }
      }),
    );
  });

  it('content range - what is announced can be asked for again', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.integer({ min: 1, max: 5000 }), (start, length) => {
        const size = start + length + 7;
        const text = formatContentRange({ start, end: start + length }, size);
        expect(text).toMatch(/^bytes \d+-\d+\/\d+$/);
        const header = text.replace(' ', '=').replace(/\/.*/, '');
        expect(parseRange(header, size)).toEqual(partial([start, start + length]));
      }),
    );
  });

  it('content range - tells the size to who asked outside', () => {
    expect(formatUnsatisfied(0)).toBe('bytes */0');
  });
});
