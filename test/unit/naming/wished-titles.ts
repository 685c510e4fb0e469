// The titles that the cases of test/fixtures/names are asked for by: invented, with what metadata would tell of them.

import type { EpisodeFacts, TitleFacts } from '../../../backend/naming/index.js';

const NOTHING_MORE = { lastYear: null, runtimeMinutes: null, isAnime: false, ids: {} } as const;

function film(year: number, ...titles: [string, ...string[]]): TitleFacts {
  return { ...NOTHING_MORE, kind: 'film', titles, year, episode: null };
}

function series(
  years: readonly [first: number, last: number | null],
  episode: EpisodeFacts,
  ...titles: [string, ...string[]]
): TitleFacts {
  return { ...NOTHING_MORE, kind: 'series', titles, year: years[0], lastYear: years[1], episode };
}

function anime(year: number, episode: EpisodeFacts, ...titles: [string, ...string[]]): TitleFacts {
  return { ...series([year, null], episode, ...titles), isAnime: true };
}

const HOSHI: [string, ...string[]] = ['Hoshi no Umi', 'Sea of Stars', '星の海'];

export const wishedTitles: Readonly<Record<string, TitleFacts>> = {
  lantern: film(2004, 'The Paper Lantern', 'La lanterne de papier', '紙の灯籠'),
  lantern89: film(1989, 'The Paper Lantern'),
  lone: film(2010, 'The Lantern'),
  keeper: film(2016, 'The Lantern Keeper'),
  lights: film(2011, 'Harbour Lights'),
  lights2: film(2014, 'Harbour Lights 2', 'Harbour Lights: Low Tide'),
  reeds: film(1998, 'Kingdom of Reeds III'),
  tide: film(2021, 'The Tide: Part Two'),
  y2031: film(2009, '2031'),
  harbour7: film(2015, 'Harbour 7'),
  room: film(2013, 'Room 204'),
  boat2049: film(2017, 'Ferryman 2049'),
  ferryman: film(1982, 'Ferryman'),
  dont: film(2018, "Don't Wake the Harbourmaster"),
  star: film(1999, 'Star of the Harbour', "L'Étoile du port"),
  kahn: film(2007, 'Der grüne Kahn'),
  boats: film(2012, 'Paper Boats', 'Бумажные кораблики'),
  swat: film(2014, 'S.A.L.T. Unit'),
  spider: film(2002, 'Kite-Man'),
  trailer: film(2013, 'The Trailer'),
  kite: series([2016, 2020], { season: 2, episode: 3, airDate: '2017-03-05', title: 'Dust' }, 'Kite Runners of Mars'),
  kite1: series([2016, 2020], { season: 1, episode: 3 }, 'Kite Runners of Mars'),
  special: series([2016, 2020], { season: 0, episode: 5, title: 'The Snow Special' }, 'Kite Runners of Mars'),
  salt: series([2012, null], { season: 3, episode: 10 }, 'Salt & Pepper Lane'),
  hundred: series([2014, 2020], { season: 2, episode: 3 }, 'The 300'),
  watch04: series([2004, null], { season: 1, episode: 3, airDate: '2004-10-02' }, 'Harbour Watch'),
  watch21: series([2021, null], { season: 1, episode: 3 }, 'Harbour Watch'),
  remade: series([2021, null], { season: 1, episode: 3 }, 'Harbour Watch (2021)'),
  ferryUk: series([2001, 2003], { season: 1, episode: 3 }, 'Night Ferry'),
  ferryUs: series([2005, 2013], { season: 1, episode: 3 }, 'Night Ferry (US)', 'Night Ferry'),
  daily: series([2015, null], { season: 9, episode: 40, airDate: '2024-03-05' }, 'The Late Harbour'),
  tides: series([2019, 2019], { season: 1, episode: 2 }, 'The Long Tide'),
  hoshi: anime(2018, { season: 1, episode: 3, absolute: 3 }, ...HOSHI),
  hoshi2: anime(2018, { season: 2, episode: 3, absolute: 15 }, ...HOSHI),
  hoshi103: anime(2018, { season: 5, episode: 7, absolute: 103 }, ...HOSHI),
  hoshi1043: anime(1999, { season: 21, episode: 152, absolute: 1043 }, ...HOSHI),
  kitsu2: anime(2020, { season: 1, episode: 3, absolute: 3 }, 'Hoshi no Umi 2nd Season', 'Sea of Stars Season 2'),
  kitsuIi: anime(2020, { season: 1, episode: 3, absolute: 3 }, 'Kaze no Machi II'),
  animeFilm: { ...film(2020, 'Hoshi no Umi: Kaze no Shou', 'Hoshi no Umi Movie: Kaze no Shou'), isAnime: true },
};
