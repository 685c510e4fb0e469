// What an addon told and what was wished become the facts that releases are searched and judged by. Pure.

import type { EpisodeFacts, TitleFacts, TitleIds } from '../../naming/index.js';
import { absoluteNumber } from './absolute-number.js';
import type { KnownEpisode, TitleMetadata } from './title-metadata.js';
import { parseAirDate } from './told-values.js';

/** A film, or an episode of a series. */
export interface MetadataWish {
  /** Without season and episode: `tt…`, `tmdb:…`, `tvdb:…`, `kitsu:…`. */
  readonly titleId: string;
  /** What Stremio asks for; a series without an episode is a film (Kitsu's one-offs). */
  readonly type: 'movie' | 'series';
  /** Kitsu counts episodes through: of its titles only the episode counts. */
  readonly episode?: { readonly season: number; readonly episode: number };
}

/** The facts for one wish. An episode that the addon does not list (yet) keeps its season and number. */
export function factsOfTitle(metadata: TitleMetadata, wish: MetadataWish): TitleFacts {
  const { titles, year, lastYear, runtimeMinutes } = metadata;
  const episode = episodeFacts(metadata, wish);
  return {
    kind: episode === null ? 'film' : 'series',
    titles,
    year,
    lastYear: episode === null ? null : lastYear,
    runtimeMinutes,
    isAnime: metadata.isAnime || isKitsu(wish),
    ids: { ...idsFor(metadata, wish), ...idOf(wish.titleId) },
    episode,
  };
}

/** The wished episode in the list; null for films and where it is not (yet) there. */
export function findEpisode({ episodes }: TitleMetadata, wish: MetadataWish): KnownEpisode | null {
  const wished = wishedEpisode(wish);
  if (wished === null) return null;
  const isInSeason = ({ season }: KnownEpisode): boolean => (isKitsu(wish) ? season > 0 : season === wished.season);
  return episodes.find((one) => one.episode === wished.episode && isInSeason(one)) ?? null;
}

/** Null for a film. */
export function wishedEpisode({
  type,
  episode,
}: MetadataWish): { readonly season: number; readonly episode: number } | null {
  return type === 'series' ? (episode ?? null) : null;
}

function isKitsu({ titleId }: MetadataWish): boolean {
  return titleId.startsWith('kitsu:');
}

function episodeFacts(metadata: TitleMetadata, wish: MetadataWish): EpisodeFacts | null {
  const wished = wishedEpisode(wish);
  if (wished === null) return null;
  const { title, released } = findEpisode(metadata, wish) ?? {};
  const airDate = parseAirDate(released ?? '', metadata.isAmerican);
  const absolute = isKitsu(wish) ? wished.episode : absoluteNumber(metadata.episodes, wished);
  return {
    season: isKitsu(wish) ? 1 : wished.season,
    episode: wished.episode,
    ...(absolute === null ? {} : { absolute }),
    ...(airDate === null ? {} : { airDate }),
    ...(title === undefined ? {} : { title }),
    ...(isKitsu(wish) ? {} : followed(metadata.episodes, wished)),
  };
}

/** Seasons may be counted each from 1 or through. */
function followed(
  episodes: readonly KnownEpisode[],
  { season, episode }: { readonly season: number; readonly episode: number },
): Pick<EpisodeFacts, 'follows'> {
  const isListed = episodes.some((one) => one.season === season && one.episode === episode);
  const isFirst = isListed && !episodes.some((one) => one.season === season && one.episode < episode);
  const before = season - 1;
  const last = episodes.reduce((most, one) => (one.season === before ? Math.max(most, one.episode) : most), 0);
  return isFirst && before > 0 && last > 0 ? { follows: { season: before, episode: last } } : {};
}

/** A title of Kitsu may be the third season of another database's: its ids there would find the episodes of the first. */
function idsFor({ ids, episodes }: TitleMetadata, wish: MetadataWish): TitleIds {
  const isElsewhere = ({ episode, imdb }: KnownEpisode): boolean =>
    imdb !== undefined && (imdb.season !== 1 || imdb.episode !== episode);
  return isKitsu(wish) && episodes.some(isElsewhere) ? {} : ids;
}

function idOf(titleId: string): TitleIds {
  const [database, number] = titleId.split(':');
  switch (database) {
    case 'tmdb':
    case 'tvdb':
    case 'kitsu':
      return { [database]: Number(number) };
    default:
      return { imdb: titleId };
  }
}
