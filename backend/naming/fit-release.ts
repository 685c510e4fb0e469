// Whether a release is the film or the episode that was asked for, by its name. The library that parses names guesses where a
// title ends; here the title is known, so it is looked for in the name and the library is left out: titles with years and
// numbers in them (`1984`, `Room 104`) and titles that begin other titles are only told apart so.

import { findTitles, type FoundTitle } from './find-title.js';
import { fitEpisode, isYearOfSeries, seasonOf, type EpisodeQuestion } from './fit-episode.js';
import { cutText, fold, splitWords } from './fold-text.js';
import { isExtraName } from './extra-words.js';
import type { ReleaseFit } from './release-fit.js';
import { readReleaseMarks, type ReleaseMarks } from './release-marks.js';
import type { EpisodeFacts, TitleFacts } from './title-facts.js';
import { readRemainder, type NameText, type TitleRemainder } from './title-remainder.js';
import { readWantedTitles, type WantedTitles } from './wanted-titles.js';

/** One reading of a name: with this title found, this is what the rest says. */
interface Reading {
  readonly found: FoundTitle;
  readonly tail: string;
  readonly marks: ReleaseMarks;
  readonly remainder: TitleRemainder;
}

/** How far a reading got before something spoke against it: the furthest tells why. */
const REASONS = ['title', 'year', 'kind', 'season', 'episode', 'extra'] as const;

const COLLECTION =
  /(?<![\p{L}\p{N}])(?:trilogy|duology|dilogy|quadrilogy|tetralogy|pentalogy|hexalogy|anthology|saga|collection|filmography|box[ ._-]?set|\d[ ._-]?(?:films?|movies?)|\d ?- ?\d(?![\p{L}\p{N}]))/iu;
const SPECIAL: ReleaseFit = { fits: true, isPack: false };
const MOVIE = /(?<![\p{L}])(?:the[ ._-]?movie|movie|gekijouban)(?![\p{L}])/iu;
/** A group may be called like an episode. */
const GROUP = /(?<=26[45]|hevc|avc|xvid|divx|\d{3,4}p|bluray|dvdrip|webrip|web-dl|hdtv)-[\p{L}\p{N}]+$/iu;
const PART_BEHIND = /^[^\p{L}\p{N}]*(?:part|pt)[ ._-]?(?:[2-9]|ii|iii|iv|two|three|four)(?![\p{L}\p{N}])/iu;

/**
 * Reads up to 512 characters of `releaseName`; never throws. A name without a year fits any year. A collection of films never
 * fits: which of its files is the film cannot be told later.
 */
export function fitRelease(releaseName: string, title: TitleFacts): ReleaseFit {
  const text = cutText(releaseName);
  const name: NameText = { text, words: splitWords(text) };
  const wanted = readWantedTitles(title);
  const fits = findTitles(text, name.words, wanted.titles).map((found) => fitReading(name, found, wanted, title));
  return fits.reduce<ReleaseFit>(better, { fits: false, because: 'title' });
}

function better(best: ReleaseFit, next: ReleaseFit): ReleaseFit {
  if (best.fits) return best;
  return next.fits || REASONS.indexOf(next.because) > REASONS.indexOf(best.because) ? next : best;
}

function fitReading(name: NameText, found: FoundTitle, wanted: WantedTitles, title: TitleFacts): ReleaseFit {
  const tail = name.text.slice(found.end);
  const marks = readReleaseMarks(title.kind === 'film' ? tail.replace(GROUP, '') : tail);
  const limit = title.kind === 'film' && !marks.isSure ? name.text.length : found.end + marks.index;
  const remainder = readRemainder(name, found, limit, wanted.asides);
  const reading: Reading = { found, tail, marks, remainder };
  return title.kind === 'film' ? fitFilm(reading, title) : fitSeries(name, reading, wanted, title);
}

function fitFilm({ found, tail, marks, remainder }: Reading, title: TitleFacts): ReleaseFit {
  const named = tail.slice(0, remainder.end - found.end);
  if (!remainder.isSameTitle || COLLECTION.test(named) || PART_BEHIND.test(behindYear(named))) return no('title');
  if (remainder.isExtra) return no('extra');
  const { years } = remainder;
  if (title.year !== null && years.length > 0 && !years.some((year) => Math.abs(year - (title.year ?? 0)) <= 1))
    return no('year');
  if (marks.isSure) return no('kind');
  const technicalIndex = remainder.end - found.end;
  if (isExtraName({ tail, technicalIndex, isEpisode: false, episodeTitle: null })) return no('extra');
  return { fits: true, isPack: false };
}

function fitSeries(name: NameText, reading: Reading, wanted: WantedTitles, title: TitleFacts): ReleaseFit {
  const { found, tail, marks, remainder } = reading;
  const { episode } = title;
  if (episode === null) return no('kind');
  const isNamedSpecial = episode.season === 0 && isEpisodeTitle(tail, episode);
  if (!remainder.isSameTitle && !isNamedSpecial) return no('title');
  if (remainder.isExtra) return no('extra');
  if (marks.seasons.length === 0 && MOVIE.test(tail) && !isNamedSpecial) return no('kind');
  const years = remainder.years.filter((year) => !isYearOfSeries(year, title));
  if (years.length > 0 && years.length === remainder.years.length) return no('year');
  if (isOtherCountry(remainder, wanted)) return no('title');
  const question: EpisodeQuestion = {
    wish: episode,
    isAnime: title.isAnime,
    titleSeason: found.title.season,
    namedSeason: found.title.namedSeason,
    isTagged: /^\s*[[【]/.test(name.text),
  };
  const fit = isNamedSpecial && marks.episodes.length === 0 ? SPECIAL : fitEpisode(marks, question);
  if (!fit.fits) return fit;
  return isExtraOfSeries(reading, episode, seasonOf(question)) ? no('extra') : fit;
}

function isExtraOfSeries({ tail, marks }: Reading, episode: EpisodeFacts, season: number): boolean {
  const isEpisode = marks.episodes.length > 0 || marks.dates.length > 0;
  const technical =
    /(?<![\p{L}\p{N}])(?:\d{3,4}[pi]|4k|uhd|web|webrip|blu-?ray|bdrip|hdtv|dvdrip|x26[45]|h[ .]?26[45]|hevc|xvid)(?![\p{L}\p{N}])/iu.exec(
      tail,
    );
  const technicalIndex = technical?.index ?? tail.length;
  const behindMark = tail.slice(marks.index).replace(/^[^\s._-]+(?:[\s._-]+\d+)?/, '');
  const text = isEpisode ? behindMark : tail;
  const index = Math.max(0, technicalIndex - (tail.length - text.length));
  return (
    season !== 0 && isExtraName({ tail: text, technicalIndex: index, isEpisode, episodeTitle: episode.title ?? null })
  );
}

/** Without a country known, a name with one is of the other show, unless its year says that it is not. */
function isOtherCountry({ country, years }: TitleRemainder, { countries }: WantedTitles): boolean {
  if (country === null || countries.has(country)) return false;
  return countries.size > 0 || years.length === 0;
}

/** `Show - The Snow Special`: a special called by its own title. */
function isEpisodeTitle(tail: string, episode: EpisodeFacts): boolean {
  const join = (text: string): string => fold(text).replace(/[^\p{L}\p{N}]/gu, '');
  const title = join(episode.title ?? '');
  return title.length > 3 && join(tail).startsWith(title);
}

function behindYear(named: string): string {
  return named.replace(/^.*(?:19|20)\d\d/u, '');
}

function no(because: (typeof REASONS)[number]): ReleaseFit {
  return { fits: false, because };
}
