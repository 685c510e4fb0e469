import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countedFolder, folderNameOf } from '../../../backend/jobs/item-folder.js';

describe('item folder', () => {
  it('item folder - is the name itself, but for what no path takes', () => {
    const names: [string, string][] = [
      ['Open.Film.2024.1080p.WEB.x264-DEMO', 'Open.Film.2024.1080p.WEB.x264-DEMO'],
      ['Ünïcödé (2024) [x] {y}', 'Ünïcödé (2024) [x] {y}'],
      ['a/b\0c\nd', 'a_b_c_d'],
      ['...', '...'],
      ['.', 'fallback'],
      ['..', 'fallback'],
      ['', 'fallback'],
      ['  ', 'fallback'],
    ];
    for (const [name, folder] of names) expect(folderNameOf(name, 'fallback')).toBe(folder);
  });

  it('item folder - a second one of a name is counted, and stays within 255 bytes', () => {
    expect([1, 2, 10].map((count) => countedFolder('Film', count))).toEqual(['Film', 'Film (2)', 'Film (10)']);
    const long = countedFolder(folderNameOf('é'.repeat(300), 'x'), 2);
    expect(long.endsWith('é (2)')).toBe(true);
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(255);
  });

  it('item folder - whatever the name, it fits a path and an address', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.nat(99), (name, count) => {
        const folder = countedFolder(folderNameOf(name, 'fallback'), count + 1);
        expect(folder).not.toMatch(/[/\p{Cc}]|^\.{0,2}$/u);
        expect(Buffer.byteLength(folder)).toBeLessThanOrEqual(255);
        expect(decodeURIComponent(encodeURIComponent(folder))).toBe(folder);
      }),
    );
  });
});
