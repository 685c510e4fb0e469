// Candidates for a title, from the catalogue and the library. Knows both by the few facts it needs; reads, never writes.

import type { EpisodeWish, Release, ReleaseFile } from '../content/index.js';
import {
  chooseFile,
  fitRelease,
  holdsSeasons,
  isPlayable,
  isVideo,
  parseReleaseName,
  type ReleaseName,
  type TitleFacts,
} from '../naming/index.js';
import type { Candidate } from './candidate.js';
import { findOpenFilm, openFilms, type OpenFilm } from './open-films.js';

/** A release the house has already looked into. */
export type KnownRelease = Release & { readonly titleId: string | null };

/** What discovery asks of the library. */
export interface TitleLibrary {
  byTitle(titleId: string): readonly KnownRelease[];
}

/** A film, or an episode of a series. */
export interface TitleWish {
  /** Without season and episode: `tt0903747`. */
  readonly titleId: string;
  readonly episode?: EpisodeWish;
}

/** What helps to tell which file of a known release is the wished episode. */
export interface TitleKnowledge {
  /** Tells how releases of the title count; null where nothing is known of it. */
  readonly title: TitleFacts | null;
  /** It was asked for, and may still be told. */
  readonly isAway: boolean;
  /** The file that a release was listed with for the same wish, when more was known; null where it never was. */
  readonly listedFile: (release: KnownRelease) => ReleaseFile | null;
}

/** Nobody was asked, and nothing was listed. */
export const NOTHING_SOUGHT: TitleKnowledge = { title: null, isAway: false, listedFile: () => null };

/** A title has few releases in one library; more than these are not looked at. */
const MAX_RELEASES = 100;
const LIBRARY = 'Library';
const OPEN_FILMS = 'Open films';
/** Nobody offered or counted it, and nobody has to: these releases were looked into before. */
const UNCOUNTED = {
  offer: null,
  episode: null,
  seeders: null,
  leechers: null,
  publishedAt: null,
  health: { state: 'unknown' },
} as const;

/** Whether nobody outside offered it: it is of the library or of the catalogue alone. */
export function isOfHouse({ foundIn }: Pick<Candidate, 'foundIn'>): boolean {
  return foundIn.every((name) => name === LIBRARY || name === OPEN_FILMS);
}

/** Everything known for this film or episode, each content once; a pack only where it is known to hold the episode. */
export function findByTitle(
  wish: TitleWish,
  library: TitleLibrary,
  knowledge: TitleKnowledge = NOTHING_SOUGHT,
): Candidate[] {
  const film = wish.episode === undefined ? findOpenFilm(wish.titleId) : null;
  const known = library.byTitle(wish.titleId).slice(0, MAX_RELEASES);
  const candidates = known.flatMap((release) => candidateOfRelease(release, wish, knowledge) ?? []);
  const isListed = film !== null && known.some((release) => release.contentId === film.release.contentId);
  if (film !== null && !isListed) candidates.push(candidateOfFilm(film));
  return candidates;
}

/** The candidate that plays exactly this file of a release. */
export function candidateOfFile(release: KnownRelease, file: ReleaseFile): Candidate {
  const film = openFilms.find((one) => one.release.contentId === release.contentId);
  return {
    source: release.source,
    contentId: release.contentId,
    titleId: release.titleId,
    releaseName: release.name,
    file,
    files: release.files,
    facts: film?.facts ?? factsOf(release.name, file.name),
    isPack: listFiles(release.files).filter((one) => isVideo(one.name)).length > 1,
    ...UNCOUNTED,
    sizeBytes: totalOf(release.files),
    foundIn: [film === undefined ? LIBRARY : OPEN_FILMS],
  };
}

/** The files a viewer may pick from: what plays, without padding and empty files. */
export function listFiles(files: readonly ReleaseFile[]): readonly ReleaseFile[] {
  return files.filter((file) => !file.isPadding && file.sizeBytes > 0 && isPlayable(file.name));
}

function totalOf(files: readonly ReleaseFile[]): number {
  return files.reduce((sum, { sizeBytes, isPadding }) => sum + (isPadding ? 0 : sizeBytes), 0);
}

function candidateOfRelease(release: KnownRelease, wish: TitleWish, knowledge: TitleKnowledge): Candidate | null {
  if (wish.episode === undefined) {
    const film = chooseFile(release.files);
    return film === null ? null : candidateOfFile(release, film);
  }
  const { title } = knowledge;
  const fit = title === null ? null : fitRelease(release.name, title);
  const episode = fit?.fits === true ? inSeasonOf(fit, wish.episode) : wish.episode;
  const file = title === null ? fileWithoutFacts(release, episode, knowledge) : chooseFile(release.files, { episode });
  return file === null ? null : { ...candidateOfFile(release, file), episode };
}

/**
 * A title that is itself one season of a series (`Title 2nd Season`, and many that are counted through as one) counts from
 * 1 what its releases may count in another: of several seasons no file is taken on the numbers alone.
 */
function fileWithoutFacts(release: KnownRelease, episode: EpisodeWish, knowledge: TitleKnowledge): ReleaseFile | null {
  const listed = knowledge.listedFile(release);
  if (listed !== null) return listed;
  const mayBeOtherSeason = episode.season === 1 && (knowledge.isAway || episode.absolute !== undefined);
  return mayBeOtherSeason && holdsSeasons(release.files) ? null : chooseFile(release.files, { episode });
}

/** The wished episode, where the release was found to count it in another season. */
export function inSeasonOf(
  { releaseSeason }: { readonly releaseSeason?: number | undefined },
  episode: EpisodeWish,
): EpisodeWish {
  return releaseSeason === undefined ? episode : { ...episode, releaseSeason };
}

/** The candidate that is a film of the catalogue. */
export function candidateOfFilm(film: OpenFilm): Candidate {
  const { source, contentId, name, files } = film.release;
  return {
    source,
    contentId,
    titleId: film.titleId,
    releaseName: name,
    file: film.file,
    files,
    facts: film.facts,
    isPack: false,
    ...UNCOUNTED,
    sizeBytes: totalOf(files),
    foundIn: [OPEN_FILMS],
  };
}

/** The release's own name first; what it leaves open, the file's name may tell. */
function factsOf(releaseName: string, fileName: string): ReleaseName {
  const release = parseReleaseName(releaseName);
  const file = parseReleaseName(fileName);
  const either = (key: 'hdr' | 'audio' | 'channels' | 'languages'): readonly string[] =>
    release[key].length > 0 ? release[key] : file[key];
  return {
    ...file,
    ...release,
    hdr: either('hdr'),
    audio: either('audio'),
    channels: either('channels'),
    languages: either('languages'),
  };
}
