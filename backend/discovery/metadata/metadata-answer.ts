// The `/meta/{type}/{id}.json` answer of a Stremio addon becomes facts. Pure. Written by strangers, each in a way of their
// own: each field is taken for itself, what does not fit is as if it were not there, and everything is bounded.

import { z } from 'zod';
import { UpstreamError } from '../../content/index.js';
import type { TitleIds } from '../../naming/index.js';
import { parseRuntime, parseYears } from './told-values.js';
import type { KnownEpisode, TitleMetadata } from './title-metadata.js';

/** More episodes than a daily show of twenty years has; the rest is not read. */
const MAX_EPISODES = 8_000;
const MAX_TITLES = 12;
const MAX_TITLE_LENGTH = 200;
const MAX_LIST = 100;
/** What stands where an episode has no title of its own. */
const NO_TITLE = /^(?:episode\s*#?\d+|tb[ad])$/i;
const AMERICAN = /\b(?:united states|usa?|canada)\b/i;
const JAPANESE = /\b(?:japan|jpn?)\b/i;

const text = z.string().max(1000).optional().catch(undefined);
const count = wholeNumber(0, 99_999);
const databaseId = wholeNumber(1, 1e12);
const imdbId = z
  .string()
  .regex(/^tt\d{1,12}$/)
  .optional()
  .catch(undefined);
const numberOrText = z
  .union([z.string().max(100), z.number()])
  .transform(String)
  .optional()
  .catch(undefined);
/** Of a video; longer ones are no moments. */
const moment = z.string().max(40).optional().catch(undefined);
/** One text or a list of them; what is no text in the list is left out. */
const texts = z
  .union([z.string().transform((one) => [one]), z.array(z.unknown())])
  .transform((list) => list.slice(0, MAX_LIST).filter((one): one is string => typeof one === 'string'))
  .optional()
  .catch(undefined);

const answer = z.object({ meta: z.unknown().optional() });
const noMeta = z.union([z.null(), z.undefined(), z.object({ name: z.undefined().optional() })]);

const video = z.object({
  season: count,
  episode: count,
  number: count,
  name: text,
  title: text,
  released: moment,
  firstAired: moment,
  imdbSeason: count,
  imdbEpisode: count,
});

const meta = z.object({
  id: imdbId,
  name: z.string(),
  originalName: text,
  original_name: text,
  originalTitle: text,
  original_title: text,
  aliases: texts,
  alternativeTitles: texts,
  year: numberOrText,
  releaseInfo: numberOrText,
  released: text,
  runtime: numberOrText,
  genre: texts,
  genres: texts,
  country: texts,
  imdb_id: imdbId,
  moviedb_id: databaseId,
  tmdb_id: databaseId,
  tvdb_id: databaseId,
  kitsu_id: databaseId,
  videos: z.array(z.unknown()).optional().catch(undefined),
});

type Meta = z.infer<typeof meta>;

/**
 * What the answer tells; null where it says that there is no such title (no `meta`, or one without a name).
 * @throws {UpstreamError} METADATA_INVALID for what is no such answer
 */
export function parseMetadataAnswer(body: Uint8Array): TitleMetadata | null {
  const parsed = answer.safeParse(parseJson(body));
  if (!parsed.success) throw invalid();
  if (noMeta.safeParse(parsed.data.meta).success) return null;
  const told = meta.safeParse(parsed.data.meta);
  if (!told.success) throw invalid();
  return metadataOf(told.data);
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (error) {
    throw invalid(error);
  }
}

function invalid(cause?: unknown): UpstreamError {
  return new UpstreamError('The metadata addon answered with something else than metadata.', 'METADATA_INVALID', {
    cause,
  });
}

function metadataOf(told: Meta): TitleMetadata | null {
  const titles = titlesOf(told);
  if (titles === null) return null;
  const countries = (told.country ?? []).join(' ');
  const episodes = episodesOf(told.videos ?? []);
  return {
    titles,
    ...yearsOf(told, episodes),
    runtimeMinutes: parseRuntime(told.runtime ?? ''),
    isAnime: isAnime(told, countries),
    isAmerican: AMERICAN.test(countries),
    ids: idsOf(told),
    episodes,
  };
}

function titlesOf(told: Meta): readonly [string, ...string[]] | null {
  const all = [
    told.name,
    told.originalName,
    told.original_name,
    told.originalTitle,
    told.original_title,
    ...(told.aliases ?? []),
    ...(told.alternativeTitles ?? []),
  ];
  const byFold = new Map<string, string>();
  for (const one of all) {
    const title = cleaned(one);
    if (title !== '' && !byFold.has(title.toLowerCase())) byFold.set(title.toLowerCase(), title);
  }
  const [first, ...others] = [...byFold.values()].slice(0, MAX_TITLES);
  return first === undefined ? null : [first, ...others];
}

/** One line; empty where it is too long to be a title. */
function cleaned(title: string | undefined): string {
  const line = (title ?? '')
    .slice(0, 1000)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line.length > MAX_TITLE_LENGTH ? '' : line;
}

function yearsOf(told: Meta, episodes: readonly KnownEpisode[]): Pick<TitleMetadata, 'year' | 'lastYear'> {
  const years = [told.releaseInfo, told.year].map((one) => parseYears(one ?? ''));
  const dates = [told.released, episodes.find(({ season }) => season > 0)?.released];
  const [byDate = null] = dates.flatMap((one) => parseYears((one ?? '').slice(0, 4)) ?? []);
  const first = years.find((one) => one !== null)?.first ?? byDate?.first ?? null;
  return { year: first, lastYear: years.find((one) => one !== null && one.last !== null)?.last ?? null };
}

function isAnime(told: Meta, countries: string): boolean {
  const genres = [...(told.genres ?? []), ...(told.genre ?? [])].map((genre) => genre.toLowerCase());
  return (
    told.kitsu_id !== undefined ||
    genres.includes('anime') ||
    (genres.includes('animation') && JAPANESE.test(countries))
  );
}

function idsOf({ id, imdb_id = id, moviedb_id, tmdb_id, tvdb_id, kitsu_id }: Meta): TitleIds {
  const tmdb = moviedb_id ?? tmdb_id;
  return {
    ...(imdb_id === undefined ? {} : { imdb: imdb_id }),
    ...(tmdb === undefined ? {} : { tmdb }),
    ...(tvdb_id === undefined ? {} : { tvdb: tvdb_id }),
    ...(kitsu_id === undefined ? {} : { kitsu: kitsu_id }),
  };
}

function episodesOf(videos: readonly unknown[]): readonly KnownEpisode[] {
  return videos.slice(0, MAX_EPISODES).flatMap((one) => {
    const parsed = video.safeParse(one);
    return parsed.success ? (episodeOf(parsed.data) ?? []) : [];
  });
}

function episodeOf(told: z.infer<typeof video>): KnownEpisode | null {
  const { season, imdbSeason, imdbEpisode } = told;
  const episode = told.episode ?? told.number;
  if (season === undefined || episode === undefined) return null;
  const title = cleaned(told.name ?? told.title);
  const released = told.released ?? told.firstAired;
  const isCounted = imdbSeason !== undefined && imdbEpisode !== undefined;
  return {
    season,
    episode,
    ...(title === '' || NO_TITLE.test(title) ? {} : { title }),
    ...(released === undefined ? {} : { released }),
    ...(isCounted ? { imdb: { season: imdbSeason, episode: imdbEpisode } } : {}),
  };
}

/** A number or the text of one; `true`, `null` and the like are none. */
function wholeNumber(min: number, max: number) {
  return z
    .unknown()
    .optional()
    .transform((value): number | undefined => {
      const told = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value;
      return typeof told === 'number' && Number.isInteger(told) && told >= min && told <= max ? told : undefined;
    });
}
