// Which file of a release is meant. Pure; decides by names and sizes only.

import type { EpisodeWish, ReleaseFile } from '../content/index.js';
import { readEpisodeMarks, type EpisodeMarks } from './episode-name.js';
import { isVideo } from './playable.js';

/** Files of a pack whose names are read: beyond that a release is no pack of episodes. */
export const MAX_FILES_READ = 5_000;

const EXTRA_FOLDER =
  /^(?:samples?|proofs?|trailers?|extras?|featurettes?|bonus(?:[ ._-].*)?|behind[ ._-]the[ ._-]scenes|deleted[ ._-]scenes|interviews?|shorts|screens(?:hots)?)$/i;
const EXTRA_NAME =
  /^(?:sample|trailer|teaser|rarbg(?:[ ._-]com)?)(?:$|[ ._-])|(?:^|[ ._()[\]-])(?:sample|trailer\d?|teaser|featurette|behindthescenes|deleted|interview)[)\]]?$|(?:^|[ ._()[\]-])(?:nc(?:op|ed)\d{0,2}[a-z]?|creditless|making[ ._-]of|preview|menu|pv\d{0,2})(?![a-z0-9])/i;

/**
 * The largest playable video, or the one that holds the wished episode. Samples, trailers, extras, padding and empty files
 * are left out, unless nothing else is there.
 * @returns null when there is no video, or (with a wish) none that can be that episode.
 */
export function chooseFile(
  files: readonly ReleaseFile[],
  options: { readonly episode?: EpisodeWish } = {},
): ReleaseFile | null {
  return largest(options.episode === undefined ? listFilms(files) : matchEpisodes(files, options.episode));
}

/** Every playable video, in the order of `files`; samples, trailers, extras, padding and empty files as for `chooseFile`. */
export function listFilms(files: readonly ReleaseFile[]): readonly ReleaseFile[] {
  const videos = files.filter((file) => !file.isPadding && file.sizeBytes > 0 && isVideo(file.name));
  const largestBytes = videos.reduce((most, file) => Math.max(most, file.sizeBytes), 0);
  const films = videos.filter((file) => !isExtra(file, largestBytes));
  return films.length > 0 ? films : videos;
}

/** The films that hold the wished episode: one, several where it is there more than once, none. */
export function matchEpisodes(files: readonly ReleaseFile[], wish: EpisodeWish): readonly ReleaseFile[] {
  return episodeFiles(listFilms(files), wish);
}

/** A film may be called "The Sample": names alone make an extra only of a file well smaller than the largest. */
function isExtra(file: ReleaseFile, largestBytes: number): boolean {
  const folders = file.path.split('/').slice(0, -1);
  if (folders.some((folder) => EXTRA_FOLDER.test(folder.trim()))) return true;
  const stem = file.name.replace(/\.[^.]*$/, '');
  return file.sizeBytes * 2 < largestBytes && EXTRA_NAME.test(stem);
}

/** By season and episode; else by the day; else by the number counted through; else by a number without a season. */
function episodeFiles(candidates: readonly ReleaseFile[], wished: EpisodeWish): readonly ReleaseFile[] {
  const wish = asReleaseCounts(wished);
  const marked = candidates.slice(0, MAX_FILES_READ).map((file) => ({ file, marks: readEpisodeMarks(file.path) }));
  const pick = (fits: (marks: EpisodeMarks) => boolean): ReleaseFile[] =>
    marked.filter(({ marks }) => fits(marks)).map(({ file }) => file);

  const exact = pick((marks) => marks.season === wish.season && marks.episodes.includes(wish.episode));
  if (exact.length > 0 && !isCountedIn(marked, wish)) return exact;
  const { airDate } = wish;
  const aired = airDate === undefined ? [] : pick((marks) => marks.dates.includes(airDate));
  if (aired.length > 0) return aired;
  const through = pickAbsolute(marked, wish);
  if (through.length > 0) return through;
  if (exact.length > 0) return exact;
  const isSeasonless = marked.every(({ marks }) => marks.season === null || (marks.season === 0 && wish.season > 0));
  if (!isSeasonless) return [];
  // `Show.103.mkv` is season 1, episode 3, unless the pack counts its episodes through.
  const isNumbered = (marks: EpisodeMarks, number: number): boolean =>
    marks.season === null && marks.episodes.includes(number);
  const joined = pick((marks) => wish.episode < 100 && isNumbered(marks, wish.season * 100 + wish.episode));
  const counted = pick((marks) => isNumbered(marks, wish.episode));
  if (counted.length > 0) return counted;
  if (joined.length > 0 && wish.season > 0) return joined;
  // One film-sized file that says nothing at all: nothing speaks against it.
  return marked.length === 1 ? pick((marks) => marks.episodes.length === 0 && marks.dates.length === 0) : [];
}

/** What is counted through a title that is itself one season is no number of a release that holds others too. */
function asReleaseCounts({ absolute, releaseSeason, ...wish }: EpisodeWish): EpisodeWish {
  if (releaseSeason !== undefined && releaseSeason !== wish.season) return { ...wish, season: releaseSeason };
  return { ...wish, ...(absolute === undefined ? {} : { absolute }) };
}

interface MarkedFile {
  readonly file: ReleaseFile;
  readonly marks: EpisodeMarks;
}

/** Season folders may hold numbers that run through: in season 2 of `13 … 24` episode 13 is the first. */
function isCountedIn(marked: readonly MarkedFile[], { season, episode, absolute }: EpisodeWish): boolean {
  if (absolute === undefined || absolute <= episode) return false;
  const numbers = marked.filter(({ marks }) => marks.season === season).flatMap(({ marks }) => marks.episodes);
  return numbers.every((number) => number > absolute - episode) && numbers.includes(absolute);
}

/** Files that bear the number counted through: without a season, within the wished one, or all under season 1. */
function pickAbsolute(marked: readonly MarkedFile[], { season, absolute }: EpisodeWish): readonly ReleaseFile[] {
  if (absolute === undefined || season === 0) return [];
  const numbered = marked.filter(({ marks }) => marks.episodes.includes(absolute));
  const isOfOneSeason = marked.every(({ marks }) => (marks.season ?? 1) <= 1);
  for (const believed of [null, season, ...(isOfOneSeason ? [1] : [])]) {
    const found = numbered.filter(({ marks }) => marks.season === believed);
    if (found.length > 0) return found.map(({ file }) => file);
  }
  return [];
}

function largest(files: readonly ReleaseFile[]): ReleaseFile | null {
  return files.reduce<ReleaseFile | null>(
    (best, file) => (best === null || file.sizeBytes > best.sizeBytes ? file : best),
    null,
  );
}
