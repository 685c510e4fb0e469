// Which questions find a title at an indexer that can do what it says. Pure.
//
// At most four, two at a time: a list has to be there within five seconds, an account often allows a hundred questions a day,
// and an aggregator asks all its sites for each. Ids come before words, because only ids tell a remake from its original. The
// season is asked for without the episode too: packs are listed under it.

import type { EpisodeFacts, TitleFacts } from '../../naming/index.js';
import type { IndexerKind } from '../../platform/index.js';
import type { IndexerCaps } from './caps.js';

/** One question: `t`, `cat` and the rest, as Newznab and Torznab name them. */
export interface IndexerQuery {
  readonly parameters: Readonly<Record<string, string>>;
  /** Asked only when those before it found nothing, or were not understood. */
  readonly isFallback: boolean;
}

export interface PlanOptions {
  /** How this one writes its ids, and whether there are many sites behind it. */
  readonly kind: IndexerKind;
}

type Parameters = Readonly<Record<string, string>>;
interface Plan {
  readonly caps: IndexerCaps;
  readonly title: TitleFacts;
  readonly kind: IndexerKind;
}

export const MAX_QUERIES = 4;
const MAX_WORDS_CHARACTERS = 200;
const FILMS = 2000;
const SERIES = 5000;
const ANIME = 5070;
const GROUP = 1000;
/** Sites behind one address differ in what they know: some list a title under its id, others by its words alone. */
const AGGREGATORS: ReadonlySet<IndexerKind> = new Set(['jackett', 'nzbhydra', 'prowlarr']);
/** Newznab has IMDb ids without their `tt`, and Hydra passes them on as they come; Torznab has them whole. */
const BARE_IMDB: ReadonlySet<IndexerKind> = new Set(['newznab', 'nzbhydra', 'prowlarr']);

/** In the order in which they are asked; none where the indexer has no such category, or no way to search. */
export function planQueries(caps: IndexerCaps, title: TitleFacts, { kind }: PlanOptions): readonly IndexerQuery[] {
  const plan = { caps, title, kind };
  const categories = categoriesFor(plan);
  if (categories === null) return [];
  const byId = title.kind === 'film' ? filmById(plan) : [...episodeById(plan), ...episodeByCount(plan)];
  const byWords = title.kind === 'film' ? filmByWords(plan) : episodeByWords(plan);
  const areWordsFallback = byId.some(({ q }) => q === undefined) && !AGGREGATORS.has(kind);
  const queries = [
    ...[...byId, ...(areWordsFallback ? [] : byWords)].map((parameters) => ({ parameters, isFallback: false })),
    ...(areWordsFallback ? byWords : []).map((parameters) => ({ parameters, isFallback: true })),
  ];
  return queries
    .slice(0, MAX_QUERIES)
    .map(({ parameters, isFallback }) => ({ parameters: { ...parameters, cat: categories }, isFallback }));
}

/** Null where the indexer lists its categories and has none for this kind of title. */
function categoriesFor({ caps, title }: Plan): string | null {
  const top = title.kind === 'film' ? FILMS : SERIES;
  const listed = [...caps.categories].filter((id) => id >= top && id < top + GROUP);
  const hasAnime = title.isAnime && caps.categories.has(ANIME);
  if (caps.categories.size === 0) return title.isAnime && title.kind === 'series' ? `${top},${ANIME}` : String(top);
  if (listed.length === 0 && !hasAnime) return null;
  const wanted = listed.includes(top) ? [top] : listed;
  return [...new Set([...wanted, ...(hasAnime ? [ANIME] : [])])].slice(0, 30).join(',');
}

function filmById({ caps, title, kind }: Plan): Parameters[] {
  const id = idFor(caps.movieSearch, title, kind, ['imdbid', 'tmdbid']);
  return id === null ? [] : [{ t: 'movie', ...id }];
}

function filmByWords(plan: Plan): Parameters[] {
  const { caps, title } = plan;
  // The year is a word among words: fewer sites take it as a parameter than find it in names.
  return namesOf(title).flatMap((name) => {
    const q = title.year === null ? name : `${name} ${title.year}`;
    if (caps.movieSearch?.has('q') === true) return [{ t: 'movie', q }];
    return caps.search === null ? [] : [{ t: 'search', q }];
  });
}

function episodeById({ caps, title, kind }: Plan): Parameters[] {
  const id = idFor(caps.tvSearch, title, kind, ['tvdbid', 'imdbid', 'tmdbid']);
  if (id === null || !takesEpisodes(caps)) return [];
  return numbersOf(title).map((numbers) => ({ t: 'tvsearch', ...id, ...numbers }));
}

function episodeByWords({ caps, title }: Plan): Parameters[] {
  const { episode } = title;
  const [name, original] = namesOf(title);
  const ask = (q: string): Parameters[] => (caps.search === null ? [] : [{ t: 'search', q }]);
  const isStructured = caps.tvSearch?.has('q') === true && takesEpisodes(caps);
  const byNumber = (words: string): Parameters[] =>
    isStructured
      ? numbersOf(title).map((numbers) => ({ t: 'tvsearch', q: words, ...numbers }))
      : (episode === null ? [words] : spokenNumbers(title, episode).map((number) => `${words} ${number}`)).flatMap(ask);
  return [...byNumber(name), ...(original === undefined ? [] : byNumber(original))];
}

/** Anime is named by its number through all seasons, whatever its id says. */
function episodeByCount({ caps, title }: Plan): Parameters[] {
  const { isAnime, episode } = title;
  if (!isAnime || episode?.absolute === undefined || caps.search === null) return [];
  return [{ t: 'search', q: `${namesOf(title)[0]} ${pad(episode.absolute)}` }];
}

/** The episode, its season, and the day for shows that are counted by days; without an episode, the whole series. */
function numbersOf(title: TitleFacts): Parameters[] {
  const { episode } = title;
  if (episode === null) return [{}];
  const season = String(episode.season);
  const [year, month, day] = dayOf(title);
  const byDay = year === undefined ? [] : [{ season: year, ep: `${month}/${day}` }];
  return [...byDay, { season, ep: String(episode.episode) }, { season }];
}

function spokenNumbers(title: TitleFacts, episode: EpisodeFacts): string[] {
  const season = `S${pad(episode.season)}`;
  const day = dayOf(title).join(' ');
  return [...(day === '' ? [] : [day]), `${season}E${pad(episode.episode)}`, season];
}

/**
 * The day of an episode of a daily show, else nothing. Daily are those with more episodes in a season than weeks in a year, or with
 * seasons named after years; the day of any other is never in its names.
 */
function dayOf({ episode, isAnime }: TitleFacts): string[] {
  const isDaily = !isAnime && episode !== null && (episode.season >= 1900 || episode.episode > 53);
  return isDaily ? (/^(\d{4})-(\d\d)-(\d\d)$/.exec(episode.airDate ?? '')?.slice(1) ?? []) : [];
}

function idFor(
  accepted: ReadonlySet<string> | null,
  { ids }: TitleFacts,
  kind: IndexerKind,
  wanted: readonly ('imdbid' | 'tmdbid' | 'tvdbid')[],
): Parameters | null {
  const imdb = BARE_IMDB.has(kind) ? ids.imdb?.replace(/^tt/, '') : ids.imdb;
  const known = { imdbid: imdb, tmdbid: ids.tmdb?.toString(), tvdbid: ids.tvdb?.toString() };
  for (const name of wanted) {
    const id = known[name];
    if (id !== undefined && accepted?.has(name) === true) return { [name]: id };
  }
  return null;
}

function takesEpisodes({ tvSearch }: IndexerCaps): boolean {
  return tvSearch !== null && tvSearch.has('season') && tvSearch.has('ep');
}

/** The title, and its original where that is written differently; as words: indexers stumble over the rest. */
function namesOf({ titles }: TitleFacts): [string, ...string[]] {
  const [first, ...others] = titles.slice(0, 2).map(wordsOf);
  const name = first === undefined || first === '' ? titles[0].slice(0, MAX_WORDS_CHARACTERS) : first;
  const isOther = (other: string): boolean => other !== '' && other.toLowerCase() !== name.toLowerCase();
  return [name, ...others.filter(isOther)];
}

function wordsOf(title: string): string {
  return title
    .normalize('NFC')
    .replace(/['’`´]/g, '')
    .replaceAll('&', ' and ')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
    .slice(0, MAX_WORDS_CHARACTERS);
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
