import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ArticlePart } from '../../../../../backend/engines/usenet/article.js';
import { SegmentMap } from '../../../../../backend/engines/usenet/files/segment-map.js';

function part(begin: number | null, fileSizeBytes: number | null): ArticlePart {
  return { encoding: 'yenc', begin, fileSizeBytes, fileName: 'a', partNumber: null, partCount: null };
}

const even = (count: number): number[] => Array.from({ length: count }, () => 1030);

describe('SegmentMap', () => {
  it('even parts - one article tells where all of them lie', () => {
    const map = new SegmentMap(even(10));
    map.learn(0, part(0, 9500), 1000);
    expect(map.sizeBytes).toBe(9500);
    expect(map.isSizeExact).toBe(true);
    expect(map.at(4321)).toEqual({ index: 4, start: 4000, end: 5000, isCertain: false });
    expect(map.at(9400)).toEqual({ index: 9, start: 9000, end: 9500, isCertain: false });
  });

  it('even parts - a middle article tells as much as the first', () => {
    const map = new SegmentMap(even(10));
    map.learn(3, part(3000, 9500), 1000);
    expect(map.at(9400)?.index).toBe(9);
    expect(map.at(0)).toEqual({ index: 0, start: 0, end: 1000, isCertain: false });
  });

  it('nothing known - the first byte is in the first segment, all else is unknown', () => {
    const map = new SegmentMap(even(10));
    expect(map.at(0)?.index).toBe(0);
    expect(map.at(1)).toBeNull();
    expect(map.isSizeExact).toBe(false);
    expect(Math.abs(map.sizeBytes - 10_000)).toBeLessThan(300);
  });

  it('a file of one article - has every byte in it', () => {
    const map = new SegmentMap([1030]);
    map.learn(0, part(0, 1000), 1000);
    expect(map.at(999)).toEqual({ index: 0, start: 0, end: 1000, isCertain: true });
  });

  it('part size of other files - is used until an article says better', () => {
    const map = new SegmentMap(even(10), () => 1000);
    expect(map.at(4321)).toEqual({ index: 4, start: 4000, end: 5000, isCertain: false });
    map.learn(4, part(8000, 19_000), 2000);
    expect(map.at(4321)).toEqual({ index: 2, start: 4000, end: 6000, isCertain: false });
  });

  it('a lying size - is not believed; the last article tells', () => {
    const map = new SegmentMap(even(10));
    map.learn(0, part(0, 999_999_999), 1000);
    expect(map.isSizeExact).toBe(false);
    map.learn(9, part(9000, 999_999_999), 400);
    expect(map.sizeBytes).toBe(9400);
    expect(map.isSizeExact).toBe(true);
  });

  it('one article that lies about the size - makes no liars of the others', () => {
    const lastLies = new SegmentMap(even(10));
    lastLies.learn(0, part(0, 9400), 1000);
    lastLies.learn(9, part(9000, 21_745), 400);
    lastLies.learn(4, part(4000, 9400), 1000);
    const firstLies = new SegmentMap(even(10));
    firstLies.learn(0, part(0, 21_745), 1000);
    firstLies.learn(9, part(9000, 9400), 400);
    firstLies.learn(4, part(4000, 9400), 1000);
    expect([lastLies.sizeBytes, firstLies.sizeBytes]).toEqual([9400, 9400]);
    expect(() => firstLies.learn(5, part(5000, 7777), 1000)).toThrow(expect.objectContaining({ code: 'ARTICLE_PART' }));
  });

  it('a wrong place - is a bad copy while the other parts agree', () => {
    const map = new SegmentMap(even(10));
    map.learn(0, part(0, 9500), 1000);
    expect(() => map.learn(3, part(5000, 9500), 1000)).toThrow(expect.objectContaining({ code: 'ARTICLE_PART' }));
    expect(map.at(3500)?.index).toBe(3);
  });

  it('two wrong places - the parts are uneven after all', () => {
    const map = new SegmentMap(even(6));
    map.learn(0, part(0, 5900), 1000);
    expect(() => map.learn(2, part(2100, 5900), 900)).toThrow(expect.objectContaining({ code: 'ARTICLE_PART' }));
    expect(() => map.learn(4, part(4200, 5900), 900)).not.toThrow();
    expect(map.at(4500)).toEqual({ index: 4, start: 4200, end: 5100, isCertain: true });
  });

  it('any number of wrong places - are bad copies before a part that lies in its place', () => {
    const map = new SegmentMap(even(10));
    map.learn(0, part(0, 9500), 1000);
    map.learn(9, part(9000, 9500), 500);
    for (const index of [2, 4, 6]) {
      expect(() => map.learn(index, part(index * 1000 + 700, 9500), 1000)).toThrow(
        expect.objectContaining({ code: 'ARTICLE_PART' }),
      );
    }
    expect(map.at(4500)).toEqual({ index: 4, start: 4000, end: 5000, isCertain: false });
  });

  it('a wrong place, then the right one - is no doubt left over', () => {
    const map = new SegmentMap(even(10));
    map.learn(0, part(0, 9500), 1000);
    for (const index of [3, 5]) {
      expect(() => map.learn(index, part(index * 1000 + 700, 9500), 1000)).toThrow();
      map.learn(index, part(index * 1000, 9500), 1000);
    }
    expect(map.sizeBytes).toBe(9500);
  });

  it('uuencode - parts of one size follow each other', () => {
    const map = new SegmentMap(even(3));
    map.learn(0, part(null, null), 1000);
    map.learn(2, part(null, null), 300);
    expect(map.sizeBytes).toBe(2300);
    expect(map.placeOf(1)).toEqual({ index: 1, start: 1000, end: 2000, isCertain: false });
  });

  it('uneven parts - whatever is looked for is found by looking, and is where it is', () => {
    const cut = fc.array(fc.integer({ min: 200, max: 3000 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(
        cut,
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (sizes, wanted) => {
          const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0));
          const total = sizes.reduce((sum, size) => sum + size, 0);
          const map = new SegmentMap(sizes.map((size) => Math.round(size * 1.03)));
          const fetch = (index: number): void => {
            // A copy that is refused once is accepted when it comes again: there is no other.
            try {
              map.learn(index, part(starts[index]!, total), sizes[index]!);
            } catch {
              return;
            }
          };
          fetch(0);
          for (const share of wanted) {
            const offset = Math.floor(share * total);
            for (let tries = 0; tries < 60; tries += 1) {
              const place = map.at(offset);
              if (place === null) throw new Error('lost');
              if (place.isCertain && place.start <= offset && offset < place.end) break;
              fetch(place.index);
            }
            const found = map.at(offset)!;
            const right = starts.findIndex((start, index) => offset < start + sizes[index]!);
            if (sizes.length > 2 && found.isCertain) expect(found.index).toBe(right);
          }
        },
      ),
    );
  });
});
