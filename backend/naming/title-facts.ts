// What is known of a film or a series before its releases are looked for. Plain data; where it comes from is not known here.

import type { EpisodeWish } from '../content/index.js';

/** Ids of one title in the databases people ask with. */
export interface TitleIds {
  /** `tt…` */
  readonly imdb?: string;
  readonly tmdb?: number;
  readonly tvdb?: number;
  readonly kitsu?: number;
}

/** The wished episode, with what else it may be called by. */
export interface EpisodeFacts extends EpisodeWish {
  readonly title?: string;
  /** Where it is the first of its season: the last one known of the season before. Absent elsewhere, and where nobody knows. */
  readonly follows?: { readonly season: number; readonly episode: number };
}

/** Enough to search for a title, and to tell its releases from those of others with a like name. */
export interface TitleFacts {
  readonly kind: 'film' | 'series';
  /** At least one. It is searched for by the first; the others are its original and other titles. */
  readonly titles: readonly [string, ...string[]];
  /** Of the film, or of the first episode; null when not known. */
  readonly year: number | null;
  /** Of the last episode; null for films, for what still runs and when not known. */
  readonly lastYear: number | null;
  /** Of the film or one episode; null when not known. */
  readonly runtimeMinutes: number | null;
  readonly isAnime: boolean;
  readonly ids: TitleIds;
  /** Null for a film. */
  readonly episode: EpisodeFacts | null;
}
