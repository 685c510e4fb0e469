// Made-up titles to search for.

import type { TitleFacts } from '../../../../backend/naming/index.js';

const unknown = { lastYear: null, runtimeMinutes: null, isAnime: false } as const;

export const film: TitleFacts = {
  ...unknown,
  kind: 'film',
  titles: ['The Paper Lantern', 'La Lanterne de papier'],
  year: 2019,
  ids: { imdb: 'tt0000123', tmdb: 45 },
  episode: null,
};

export const series: TitleFacts = {
  ...unknown,
  kind: 'series',
  titles: ["Harbour Lights: The Keeper's Tale"],
  year: 2020,
  ids: { imdb: 'tt0000456', tvdb: 789 },
  episode: { season: 1, episode: 2 },
};

export const anime: TitleFacts = {
  ...series,
  titles: ['Tidewater Academy'],
  isAnime: true,
  ids: { tvdb: 789 },
  episode: { season: 5, episode: 3, absolute: 103 },
};

export const daily: TitleFacts = {
  ...series,
  titles: ['The Late Ferry'],
  ids: { tvdb: 789 },
  episode: { season: 2024, episode: 12, airDate: '2024-02-14' },
};
