// Whether what follows a title in a name still belongs to a longer title (`The Lantern` in `The Lantern Keeper`), and what
// years and countries stand there. Judges word by word: the library guesses where a title ends, here the title is known.

import { beginsExtra } from './extra-words.js';
import { isForeign, matchTitle, type FoundTitle } from './find-title.js';
import { fold, type Word } from './fold-text.js';
import { COUNTRIES, type WantedTitle } from './wanted-titles.js';

/** What was read between the title and the first technical word. */
export interface TitleRemainder {
  /** False when a word there makes it another title. */
  readonly isSameTitle: boolean;
  /** True where the title is followed by something beside the film: `Official Trailer`, `OST`. */
  readonly isExtra: boolean;
  /** In the order they stand. Of `2004-2010` only the first. */
  readonly years: readonly number[];
  readonly country: string | null;
  /** Where the technical part begins. */
  readonly end: number;
}

/** A name and where it is read. */
export interface NameText {
  readonly text: string;
  readonly words: readonly Word[];
}

/** From one of these on a name talks about the file. */
const TECHNICAL = new Set(
  (
    '4k 8k uhd bluray blu bdrip bdremux bdmv brrip bd bd25 bd50 web webdl webrip webcap hdtv hdtvrip pdtv dsr dvdrip dvd dvd5 dvd9 dvdr ' +
    'dvdscr hdrip hdts hdcam hdtc cam camrip ts telesync tc screener scr vhsrip tvrip satrip dvbrip dvb tvcap remux x264 x265 h264 h265 ' +
    'hevc avc xvid divx av1 vp9 mpeg2 10bit 8bit hi10p hdr hdr10 dv dovi sdr aac ac3 eac3 dts ddp dd5 ddp5 flac truehd atmos mkv mp4 avi'
  ).split(' '),
);

/** Words that stand between a title and its year or quality without being part of it. */
const SOFT = new Set(
  (
    'extended director directors cut edition unrated uncut uncensored uncen theatrical remastered remaster imax criterion ultimate special ' +
    'collectors final anniversary restored colorized redux version proper repack rerip real internal limited hybrid custom retail ' +
    'complete batch full series serie season tv show miniseries mini the of d 3d hsbs hou sbs ' +
    'multi dual dl ml audio sub subs subbed subbed dub dubbed softsub softsubs hardsub hardsubs vostfr vost vf vff vfq vfi vo truefrench subfrench ' +
    'french german english italian spanish castellano latino castilian portuguese russian japanese korean chinese polish hindi ' +
    'tamil telugu turkish dutch flemish nordic swedish danish norwegian finnish czech hungarian greek hebrew arabic thai ' +
    'eng en fre fra fr ger deu de ita it spa esp es por pt ptbr br rus ru jpn jap jp kor chi chs cht gb big5 pol pl hin lat dublado ' +
    'legendado dubbing lektor napisy doppiato nl swe ukr ' +
    'amzn nf dsnp hmax max hulu atvp pcok pmtp cr crav stan itunes ip red now criteriond ' +
    'pal ntsc hc disc disk cd1 cd2 cd eps ep and open matte 35mm hd fhd sd uhd ws fs read nfo dc se ee dir rated tvrip ' +
    'сезон серии серия из полный'
  ).split(' '),
);
const FILM_WORDS = new Set(['movie', 'film', 'gekijouban', 'feature']);
const YEAR = /^(?:19|20)\d\d$/;
const PICTURE = /^(?:\d{3,4}[pi]|2160|1080|720|576|480|\d{3,4}x\d{3,4})$/;

/** Reads from the found title up to `limit` (where the marks of an episode begin) or the first technical word. */
export function readRemainder(
  name: NameText,
  found: FoundTitle,
  limit: number,
  others: readonly WantedTitle[],
): TitleRemainder {
  const { text, words } = name;
  const years: number[] = [];
  let country: string | null = null;
  let isAlias = false;
  let isSameTitle = true;
  let isExtra = false;
  const asides = others.filter(({ key }) => key !== found.title.key);
  let index = found.nextWord;
  let end = found.end;
  while (index < words.length) {
    const word = words[index];
    if (word === undefined || word.start >= limit) break;
    const raw = fold(text.slice(word.start, word.end));
    const gap = text.slice(words[index - 1]?.end ?? 0, word.start);
    isExtra = years.length === 0 && !isAlias && beginsExtra(text.slice(word.start));
    if (isTechnical(raw) || isExtra) break;
    end = word.end;
    isAlias ||= opensAlias(text, gap, word);
    const isFree = isAlias || isInBrackets(text, found.end, word.start);
    const other = isAlias || years.length > 0 ? null : nextAfterTitle(words, index, asides);
    if (YEAR.test(raw)) {
      // `Title 2004 2010`: the first number is the title's; `(2004-2010)` are the years of a series.
      const isSpan = years.length > 0 && gap.includes('-');
      if (years.length === 1 && !isSpan && !isFree) isSameTitle = false;
      if (!isSpan) years.push(Number(raw));
    } else if (COUNTRIES[raw] !== undefined && isCountry(text, word, index === found.nextWord || years.length > 0)) {
      country ??= COUNTRIES[raw] ?? null;
    } else if (other !== null) {
      index = other;
      continue;
    } else if (!isFree && years.length === 0 && !isSoft(raw) && !isForeign(text, word, found.title)) {
      isSameTitle = false;
    }
    index += 1;
  }
  return { isSameTitle, isExtra, years: [...leadingYears(text, found.start), ...years], country, end };
}

/** `(2004) Title`, `2004 - Title`. */
function leadingYears(text: string, end: number): number[] {
  const match = /^[^\p{L}\p{N}]*((?:19|20)\d\d)[^\p{L}\p{N}]+/u.exec(text.slice(0, end));
  return match === null ? [] : [Number(match[1])];
}

/** `Title / Other`, `Title AKA Other`: from here on any words may be its other name. */
function opensAlias(text: string, gap: string, { start }: Word): boolean {
  return /[/|]/.test(gap) || /^a[ .]?k[ .]?a(?![\p{L}\p{N}])/iu.test(text.slice(start, start + 6));
}

/** A part of a name that says how the file was made. */
function isTechnical(word: string): boolean {
  return TECHNICAL.has(word) || PICTURE.test(word);
}

function isSoft(word: string): boolean {
  return SOFT.has(word) || FILM_WORDS.has(word) || /^\d{1,3}(?:th|st|nd|rd)$/.test(word);
}

/** Behind the title, or in capitals: `us` is also a word. */
function isCountry(text: string, word: Word, isBehindTitle: boolean): boolean {
  const raw = text.slice(word.start, word.end);
  return isBehindTitle && (raw === raw.toUpperCase() || raw.length > 2 || text === text.toLowerCase());
}

/** `Title - Original Title`: another name of the same thing, known beforehand. */
function nextAfterTitle(words: readonly Word[], index: number, others: readonly WantedTitle[]): number | null {
  for (const other of others) {
    const next = matchTitle(words, index, other);
    if (next !== null) return next;
  }
  return null;
}

/** True where a bracket opened since `from` is still open at `to`. */
function isInBrackets(text: string, from: number, to: number): boolean {
  let depth = 0;
  for (const character of text.slice(from, to)) {
    if ('([{【「『《'.includes(character)) depth += 1;
    else if (')]}】」』》'.includes(character)) depth = Math.max(0, depth - 1);
  }
  return depth > 0;
}
