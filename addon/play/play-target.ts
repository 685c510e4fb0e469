// What a play address stands for. The catalogue's films are always known from the code; everything else was remembered
// when it was listed.

import {
  GoneError,
  InputError,
  NotFoundError,
  type ContentId,
  type EpisodeWish,
  type Source,
} from '../../backend/content/index.js';
import { formatSourceIdentity, openFilms, type OpenFilm, type SearchWish } from '../../backend/discovery/index.js';
import type { PrepareRequest } from '../../backend/jobs/index.js';
import type { KeptListing } from '../../backend/storage/index.js';
import type { AddonDeps } from '../addon-deps.js';
import { formatPlayFile, parsePlayFile, type PlayFile } from '../links.js';

/** One file of one source, as far as it is known before anything is prepared. */
export interface PlayTarget {
  readonly request: PrepareRequest;
  /** Null for a source nobody has looked into. */
  readonly contentId: ContentId | null;
  /** Exact, or null. */
  readonly sizeBytes: number | null;
  /** Tells this source from others, however it was submitted. */
  readonly identity: string;
  /** What it was listed for; null for content without a title. */
  readonly wish: SearchWish | null;
  /** What it was listed as part of; null when not known. */
  readonly bingeGroup: string | null;
}

/** What an address stood for when it was listed, long ago: its source is not kept any more. */
export interface ForgottenTarget {
  readonly sourceId: string;
  readonly wish: SearchWish;
  /** What it is called and how large it is: the file, the release, or both. */
  readonly labels: readonly { readonly name: string; readonly sizeBytes: number | null }[];
}

export type PlayTargetsDeps = Pick<AddonDeps, 'access' | 'library' | 'listedSources'>;

export class PlayTargets {
  readonly #films: ReadonlyMap<string, OpenFilm>;

  constructor(private readonly deps: PlayTargetsDeps) {
    this.#films = new Map(
      openFilms.map((film) => [deps.access.sourceId(formatSourceIdentity(film.release.source)), film]),
    );
  }

  /**
   * `file` as it stands in a play address.
   * @throws {InputError} for what is no file, {NotFoundError} for a source that was never listed or too long ago,
   * {GoneError} for what a user removed from the library.
   */
  find(sourceId: string, file: string): PlayTarget {
    const meant = fileOf(file);
    const film = this.#films.get(sourceId);
    if (film !== undefined) return targetOfFilm(film, meant.index);
    const listed = this.deps.listedSources.get(sourceId, file);
    if (listed === null || listed.source === null) {
      throw new NotFoundError('This stream is not known here (any more). Open its title again.');
    }
    return this.#targetOfListed(listed, listed.source, meant);
  }

  /** What to look for where the source of an address is not kept any more; null where it is, or nothing is known of it. */
  findForgotten(sourceId: string, file: string): ForgottenTarget | null {
    const meant = fileOf(file);
    const listed = this.#films.has(sourceId) ? null : this.deps.listedSources.get(sourceId, file);
    if (listed === null || listed.source !== null || listed.titleId === undefined) return null;
    if (!isListedFor(listed, meant)) return null;
    return { sourceId, wish: wishOf(listed.titleId, episodeOf(listed, meant)), labels: labelsOf(listed, file) };
  }

  #targetOfListed(listed: KeptListing, source: Source, file: PlayFile): PlayTarget {
    const { titleId } = listed;
    const contentId = contentOf(source);
    if (contentId !== null && this.deps.library.isUnwanted(contentId)) {
      throw new GoneError('This was removed from the library.');
    }
    const episode = episodeOf(listed, file);
    const known = contentId === null ? null : this.deps.library.get(contentId);
    const size = known?.files.find(({ index }) => index === file.index)?.sizeBytes;
    return {
      request: {
        source,
        priority: 'play',
        refusesRemoved: true,
        ...(file.index === null ? {} : { fileIndex: file.index }),
        ...(file.index !== null || episode === null ? {} : { episode }),
        ...(titleId === undefined ? {} : { titleId }),
      },
      contentId,
      sizeBytes: size ?? (isOfFile(listed, file) ? listed.sizeBytes : undefined) ?? null,
      identity: formatSourceIdentity(source),
      wish: titleId === undefined || !isListedFor(listed, file) ? null : wishOf(titleId, episode),
      bingeGroup: listed.bingeGroup ?? null,
    };
  }
}

function fileOf(text: string): PlayFile {
  const file = parsePlayFile(text);
  if (file === null) throw new InputError('A play address names a file by its index, "auto" or an episode.');
  return file;
}

function isOfFile(listed: KeptListing, { index }: PlayFile): boolean {
  return index !== null && listed.file === formatPlayFile({ index });
}

/**
 * Whether what is known was said of this file, or of whichever file is the film. A file that was never listed itself is known
 * by another one of its pack: an episode would be tried in place of the one that was pressed.
 */
function isListedFor(listed: KeptListing, file: PlayFile): boolean {
  if (file.index === null || isOfFile(listed, file)) return true;
  return listed.episode === undefined && parsePlayFile(listed.file)?.index === null;
}

/** The address itself says which episode where it can; else what it was listed for. */
function episodeOf(listed: KeptListing, file: PlayFile): EpisodeWish | null {
  if (file.index === null && file.episode !== null) return file.episode;
  return listed.episode ?? null;
}

/** What another file of a pack is called is no name of this one. */
function labelsOf(listed: KeptListing, file: string): ForgottenTarget['labels'] {
  const { name, sizeBytes = null, releaseName, releaseSizeBytes = null } = listed;
  const isOwn = listed.file === file || parsePlayFile(listed.file)?.index === null;
  const release = releaseName === undefined ? [] : [{ name: releaseName, sizeBytes: releaseSizeBytes }];
  return isOwn ? [{ name, sizeBytes }, ...release] : release;
}

/** How a release counts is no matter of the title. */
function wishOf(titleId: string, counted: EpisodeWish | null): SearchWish {
  if (counted === null) return { titleId, type: 'movie' };
  const { releaseSeason: _releaseSeason, ...episode } = counted;
  return { titleId, type: 'series', episode };
}

/** Known before anything is fetched; null where only fetching tells. */
function contentOf(source: Source): ContentId | null {
  if (source.kind === 'nzb') return source.contentId;
  return source.kind === 'torrent' ? source.infoHash : null;
}

function targetOfFilm(film: OpenFilm, fileIndex: number | null): PlayTarget {
  const { source, contentId, files } = film.release;
  const { titleId } = film;
  return {
    request: { source, titleId, priority: 'play', ...(fileIndex === null ? {} : { fileIndex }) },
    contentId,
    sizeBytes: files[fileIndex ?? film.file.index]?.sizeBytes ?? null,
    identity: formatSourceIdentity(source),
    wish: { titleId, type: 'movie' },
    bingeGroup: null,
  };
}
