// Names as words that can be compared, however they were spelled. Pure.

const MAX_CHARACTERS = 512;
/** Most names are: they are quicker to read, and thousands are. */
const ASCII = /^[\0-\x7f]*$/;
const ENDING = /\.(?:3gp|avi|iso|m2ts|m4v|mkv|mov|mp4|mpe?g|nzb|torrent|ts|webm|wmv)$/;
/** Letters that do not fall apart into a plain one and its mark. */
const LETTERS: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', ı: 'i' };

/**
 * The first 512 characters in lower case, without marks on letters (`é` is `e`), the ending of a file name and everything
 * between words but one space: `The Páper.Lantern_2019.mkv` is `the paper lantern 2019`. Empty where there is no word.
 */
export function plainWords(text: string): string {
  const lower = text
    .slice(0, MAX_CHARACTERS)
    .toLowerCase()
    .trim()
    .replace(ENDING, '')
    .replace(/hdr10\+/g, 'hdr10plus');
  const plain = ASCII.test(lower) ? lower.replace(/[^a-z0-9]+/g, ' ') : withoutMarks(lower);
  return plain.trim();
}

function withoutMarks(lower: string): string {
  return lower
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøłđðı]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ');
}

/** Whether these words stand in a name one after the other, whole; both made by `plainWords`. No word is in no name. */
export function holdsWords(name: string, words: string): boolean {
  return words !== '' && ` ${name} `.includes(` ${words} `);
}
