// Which questions find a title at Prowlarr. It takes ids and numbers inside the words, in braces: `{ImdbId:tt…}{Season:1}`. Pure.

import type { TitleFacts } from '../../naming/index.js';
import { CAPS_NOT_TOLD } from './caps.js';
import type { IndexerCaps } from './caps.js';
import { planQueries } from './plan-queries.js';

export interface ProwlarrQuery {
  readonly type: 'search' | 'tvsearch' | 'movie';
  readonly query: string;
  readonly categories: readonly number[];
  readonly isFallback: boolean;
}

/** Prowlarr as an indexer that can do everything: it knows itself whom to ask what. */
const ALL: IndexerCaps = {
  ...CAPS_NOT_TOLD,
  tvSearch: new Set(['q', 'season', 'ep', 'imdbid', 'tmdbid', 'tvdbid']),
  movieSearch: new Set(['q', 'imdbid', 'tmdbid']),
};
const IN_BRACES = [
  ['imdbid', 'ImdbId'],
  ['tmdbid', 'TmdbId'],
  ['tvdbid', 'TvdbId'],
  ['season', 'Season'],
  ['ep', 'Episode'],
] as const;

/** As `planQueries` plans them for an aggregator. */
export function planProwlarrQueries(title: TitleFacts): readonly ProwlarrQuery[] {
  return planQueries(ALL, title, { kind: 'jackett' }).map(({ parameters, isFallback }) => {
    const marks = IN_BRACES.flatMap(([name, mark]) => {
      const value = parameters[name];
      return value === undefined ? [] : [`{${mark}:${value}}`];
    });
    return {
      type: typeOf(parameters['t']),
      query: [parameters['q'] ?? '', marks.join('')].filter(Boolean).join(' '),
      categories: (parameters['cat'] ?? '').split(',').filter(Boolean).map(Number),
      isFallback,
    };
  });
}

function typeOf(mode: string | undefined): ProwlarrQuery['type'] {
  return mode === 'movie' || mode === 'tvsearch' ? mode : 'search';
}
