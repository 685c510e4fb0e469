// Text as it is compared: without case, accents, apostrophes and ways of writing numbers. Knows no titles.

/** One word of a text. `key` is what it is compared by (may be empty), `start` and `end` (exclusive) are where it stands. */
export interface Word {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

const MAX_TEXT_CHARACTERS = 512;

/** Scripts written without spaces: each character is a word. */
const UNSPACED = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]`;
const WORD = new RegExp(`${UNSPACED}|(?:(?!${UNSPACED})[\\p{L}\\p{M}\\p{N}'’\`´])+`, 'gu');

const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ı: 'i',
  þ: 'th',
};
const ROMAN = ['', 'i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii', 'xiii'];
const SPOKEN = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const BEFORE_NUMBER = new Set(['part', 'pt', 'volume', 'vol', 'chapter']);

/** The text in one spelling of its characters, cut to 512 of them: what `splitWords` and every reader of names takes. */
export function cutText(text: string): string {
  return text
    .slice(0, MAX_TEXT_CHARACTERS)
    .normalize('NFKC')
    .slice(0, MAX_TEXT_CHARACTERS)
    .replace(/[\p{Cc}\u200b-\u200f\ufeff]/gu, ' ')
    .replace(/[‐‑‒–—―−]/g, '-');
}

/** The words of a text that `cutText` returned. `II`, `Two` and `Part 2` all compare as `2`; `and` as nothing. */
export function splitWords(text: string): Word[] {
  const words = Array.from(text.matchAll(WORD), (match) => ({
    key: fold(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  })).filter(({ key }) => key !== '');
  return words.map((word, index) => ({ ...word, key: canonical(words, index) }));
}

/** Lower-case, without accents, apostrophes and other marks. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}'’`´]/gu, '')
    .toLowerCase()
    .replace(/[ßæøœłđıþ]/g, (letter) => LETTERS[letter] ?? letter);
}

function canonical(words: readonly Word[], index: number): string {
  const key = words[index]?.key ?? '';
  const before = words[index - 1]?.key ?? '';
  if (key === 'and') return words.length === 1 ? key : '';
  if (BEFORE_NUMBER.has(key) && index > 0) return numberOf(words[index + 1]?.key ?? '', true) === null ? key : '';
  return numberOf(key, BEFORE_NUMBER.has(before), before.length) ?? key;
}

/** `V` and `X` are numbers after a word, not inside `M.I.V.`; `I` only after `Part`. */
function numberOf(key: string, isCounted: boolean, lettersBefore = 0): string | null {
  if (/^\d+$/.test(key)) return key.replace(/^0+(?=\d)/, '');
  const spoken = SPOKEN.indexOf(key);
  if (spoken > 0) return String(spoken);
  const roman = ROMAN.indexOf(key);
  if (roman < 1) return null;
  const isSure = isCounted || (key.length > 1 ? true : key !== 'i' && lettersBefore > 1);
  return isSure ? String(roman) : null;
}
