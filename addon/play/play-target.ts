// What a play address stands for. The catalogue's films are always known from the code; everything else was remembered
// when it was listed.

import { GoneError, InputError, NotFoundError, type ContentId, type Source } from '../../backend/content/index.js';
import { formatSourceIdentity, openFilms, type OpenFilm } from '../../backend/discovery/index.js';
import type { PrepareRequest } from '../../backend/jobs/index.js';
import type { ListedSource } from '../../backend/storage/index.js';
import type { AddonDeps } from '../addon-deps.js';
import { AUTO_FILE } from '../links.js';

/** One file of one source, as far as it is known before anything is prepared. */
export interface PlayTarget {
  readonly request: PrepareRequest;
  /** Null for a source nobody has looked into. */
  readonly contentId: ContentId | null;
  /** Exact, or null. */
  readonly sizeBytes: number | null;
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
   * `file` is an index or `auto`.
   * @throws {InputError} for another `file`, {NotFoundError} for a source that was never listed or too long ago,
   * {GoneError} for what was removed from the library.
   */
  find(sourceId: string, file: string): PlayTarget {
    const fileIndex = readFile(file);
    const film = this.#films.get(sourceId);
    if (film !== undefined) return targetOfFilm(film, fileIndex);
    const listed = this.deps.listedSources.get(sourceId);
    if (listed === null) throw new NotFoundError('This stream is not known here (any more). Open its title again.');
    return this.#targetOfListed(listed, fileIndex);
  }

  #targetOfListed(listed: ListedSource, fileIndex: number | null): PlayTarget {
    const { source, titleId, season, episode } = listed;
    const contentId = contentOf(source);
    if (contentId !== null && this.deps.library.isRemoved(contentId)) {
      throw new GoneError('This was removed from the library.');
    }
    const hasWish = fileIndex === null && season !== undefined && episode !== undefined;
    const known = contentId === null ? null : this.deps.library.get(contentId);
    const size = known?.files.find(({ index }) => index === fileIndex)?.sizeBytes;
    return {
      request: {
        source,
        priority: 'play',
        ...(fileIndex === null ? {} : { fileIndex }),
        ...(hasWish ? { episode: { season, episode } } : {}),
        ...(titleId === undefined ? {} : { titleId }),
      },
      contentId,
      sizeBytes: size ?? (listed.fileIndex === fileIndex ? listed.sizeBytes : undefined) ?? null,
    };
  }
}

/** Known before anything is fetched; null where only fetching tells. */
function contentOf(source: Source): ContentId | null {
  if (source.kind === 'nzb') return source.contentId;
  return source.kind === 'torrent' ? source.infoHash : null;
}

function targetOfFilm(film: OpenFilm, fileIndex: number | null): PlayTarget {
  const { source, contentId, files } = film.release;
  return {
    request: { source, titleId: film.titleId, priority: 'play', ...(fileIndex === null ? {} : { fileIndex }) },
    contentId,
    sizeBytes: files[fileIndex ?? film.file.index]?.sizeBytes ?? null,
  };
}

function readFile(text: string): number | null {
  if (text === AUTO_FILE) return null;
  if (!/^\d{1,9}$/.test(text)) throw new InputError('A play address names a file by its index, or "auto".');
  return Number(text);
}
