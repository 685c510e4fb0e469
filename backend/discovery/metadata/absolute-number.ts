// The number of an episode counted through all seasons, as anime is named by. Pure.

import type { KnownEpisode } from './title-metadata.js';

/**
 * Its number counted through the seasons from 1 on; null for specials, and where the list does not say for sure: a season
 * before it has a gap, or its own season is not listed. Seasons may be counted each from 1 or through.
 */
export function absoluteNumber(
  episodes: readonly KnownEpisode[],
  wish: { readonly season: number; readonly episode: number },
): number | null {
  const bySeason = groupBySeason(episodes);
  let before = 0;
  for (let season = 1; season <= wish.season; season += 1) {
    const numbers = bySeason.get(season);
    if (numbers === undefined) return null;
    const first = Math.min(...numbers);
    const isThrough = first === before + 1;
    if (first !== 1 && !isThrough) return null;
    if (season === wish.season) return first === 1 ? before + wish.episode : wish.episode;
    if (Math.max(...numbers) - first + 1 !== numbers.size) return null;
    before += numbers.size;
  }
  return null;
}

function groupBySeason(episodes: readonly KnownEpisode[]): ReadonlyMap<number, ReadonlySet<number>> {
  const seasons = new Map<number, Set<number>>();
  for (const { season, episode } of episodes) {
    const numbers = seasons.get(season) ?? new Set<number>();
    seasons.set(season, numbers.add(episode));
  }
  return seasons;
}
