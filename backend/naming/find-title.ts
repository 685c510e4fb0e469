// Where a wished title stands in a release name. Only looks where names have titles: at the beginning, behind tags in
// brackets and site names, and where a name says the same thing twice (`Other / Title`, `Other AKA Title`, `Other (Title)`).

import type { Word } from './fold-text.js';
import { ARTICLES, type WantedTitle } from './wanted-titles.js';

/** A title found: what stands behind it is what the name says about it. */
export interface FoundTitle {
  readonly title: WantedTitle;
  /** Index of the first word behind it. */
  readonly nextWord: number;
  /** Where it begins and ends in the text. */
  readonly start: number;
  readonly end: number;
}

const MAX_FOUND = 12;
const SITE =
  /^[^\p{L}\p{N}]*(?:www[ .])?[\p{L}\p{N}-]+[ .](?:com|org|net|info|tv|to|me|cc|io|ws|se|nu|in|pw|vip|xyz)[^\p{L}\p{N}]*$/iu;
const YEAR_FIRST = /^[^\p{L}\p{N}]*(?:19|20)\d\d ?- ?$/u;
const ALREADY_TOLD =
  /(?:^|[^\p{L}\p{N}])(?:s\d{1,2}(?:e\d+)?|\d{1,2}x\d{2,3}|e(?:p(?:isode)?)?[ ._]?\d+|season[ ._]?\d+|\d{3,4}p)(?![\p{L}\p{N}])/iu;

/** Every place where one of `titles` stands, in the order of `titles`; at most twelve. */
export function findTitles(text: string, words: readonly Word[], titles: readonly WantedTitle[]): FoundTitle[] {
  const starts = words.flatMap((_, index) => (isStart(text, words, index) ? [index] : []));
  const found: FoundTitle[] = [];
  for (const title of titles) {
    for (const start of starts) {
      const nextWord = matchTitle(words, start, title) ?? skipForeign(text, words, start, title);
      const last = nextWord === null ? undefined : words[nextWord - 1];
      if (nextWord !== null && last !== undefined) {
        found.push({ title, nextWord, start: words[start]?.start ?? 0, end: last.end });
      }
      if (found.length >= MAX_FOUND) return found;
    }
  }
  return found;
}

/** Index of the word behind the title that begins at word `start`, or null. */
export function matchTitle(words: readonly Word[], start: number, title: WantedTitle): number | null {
  const article = words[start]?.key ?? '';
  const isSkippable = ARTICLES.has(article) && (title.article === null || title.article === article);
  return (
    matchKey(words, isSkippable ? start + 1 : start, title.key) ??
    (isSkippable ? matchKey(words, start, title.key) : null)
  );
}

function matchKey(words: readonly Word[], start: number, key: string): number | null {
  let read = '';
  for (let index = start; index < words.length; index += 1) {
    read += words[index]?.key ?? '';
    if (read === key) return index + 1;
    if (!key.startsWith(read)) return null;
  }
  return null;
}

function isStart(text: string, words: readonly Word[], index: number): boolean {
  if (index === 0) return true;
  const [start, previous] = [words[index]?.start ?? 0, words[index - 1]];
  const before = text.slice(0, start);
  const gap = text.slice(previous?.end ?? 0, start);
  const isAka = previous?.key === 'aka' || /(?:^|[^\p{L}\p{N}])a[ .]?k[ .]?a[ .]*$/iu.test(before.slice(-12));
  const isOpened = isAka || /[/|[\](){}【】「」『』《》"]/u.test(gap);
  return (isOpened && !ALREADY_TOLD.test(before)) || SITE.test(before) || YEAR_FIRST.test(before);
}

/** `Бумажный фонарь The Paper Lantern`: words of another script before the title are its name elsewhere. */
function skipForeign(text: string, words: readonly Word[], start: number, title: WantedTitle): number | null {
  if (!title.isLatin) return null;
  let index = start;
  while (index < words.length && isForeign(text, words[index], title)) index += 1;
  return index > start ? matchTitle(words, index, title) : null;
}

/** True for a word written in another script than the title. */
export function isForeign(text: string, word: Word | undefined, title: WantedTitle): boolean {
  if (word === undefined) return false;
  const raw = text.slice(word.start, word.end);
  const isLatin = /\p{Script=Latin}/u.test(raw);
  return /\p{L}/u.test(raw) && isLatin !== title.isLatin;
}
