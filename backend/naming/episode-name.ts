// Which season and episodes a file of a pack holds, from its name and its folders.

import { parseTorrentTitle } from '@viren070/parse-torrent-title';

/** Numbers a path names. `season` is null where neither name nor folders tell one. */
export interface EpisodeMarks {
  readonly season: number | null;
  readonly episodes: readonly number[];
}

const MAX_PART_CHARACTERS = 256;
const MAX_FOLDERS = 8;
const MAX_EPISODES_IN_ONE_FILE = 40;

/** Reads `Show.S01E03.mkv`, `1x03`, `S01E01-E03`, `Season 1/Episode 3.mkv`, `S01/03 - Title.mkv`, `Show - 03.mkv`. */
export function readEpisodeMarks(path: string): EpisodeMarks {
  const parts = path.split('/').map((part) => part.slice(-MAX_PART_CHARACTERS));
  const name = parts.pop() ?? '';
  const folders = parts.slice(-MAX_FOLDERS).reverse();
  const own = readExplicit(name) ?? readLoose(name);
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
  return { season: Number(season), episodes: spread(Number(first), rest) };
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

function readLoose(name: string): EpisodeMarks {
  const stem = name.replace(/\.[a-z0-9]{2,4}$/i, '');
  const leading = /^(\d{1,3})(?:$|[ ._]?-[ ._]|[ ._]-?(?=[a-z]))/i.exec(stem);
  const named = /(?:^|[^a-z])(?:episode|ep|e)[ ._-]{0,2}(\d{1,4})(?![0-9a-z])/i.exec(stem);
  const season = readSeason(stem);
  if (named !== null) return { season, episodes: [Number(named[1])] };
  if (leading !== null) return { season, episodes: [Number(leading[1])] };
  const parsed = parseTorrentTitle(name);
  const [only, ...others] = parsed.seasons ?? [];
  return {
    season: season ?? (others.length === 0 ? (only ?? null) : null),
    episodes: (parsed.episodes ?? []).slice(0, MAX_EPISODES_IN_ONE_FILE),
  };
}

/** `Season 1`, `Season.01`, `S01`, `Series 2`, `Staffel 1`, `Saison 1`; `Specials` is season 0. */
function readSeason(text: string): number | null {
  if (/^specials?$/i.test(text.trim())) return 0;
  const match =
    /(?:^|[^a-z])(?:season|series|staffel|saison|temporada|stagione)[ ._-]{0,2}(\d{1,4})(?!\d)/i.exec(text) ??
    /(?:^|[^a-z0-9])s(\d{1,2})(?![0-9a-z])(?![ ._]?-[ ._]?s?\d)/i.exec(text);
  return match === null ? null : Number(match[1]);
}
