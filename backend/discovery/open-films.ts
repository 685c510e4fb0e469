// The built-in catalogue: openly licensed films of the Blender Foundation, with the torrents webtorrent.io publishes for
// them. Plain data and the ways to look it up. Sizes and places of the files are those of the torrents named.

import type { InfoHash, Release, ReleaseFile, TorrentSource } from '../content/index.js';
import { isInfoHash } from '../content/index.js';
import type { ReleaseName, TitleFacts } from '../naming/index.js';

/** A film anybody may watch and pass on. */
export interface OpenFilm {
  /** Its IMDb id. */
  readonly titleId: string;
  readonly title: string;
  readonly year: number;
  readonly runtimeMinutes: number;
  readonly description: string;
  /** Name of its licence. */
  readonly license: string;
  readonly release: Release & { readonly source: TorrentSource };
  /** The film itself among the files. */
  readonly file: ReleaseFile;
  readonly facts: ReleaseName;
}

/** Announce addresses of the official magnets (those that a server can speak to). */
const TRACKERS = [
  'udp://explodie.org:6969',
  'udp://tracker.opentrackr.org:1337',
  'udp://tracker.coppersurfer.tk:6969',
  'udp://tracker.empire-js.us:1337',
  'udp://tracker.leechers-paradise.org:6969',
];
const WEB_SEEDS = ['https://webtorrent.io/torrents/'];

interface FilmData {
  readonly titleId: string;
  readonly title: string;
  readonly year: number;
  readonly runtimeMinutes: number;
  readonly description: string;
  readonly license: string;
  readonly infoHash: string;
  readonly resolution: string;
  readonly codec: string;
  /** Names and sizes, in the order of the torrent. */
  readonly files: readonly (readonly [name: string, sizeBytes: number])[];
  readonly fileIndex: number;
}

const FILMS: readonly FilmData[] = [
  {
    titleId: 'tt1727587',
    title: 'Sintel',
    year: 2010,
    runtimeMinutes: 15,
    description: 'A lonely young woman searches the world for the baby dragon she raised and lost.',
    license: 'CC BY 3.0',
    infoHash: '08ada5a7a6183aae1e09d831df6748d566095a10',
    resolution: '480p',
    codec: 'avc',
    files: [
      ['Sintel.de.srt', 1652],
      ['Sintel.en.srt', 1514],
      ['Sintel.es.srt', 1554],
      ['Sintel.fr.srt', 1618],
      ['Sintel.it.srt', 1546],
      ['Sintel.mp4', 129_241_752],
      ['Sintel.nl.srt', 1537],
      ['Sintel.pl.srt', 1536],
      ['Sintel.pt.srt', 1551],
      ['Sintel.ru.srt', 2016],
      ['poster.jpg', 46_115],
    ],
    fileIndex: 5,
  },
  {
    titleId: 'tt1254207',
    title: 'Big Buck Bunny',
    year: 2008,
    runtimeMinutes: 10,
    description: 'A gentle giant of a rabbit repays three bullying rodents for what they did to the butterflies.',
    license: 'CC BY 3.0',
    infoHash: 'dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c',
    resolution: '1080p',
    codec: 'avc',
    files: [
      ['Big Buck Bunny.en.srt', 140],
      ['Big Buck Bunny.mp4', 276_134_947],
      ['poster.jpg', 310_380],
    ],
    fileIndex: 1,
  },
  {
    titleId: 'tt2285752',
    title: 'Tears of Steel',
    year: 2012,
    runtimeMinutes: 12,
    description:
      'In a ruined Amsterdam, warriors and scientists re-enact one old break-up to stop the robots it set loose.',
    license: 'CC BY 3.0',
    infoHash: '209c8226b299b308beaf2b9cd3fb49212dbd13ec',
    resolution: '1080p',
    codec: 'vp8',
    files: [
      ['Tears of Steel.de.srt', 4850],
      ['Tears of Steel.en.srt', 4755],
      ['Tears of Steel.es.srt', 4944],
      ['Tears of Steel.fr.srt', 4618],
      ['Tears of Steel.it.srt', 4746],
      ['Tears of Steel.nl.srt', 4531],
      ['Tears of Steel.no.srt', 9558],
      ['Tears of Steel.ru.srt', 5933],
      ['Tears of Steel.webm', 571_346_576],
      ['poster.jpg', 35_996],
    ],
    fileIndex: 8,
  },
  {
    titleId: 'tt4957236',
    title: 'Cosmos Laundromat',
    year: 2015,
    runtimeMinutes: 12,
    description: 'On a desolate island a sheep tired of life meets a salesman who offers him every life there is.',
    license: 'CC BY 4.0',
    infoHash: 'c9e15763f722f23e98a29decdfae341b98d53056',
    resolution: '1080p',
    codec: 'avc',
    files: [
      ['Cosmos Laundromat.en.srt', 3945],
      ['Cosmos Laundromat.es.srt', 3911],
      ['Cosmos Laundromat.fr.srt', 4120],
      ['Cosmos Laundromat.it.srt', 3945],
      ['Cosmos Laundromat.mp4', 220_087_570],
      ['poster.jpg', 760_595],
    ],
    fileIndex: 4,
  },
];

/** All films, in the order they are shown. */
export const openFilms: readonly OpenFilm[] = FILMS.map(filmOf);

/** The film with this IMDb id, or null. */
export function findOpenFilm(titleId: string): OpenFilm | null {
  return openFilms.find((film) => film.titleId === titleId) ?? null;
}

/** What is known of the film with this IMDb id without asking anybody, or null. */
export function factsOfOpenFilm(titleId: string): TitleFacts | null {
  const film = findOpenFilm(titleId);
  if (film === null) return null;
  const { title, year, runtimeMinutes } = film;
  const ids = { imdb: titleId };
  return { kind: 'film', titles: [title], year, lastYear: null, runtimeMinutes, isAnime: false, ids, episode: null };
}

function filmOf(data: FilmData): OpenFilm {
  const { titleId, title, year, runtimeMinutes, description, license } = data;
  const infoHash = infoHashOf(data);
  const files = data.files.map(([name, sizeBytes], index) => ({
    index,
    path: name,
    name,
    sizeBytes,
    isPadding: false,
  }));
  const file = files[data.fileIndex];
  if (file === undefined) throw new RangeError(`The catalogue names no film file for ${title}.`);
  const source: TorrentSource = {
    kind: 'torrent',
    infoHash,
    name: title,
    trackers: TRACKERS,
    webSeeds: WEB_SEEDS,
    peers: [],
  };
  const release = { contentId: infoHash, name: title, files, source };
  return { titleId, title, year, runtimeMinutes, description, license, release, file, facts: factsOf(data) };
}

function infoHashOf(data: FilmData): InfoHash {
  if (!isInfoHash(data.infoHash)) throw new RangeError(`The catalogue names no infohash for ${data.title}.`);
  return data.infoHash;
}

function factsOf({ title, year, resolution, codec }: FilmData): ReleaseName {
  const unknown = { hdr: [], audio: [], channels: [], seasons: [], episodes: [] };
  return {
    ...unknown,
    title,
    year: String(year),
    resolution,
    codec,
    languages: ['en'],
    isComplete: false,
    isProper: false,
  };
}
