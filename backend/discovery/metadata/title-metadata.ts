// What a metadata addon told of one film or series, in words of the house: plain data, small enough to be kept.

import type { TitleIds } from '../../naming/index.js';

/** One episode, as far as it was told. */
export interface KnownEpisode {
  /** 0 holds the specials. */
  readonly season: number;
  readonly episode: number;
  readonly title?: string;
  /** When it was first shown, as it was written: a list may hold thousands, of which one is ever looked at. */
  readonly released?: string;
  /** Where IMDb counts it, told by addons that count in another way. */
  readonly imdb?: { readonly season: number; readonly episode: number };
}

export interface TitleMetadata {
  /** At least one; the name it is shown under comes first. */
  readonly titles: readonly [string, ...string[]];
  readonly year: number | null;
  readonly lastYear: number | null;
  readonly runtimeMinutes: number | null;
  readonly isAnime: boolean;
  /** From the United States or Canada: decides which day a moment belongs to. */
  readonly isAmerican: boolean;
  /** As the addon told them; what it was asked with is not among them by itself. */
  readonly ids: TitleIds;
  /** In the addon's order; empty for films. */
  readonly episodes: readonly KnownEpisode[];
}
