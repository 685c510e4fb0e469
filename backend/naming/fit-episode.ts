// Whether the marks of a release name hold a wished episode. Knows no titles.

import { areSeveral, isInSpans } from './number-spans.js';
import type { ReleaseFit } from './release-fit.js';
import type { ReleaseMarks } from './release-marks.js';
import type { TitleFacts } from './title-facts.js';
import type { EpisodeWish } from '../content/index.js';

const ONE: ReleaseFit = { fits: true, isPack: false };
const PACK: ReleaseFit = { fits: true, isPack: true };
const OTHER_SEASON: ReleaseFit = { fits: false, because: 'season' };
const OTHER_EPISODE: ReleaseFit = { fits: false, because: 'episode' };

/** What is wished for, in the numbers the name may use. */
export interface EpisodeQuestion {
  readonly wish: EpisodeWish;
  readonly isAnime: boolean;
  /** The season that the title itself names (`Title 2nd Season`, where the wish counts from 1); null for most. */
  readonly titleSeason: number | null;
  /** The season that is part of the title as it was found: what the numbers behind it are of, where they say none themselves. */
  readonly namedSeason: number | null;
  /** A group's tag opens the name, as fansubs have it. */
  readonly isTagged: boolean;
}

/** Judges what `readReleaseMarks` read. */
export function fitEpisode(marks: ReleaseMarks, question: EpisodeQuestion): ReleaseFit {
  const { wish, titleSeason } = question;
  if (marks.dates.length > 0) {
    const isThatDay = wish.airDate !== undefined && marks.dates.includes(wish.airDate);
    return isThatDay ? ONE : OTHER_EPISODE;
  }
  if (marks.seasons.length > 0) return fitSeason(marks, question);
  if (titleSeason !== null) return OTHER_SEASON;
  if (marks.episodes.length > 0) return inSeason(question.namedSeason, wish, fitCounted(marks, question));
  if (wish.season === 0) return marks.hasSpecials ? PACK : OTHER_SEASON;
  return inSeason(question.namedSeason, wish, fitUnnumbered(marks, question));
}

/** `fit`, in a release that counts the wished episode in `season`. */
function inSeason(season: number | null, wish: EpisodeWish, fit: ReleaseFit): ReleaseFit {
  const isOther = season !== null && season !== wish.season && wish.season === 1;
  return fit.fits && isOther ? { ...fit, releaseSeason: season } : fit;
}

/** The season wished for, in the numbers of names found by this title. */
export function seasonOf({ wish, titleSeason }: EpisodeQuestion): number {
  return titleSeason !== null && wish.season === 1 ? titleSeason : wish.season;
}

function fitSeason(marks: ReleaseMarks, question: EpisodeQuestion): ReleaseFit {
  const { wish, isAnime, namedSeason } = question;
  const { seasons, episodes } = marks;
  // `Title Season 2 S02E03` says it twice.
  const isTwice = wish.season === 1 && namedSeason !== null && isInSpans(seasons, namedSeason);
  const season = isTwice ? namedSeason : seasonOf(question);
  const isThere = isInSpans(seasons, season) || (season === 0 && marks.hasSpecials && episodes.length === 0);
  if (!isThere) {
    // Anime counted through under season 1: `S01E103` for the third of season 5.
    const { absolute } = wish;
    const isThrough = isAnime && absolute !== undefined && wish.season > 1 && absolute > wish.episode;
    const isFirst = seasons.length === 1 && seasons[0]?.from === 1 && seasons[0].to === 1;
    if (isThrough && isFirst && isInSpans(episodes, absolute)) return areSeveral(episodes) ? PACK : ONE;
    return OTHER_SEASON;
  }
  if (episodes.length > 0 && !isInSpans(episodes, wish.episode)) return OTHER_EPISODE;
  return inSeason(season, wish, episodes.length === 0 || areSeveral(episodes) ? PACK : ONE);
}

/** Numbers without a season: counted through, or of the first season. */
function fitCounted(marks: ReleaseMarks, { wish, isAnime }: EpisodeQuestion): ReleaseFit {
  const { episodes } = marks;
  const found = areSeveral(episodes) ? PACK : ONE;
  if (wish.season === 0) return OTHER_SEASON;
  if (wish.absolute !== undefined && isInSpans(episodes, wish.absolute)) return found;
  if (wish.season === 1 && isInSpans(episodes, wish.episode)) return found;
  const joined = wish.season * 100 + wish.episode;
  if (!isAnime && wish.episode < 100 && found === ONE && isInSpans(episodes, joined)) return ONE;
  return wish.season > 1 && wish.absolute === undefined ? OTHER_SEASON : OTHER_EPISODE;
}

/** `Complete`, or nothing at all: of anime that is how a whole season is called. */
function fitUnnumbered(marks: ReleaseMarks, { wish, isAnime, isTagged }: EpisodeQuestion): ReleaseFit {
  if (marks.whole === 'series') return PACK;
  const isWhole = marks.whole === 'batch' || (isAnime && isTagged && !marks.hasSpecials);
  if (isWhole) return wish.season === 1 || (marks.whole === 'batch' && !isAnime) ? PACK : OTHER_SEASON;
  return marks.hasSpecials ? OTHER_SEASON : { fits: false, because: 'kind' };
}

/** True when a year in a name may stand there for this series: of its first episode, or the year the wished one aired. */
export function isYearOfSeries(year: number, { year: first, lastYear, episode }: TitleFacts): boolean {
  if (first === null || Math.abs(year - first) <= 1) return true;
  if (episode?.airDate !== undefined) return Math.abs(year - Number(episode.airDate.slice(0, 4))) <= 1;
  return lastYear !== null && first <= year && year <= lastYear;
}
