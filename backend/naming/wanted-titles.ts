// The ways a wished title is written in names: without its year, country or season, with or without its article.
// Knows no release names.

import { cutText, splitWords } from './fold-text.js';
import type { TitleFacts } from './title-facts.js';

/** One way of writing it. */
export interface WantedTitle {
  /** The keys of its words, joined; without the article. Never empty. */
  readonly key: string;
  readonly article: string | null;
  /** Set where the title itself named a season: then a name that is found by this key must name that season. */
  readonly season: number | null;
  /** The season that is part of this very title (`Title 2nd Season`); null for most. */
  readonly namedSeason: number | null;
  readonly isLatin: boolean;
}

type Spelling = Pick<WantedTitle, 'season' | 'namedSeason'> & { readonly text: string };

/** Everything a name may call the title, and what the titles said beside it. Longest first. */
export interface WantedTitles {
  readonly titles: readonly WantedTitle[];
  /** What may stand behind one of them and change nothing: another of them, or the part of one behind its colon. */
  readonly asides: readonly WantedTitle[];
  /** Lower-case: `us`, `uk`, … */
  readonly countries: ReadonlySet<string>;
}

const MAX_TITLES = 24;
const ORDINALS = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth'];
const SEASON =
  /[\s:,-]+(?:(?:the )?(\d{1,2})(?:st|nd|rd|th) season|season (\d{1,2})|s(\d{1,2})|(first|second|third|fourth|fifth|sixth) season)$/i;
const SEQUEL = /\s+(?:([2-9])|(ii|iii|iv|v|vi))$/i;
const ROMAN_SEQUELS = ['', '', 'ii', 'iii', 'iv', 'v', 'vi'];
const UMLAUTS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue' };

/** Country marks behind a title, each with its one name here. */
export const COUNTRIES: Readonly<Record<string, string>> = {
  ...{ us: 'us', usa: 'us', uk: 'uk', gb: 'uk', au: 'au', aus: 'au', nz: 'nz', ca: 'ca', ie: 'ie', za: 'za' },
};
export const ARTICLES: ReadonlySet<string> = new Set(['the', 'a', 'an']);

/** Reads the wished titles; the first 24 count. */
export function readWantedTitles({ titles, kind, isAnime }: TitleFacts): WantedTitles {
  const countries = new Set<string>();
  const found = new Map<string, WantedTitle>();
  for (const full of titles.slice(0, MAX_TITLES)) {
    const { name, country } = withoutSuffix(cutText(full).trim());
    if (country !== null) countries.add(country);
    const whole = { text: name, season: null, namedSeason: null };
    for (const one of kind === 'series' ? withSeasons(name, isAnime) : [whole]) {
      for (const text of spellings(one.text)) {
        const title = toWanted({ ...one, text });
        if (title.key !== '') found.set(`${title.article ?? ''} ${title.key} ${title.season ?? ''}`, title);
      }
    }
  }
  const sorted = [...found.values()].sort((a, b) => b.key.length - a.key.length);
  const subtitles = titles.slice(0, MAX_TITLES).flatMap((full) => /(?:: | - )(.+)$/.exec(cutText(full))?.[1] ?? []);
  const asides = [...sorted, ...subtitles.map((text) => toWanted({ text, season: null, namedSeason: null }))].filter(
    ({ key }) => key !== '',
  );
  return { titles: sorted, asides, countries };
}

/** `Title (2004)`, `Title (US)`, `Title UK`. */
function withoutSuffix(title: string): { name: string; country: string | null } {
  const match =
    /^(.*\S)\s*\((?:(?:19|20)\d\d|(us|usa|uk|gb|au|nz|ca|ie|za))\)$/i.exec(title) ??
    /^(.*\S) (US|UK|AU|NZ)$/.exec(title);
  if (match === null) return { name: title, country: null };
  return { name: match[1] ?? title, country: COUNTRIES[match[2]?.toLowerCase() ?? ''] ?? null };
}

function withSeasons(title: string, isAnime: boolean): Spelling[] {
  const whole = { text: title, season: null, namedSeason: null };
  const match = SEASON.exec(title);
  if (match !== null) {
    const [suffix, ordinal, plain, short, spoken] = match;
    const season = spoken === undefined ? Number(ordinal ?? plain ?? short) : ORDINALS.indexOf(spoken.toLowerCase());
    return [
      { ...whole, namedSeason: season },
      { text: title.slice(0, -suffix.length), season, namedSeason: null },
    ];
  }
  const sequel = isAnime ? SEQUEL.exec(title) : null;
  if (sequel === null) return [whole];
  const [suffix, digit, roman = ''] = sequel;
  const season = digit === undefined ? ROMAN_SEQUELS.indexOf(roman.toLowerCase()) : Number(digit);
  return [whole, { text: title.slice(0, -suffix.length), season, namedSeason: null }];
}

function spellings(title: string): string[] {
  if (!/[äöü]/i.test(title)) return [title];
  return [title, title.toLowerCase().replace(/[äöü]/g, (letter) => UMLAUTS[letter] ?? letter)];
}

function toWanted({ text, season, namedSeason }: Spelling): WantedTitle {
  const words = splitWords(text);
  const [first, ...others] = words.map(({ key }) => key);
  const hasArticle = first !== undefined && ARTICLES.has(first) && others.join('') !== '';
  const key = hasArticle ? others.join('') : words.map((word) => word.key).join('');
  const isLatin = /\p{Script=Latin}|^[^\p{L}]*$/u.test(text);
  return { key, article: hasArticle ? first : null, season, namedSeason, isLatin };
}
