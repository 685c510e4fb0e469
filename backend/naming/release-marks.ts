// What the part of a release name behind its title says about seasons and episodes. Knows neither the title nor the wish.
// Every pattern is bounded, and read from text of at most 512 characters.

import { readDates } from './air-dates.js';
import { readCountedMarks } from './counted-marks.js';
import { readSpans, type NumberSpan } from './number-spans.js';

/** What was read; what was not is empty. */
export interface ReleaseMarks {
  /** Where the first mark begins; the length of the text without one. */
  readonly index: number;
  readonly seasons: readonly NumberSpan[];
  readonly episodes: readonly NumberSpan[];
  /** `YYYY-MM-DD` */
  readonly dates: readonly string[];
  /** `series`: all of it; `batch`: all episodes of whatever it is (also a plain `COMPLETE`). */
  readonly whole: 'series' | 'batch' | null;
  /** Specials, OVAs and the like: besides the seasons named, or alone. */
  readonly hasSpecials: boolean;
  /** The mark cannot stand in the name of a film. */
  readonly isSure: boolean;
}

type Read = Partial<ReleaseMarks> & { readonly index: number };

const SEASON_WORD =
  '(?:seasons?|saisons?|staffeln?|temporadas?|stagion[ei]|series|serie|сезон(?:ы)?|sezon|kausi|säsong|seizoen)';
const EPISODE_WORD =
  '(?:episodes?|epis[oó]dio|eps?|e|folgen?|cap[ií]tulos?|caps?|puntat[ae]|серии|серия|эпизод|bölüm|avsnitt|jakso)';
/** `Season 2 - 03` is an episode, `Seasons 1 - 10` and `Season 1 - 3` are seasons. */
const SPACED_DASH =
  '[-~](?:(?=[ ._]{1,2}[1-9](?![0-9]))|(?<=(?:seasons|saisons|staffeln|temporadas|stagioni|сезоны)[ ._]\\d{1,2}[ ._]{1,2}[-~]))';
const L = '(?<![\\p{L}\\p{N}])';
const R = '(?![\\p{L}\\p{N}])';

const SXX_EYY = new RegExp(
  `${L}[st](\\d{1,4})[ ._-]{0,3}(?:e|ep|episode)[ ._-]?(\\d{1,4})((?:[ ._]?[-~&+,]?[ ._]?(?:s\\d{1,4}[ ._]?)?(?:e|ep)\\d{1,4}|[-~]\\d{1,3}(?![\\dpi]))*)(?:v\\d)?(?![0-9])`,
  'iu',
);
const CROSSED = new RegExp(
  `${L}(\\d{1,2})x(?!26[45])(\\d{2,4})((?:[ ._]?[-~&+][ ._]?(?:\\d{1,2}x)?\\d{2,4}(?![\\dpi])|x\\d{2,4}(?!\\d))*)${R}`,
  'iu',
);
const SEASONS = [
  new RegExp(
    `${L}s(\\d{1,2}|(?:19|20)\\d\\d)((?:[ ._]{0,3}(?:[-~+&,]|to|and)?[ ._]{0,3}s\\d{1,2}(?!\\d)|[-~]\\d{1,2}(?![\\dpi]))*)${R}`,
    'iu',
  ),
  new RegExp(
    `${L}(?<!mini[ ._-])${SEASON_WORD}[ ._:#([-]{0,3}(\\d{1,4})((?:(?:[-~+&,]|[ ._]{1,2}(?:[+&,]|to|and|a|bis|al|и|${SPACED_DASH})[ ._]{1,2}|, )(?:${SEASON_WORD}[ ._]{0,2}|s)?\\d{1,2}(?![\\dpi])|[ ._]${SEASON_WORD}[ ._]{0,2}\\d{1,2}(?!\\d))*)${R}`,
    'iu',
  ),
  new RegExp(
    `${L}(?:the[ ._])?(\\d{1,2})(?:st|nd|rd|th|ª|a|°|º|\\.)?((?:-\\d{1,2})?)[ ._-]{0,2}(?:season|saison|staffel|temporada|stagione|сезон|sezon)${R}`,
    'iu',
  ),
  /第(\d{1,2})()[季期]/u,
];
const SPOKEN_SEASON = new RegExp(`${L}(first|second|third|fourth|fifth|sixth|final)[ ._-]season${R}`, 'iu');
const SPOKEN = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth'];
const EPISODE_AFTER = new RegExp(
  `^[^\\p{L}\\p{N}]{0,4}(?:${EPISODE_WORD}[ ._#:-]{0,3}|第)?(\\d{1,4})(?:v\\d)?((?: ?[-~] ?(?:e|ep)?\\d{1,4}(?![\\dpi]))?)(?:v\\d)?(?:[话話集回]|[. ]{0,2}(?:bölüm|серия|серии|эпизод|folge|avsnitt)|(?![\\p{L}\\p{N}]|[.,]\\d(?!\\d)))`,
  'iu',
);
const EPISODE_ALONE = new RegExp(
  `${L}(?:${EPISODE_WORD}[ ._#:-]{0,3}|第)(\\d{1,4})(?:v\\d)?((?:[ ._]?[-~&+][ ._]?(?:e|ep|episode )?\\d{1,4}(?![\\dpi])|e\\d{1,4})*)(?:v\\d)?(?:[话話集回]|${R})`,
  'iu',
);
const SPANISH = new RegExp(`${L}cap[ .]?(\\d{1,2})(\\d\\d)${R}`, 'iu');
const OF_SEVERAL = new RegExp(`${L}(?:part|pt|episode)?[ ._]?(\\d{1,2})[ ._]?of[ ._]?\\d{1,2}${R}`, 'iu');
const PART = new RegExp(
  `${L}(?:part|pt|teil|parte|partie)[ ._-]{0,2}(\\d{1,2}|i{1,3}|iv|vi{0,3}|one|two|three|four|five|six|seven|eight)${R}`,
  'iu',
);
const PARTS = [
  ...['', 'i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii'],
  ...['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'],
];
const WHOLE_SERIES = new RegExp(
  `${L}(?:complete[ ._-](?:(?:tv|mini)[ ._-]?)?(?:series|collection|show|seasons)|(?:series|show)[ ._-]complete|all[ ._]seasons|the[ ._]full[ ._]series|int[eé]grale|serie[ ._]completa|komplette[ ._]serie|todas[ ._]as[ ._]temporadas|все[ ._]сезоны|全集)${R}`,
  'iu',
);
const BATCH = new RegExp(`${L}(?:complete|batch|integrale|全\\d{1,3}[话話集]|mini[ ._-]?series)${R}`, 'iu');
const SPECIALS = new RegExp(
  `${L}(?:specials?(?![ ._-]edition)|ovas?|oavs?|oads?|onas?|sp(?=\\d))[ ._-]{0,3}#?(\\d{1,3})?(?:v\\d)?${R}`,
  'iu',
);

/** `Final Season`: one, but nobody knows which; no wish is for it. */
const UNKNOWN_SEASON: readonly NumberSpan[] = [{ from: -1, to: -1 }];
/** `Title - 15 (S02E03)`: counted through, and said again. */
const COUNTED_BEFORE = /^[ ._]{0,2}-[ ._]?\d{1,4}(?:v\d)?[ ._]?[([]/;

/** Reads `S01E03`, `1x03`, `S01`, `Season 1 - 03`, `Complete Series`, `2024.03.05`, `OVA 2`, `Part 2`, `- 103v2`, … */
export function readReleaseMarks(tail: string): ReleaseMarks {
  const specials = SPECIALS.exec(tail);
  const whole = readWhole(tail);
  const read =
    readExact(tail) ??
    readSeasonMarks(tail) ??
    readDay(tail) ??
    readSpecials(specials) ??
    readEpisodeAlone(tail) ??
    whole ??
    readCountedMarks(tail);
  const counted = read !== null && COUNTED_BEFORE.test(tail) ? 0 : tail.length;
  const index = Math.min(counted, ...[read?.index, whole?.index, specials?.index].map((at) => at ?? tail.length));
  const none = { seasons: [], episodes: [], dates: [], isSure: false };
  return { ...none, ...read, index, whole: whole?.whole ?? null, hasSpecials: specials !== null };
}

function readExact(tail: string): Read | null {
  const match = SXX_EYY.exec(tail) ?? CROSSED.exec(tail);
  if (match !== null) {
    const [text, season = '', first = '', rest = ''] = match;
    const lastSeason = /s(\d{1,4})[ ._]?e?\d*$/i.exec(text.slice(text.length - rest.length));
    const to = Number(lastSeason?.[1] ?? season);
    // `S01E01-S02E10` holds seasons; where exactly the last one ends is left open.
    const episodes = to > Number(season) ? [] : readSpans(Number(first), rest.replace(/s\d{1,4}|\d{1,2}x/gi, ''));
    return {
      index: match.index,
      seasons: [{ from: Number(season), to: Math.max(Number(season), to) }],
      episodes,
      isSure: true,
    };
  }
  const spanish = SPANISH.exec(tail);
  if (spanish === null) return null;
  const [season, episode] = [Number(spanish[1]), Number(spanish[2])];
  return {
    index: spanish.index,
    seasons: [{ from: season, to: season }],
    episodes: readSpans(episode, ''),
    isSure: true,
  };
}

function readSeasonMarks(tail: string): Read | null {
  const found = SEASONS.map((pattern) => pattern.exec(tail))
    .filter((match) => match !== null)
    .sort((a, b) => a.index - b.index)[0];
  const spoken = SPOKEN_SEASON.exec(tail);
  if (found === undefined && spoken === null) return null;
  const isSpoken = found === undefined || (spoken !== null && spoken.index < found.index);
  const match = isSpoken && spoken !== null ? spoken : found;
  if (match === undefined) return null;
  const number = isSpoken ? SPOKEN.indexOf((match[1] ?? '').toLowerCase()) : Number(match[1]);
  if (number < 0) return { index: match.index, seasons: UNKNOWN_SEASON, isSure: true };
  const seasons = readSpans(number, isSpoken ? '' : (match[2] ?? ''));
  const after = tail.slice(match.index + match[0].length);
  const next = seasons.length === 1 && seasons[0]?.from === seasons[0]?.to ? EPISODE_AFTER.exec(after) : null;
  const isEpisode = next !== null && isEpisodeNumber(next[1] ?? '', next[0]);
  const named = isEpisode ? next : seasons.length === 1 ? EPISODE_ALONE.exec(tail) : null;
  return {
    index: match.index,
    seasons,
    episodes: named === null ? [] : readSpans(Number(named[1]), named[2] ?? ''),
    isSure: true,
  };
}

/** Behind a season a bare number is its episode, unless it is a year, a picture's height or a codec. */
function isEpisodeNumber(digits: string, text: string): boolean {
  if (/[\p{L}]/u.test(text.replace(/v\d/i, ''))) return true;
  return !/^(?:(?:19|20)\d\d|\d|2160|1080|720|576|540|480|360|26[45])$/.test(digits);
}

function readDay(tail: string): Read | null {
  const dates = readDates(tail);
  const [first] = dates;
  return first === undefined ? null : { index: first.index, dates: dates.map(({ date }) => date), isSure: true };
}

function readSpecials(match: RegExpExecArray | null): Read | null {
  if (match?.[1] === undefined) return null;
  return { index: match.index, seasons: [{ from: 0, to: 0 }], episodes: readSpans(Number(match[1]), ''), isSure: true };
}

function readEpisodeAlone(tail: string): Read | null {
  const match = OF_SEVERAL.exec(tail) ?? EPISODE_ALONE.exec(tail);
  if (match !== null)
    return { index: match.index, episodes: readSpans(Number(match[1]), match[2] ?? ''), isSure: true };
  const part = PART.exec(tail);
  if (part === null) return null;
  // `Part 2 - 03`: an episode of a later half, whose season is not told.
  const isHalf = /^[ ._]{1,2}-[ ._]{1,2}\d{2,4}/.test(tail.slice(part.index + part[0].length));
  if (isHalf) return { index: part.index, seasons: UNKNOWN_SEASON, isSure: false };
  const spoken = PARTS.indexOf((part[1] ?? '').toLowerCase());
  const number = spoken > 0 ? spoken % 9 : Number(part[1]);
  return { index: part.index, episodes: readSpans(number, ''), isSure: false };
}

function readWhole(tail: string): Read | null {
  const series = WHOLE_SERIES.exec(tail);
  if (series !== null) return { index: series.index, whole: 'series', isSure: true };
  const batch = BATCH.exec(tail);
  return batch === null ? null : { index: batch.index, whole: 'batch', isSure: !/^complete$/i.test(batch[0]) };
}
