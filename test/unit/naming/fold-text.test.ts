import { describe, expect, it } from '@jest/globals';
import { cutText, splitWords } from '../../../backend/naming/fold-text.js';

const keysOf = (text: string): string =>
  splitWords(cutText(text))
    .map(({ key }) => key)
    .join(' ');

describe('fold text', () => {
  it.each([
    ['The.Paper_Lantern', 'the paper lantern'],
    ["Don't L’Étoile", 'dont letoile'],
    ['Straße Ærø Łódź', 'strasse aero lodz'],
    ['Salt & Pepper and Lane', 'salt pepper  lane'],
    ['Tide Part Two', 'tide  2'],
    ['Tide Part II', 'tide  2'],
    ['Tide III 007', 'tide 3 7'],
    ['M.I.V.', 'm i v'],
    ['Part of It', 'part of it'],
    ['星の海', '星 の 海'],
    ['Ｔｉｄｅ　２', 'tide 2'],
    ['Ёлка', 'елка'],
    ['', ''],
  ])('fold text - %s', (text, expected) => {
    expect(keysOf(text)).toBe(expected);
  });

  it('fold text - words keep where they stand', () => {
    const text = cutText('[Group] Tide—2');
    const cut = splitWords(text).map(({ start, end }) => text.slice(start, end));
    expect(cut).toEqual(['Group', 'Tide', '2']);
  });

  it('fold text - reads no more than 512 characters', () => {
    expect(cutText('a'.repeat(100_000))).toHaveLength(512);
    expect(cutText('ﷺ'.repeat(512)).length).toBeLessThanOrEqual(512);
  });
});
