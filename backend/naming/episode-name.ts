// Which season and episodes a file of a pack holds, from its name and its folders.

import { parseTorrentTitle } from '@viren070/parse-torrent-title';
import { readDates } from './air-dates.js';

/** Numbers and days a path names. `season` is null where neither name nor folders tell one; specials are season 0. */
export interface EpisodeMarks {
  readonly season: number | null;
  readonly episodes: readonly number[];
  /** Days, `YYYY-MM-DD`. */
  readonly dates: readonly string[];
}

const MAX_PART_CHARACTERS = 256;
const MAX_FOLDERS = 8;
const MAX_EPISODES_IN_ONE_FILE = 40;

const SPECIAL =
  /(?:^|[^a-z])(?:ova|oad|ona|sp|specials?(?![ ._-]edition))(?:[ ._-]{0,3}#?(\d{1,3}))?(?:v\d)?(?![a-z0-9])/i;
const NO_EPISODE = /^(?:(?:19|20)\d\d|2160|1440|1080|720|576|540|480|360|26[45])$/;
/** In the order they are believed. */
const LOOSE = [
  /(?:^|[^a-z])(?:episode|ep|e)[ ._-]{0,2}(\d{1,4})(?:v\d)?(?![0-9a-z])/i,
  /第(\d{1,4})[话話集回]/,
  /^(\d{1,4})(?:v\d)?(?:$|[ ._]?-[ ._]|[ ._]-?(?=[a-z[(]))/i,
  /[ ._]-[ ._]{1,2}#?(\d{1,4})(?:-(\d{1,4}))?(?:v\d)?(?:[ ._-](?:end|fin))?(?=$|[ ._]*[[({]|[ ._]-[ ._]|[ ._]\d{3,4}[pi])/i,
  /[[【](\d{1,4})(?:-(\d{1,4}))?(?:v\d)?[\]】]/,
  /(?:^|[^a-z0-9])(?:part|pt)?[ ._]?(\d{1,2})[ ._]?of[ ._]?\d{1,2}(?![a-z0-9])/i,
  /(?:^|[^a-z])(?:part|teil|folge|cap[ií]tulo|серия)[ ._-]{0,2}(\d{1,3})(?![a-z0-9])/i,
  /[ ._](\d{2,4})(?:v\d)?$/,
] as const;

/**
 * Reads `Show.S01E03.mkv`, `1x03`, `S01E01-E03`, `Season 1/Episode 3.mkv`, `S01/03 - Title.mkv`, `Show - 03v2.mkv`,
 * `Show 2nd Season/03.mkv`, `Show - OVA 2.mkv`, `Show 2024.03.05.mkv`.
 */
export function readEpisodeMarks(path: string): EpisodeMarks {
  const parts = path.split('/').map((part) => part.slice(-MAX_PART_CHARACTERS));
  const name = parts.pop() ?? '';
  const folders = parts.slice(-MAX_FOLDERS).reverse();
  const dates = readDates(name).map(({ date }) => date);
  const own = readExplicit(name) ?? (dates.length > 0 ? { season: null, episodes: [], dates } : readLoose(name));
  if (own.dates.length > 0) return own;
  if (own.season !== null && own.episodes.length > 0) return own;
  // An obfuscated name inside a folder that says exactly which episode it is.
  if (own.episodes.length === 0 && own.season === null) {
    for (const folder of folders) {
      const marks = readExplicit(folder);
      if (marks !== null) return marks;
    }
  }
  return {
    season: own.season ?? folders.map(readSeason).find((season) => season !== null) ?? null,
    episodes: own.episodes,
    dates: [],
  };
}

/** The forms that cannot mean anything else: `S01E03`, `S01E03E04`, `S01E01-E03`, `S01E01-03`, `1x03`, `1x01-03`. */
function readExplicit(text: string): EpisodeMarks | null {
  const match =
    /(?:^|[^a-z0-9])s(\d{1,4})[ ._-]{0,2}e(?:p[ ._]?)?(\d{1,4})((?:[ ._]?-?[ ._]?e\d{1,4}|-\d{1,3}(?!\d|p))*)/i.exec(
      text,
    ) ??
    /(?:^|[^a-z0-9])(\d{1,2})x(?!26[45])(\d{2,4})((?:-(?:\d{1,2}x)?\d{2,4}(?!\d|p)|x\d{2,4}(?!\d))*)(?![a-z0-9])/i.exec(
      text,
    );
  if (match === null) return null;
  const [, season = '', first = '', rest = ''] = match;
  return { season: Number(season), episodes: spread(Number(first), rest), dates: [] };
}

/** `-E03` and `-03` are ranges, `E02` is one more. */
function spread(first: number, rest: string): number[] {
  const episodes = [first];
  for (const match of rest.matchAll(/(-?)[ ._]?(?:e|\d{1,2}x|x)?(\d{1,4})/gi)) {
    const next = Number(match[2]);
    const last = episodes.at(-1) ?? first;
    if (match[1] === '-' && next > last && next - first < MAX_EPISODES_IN_ONE_FILE) {
      for (let episode = last + 1; episode <= next; episode += 1) episodes.push(episode);
    } else if (match[1] !== '-' && episodes.length < MAX_EPISODES_IN_ONE_FILE) {
      episodes.push(next);
    }
  }
  return episodes;
}

/** Forms that leave something open: one number in a name that may hold others. */
function readLoose(name: string): EpisodeMarks {
  const stem = name.replace(/\.[a-z0-9]{2,4}$/i, '').normalize('NFKC');
  const special = SPECIAL.exec(stem);
  if (special !== null) return { season: 0, episodes: special[1] === undefined ? [] : [Number(special[1])], dates: [] };
  const season = readSeason(stem);
  for (const form of LOOSE) {
    const [, first, last] = form.exec(stem) ?? [];
    if (first !== undefined && !NO_EPISODE.test(first)) {
      return { season, episodes: spread(Number(first), last === undefined ? '' : `-${last}`), dates: [] };
    }
  }
  const parsed = parseTorrentTitle(name);
  const [only, ...others] = parsed.seasons ?? [];
  return {
    season: season ?? (others.length === 0 ? (only ?? null) : null),
    episodes: (parsed.episodes ?? []).slice(0, MAX_EPISODES_IN_ONE_FILE),
    dates: [],
  };
}

/**
 * `Season 1`, `Season.01`, `S01`, `2nd Season`, `Series 2`, `Staffel 1`, `Saison 1`, `第2季`; `Specials` and `OVA` are season 0.
 * Of several (`Season 1-3`) none.
 */
function readSeason(text: string): number | null {
  if (/^(?:specials?|ovas?|sp)$/i.test(text.trim())) return 0;
  const match =
    /(?:^|[^a-z])(?:season|series|staffel|saison|temporada|stagione|сезон)[ ._-]{0,2}(\d{1,4})(?!\d|[ ._]?-[ ._]?\d{1,2}(?!\d)(?=$|[^.]))/i.exec(
      text,
    ) ??
    /(?:^|[^a-z0-9])(\d{1,2})(?:st|nd|rd|th)[ ._-]season(?![a-z])/i.exec(text) ??
    /第(\d{1,2})[季期]/.exec(text) ??
    /(?:^|[^a-z0-9])s(\d{1,2})(?![0-9a-z])(?!-\d|[ ._]?-[ ._]?s\d)/i.exec(text);
  return match === null ? null : Number(match[1]);
}
