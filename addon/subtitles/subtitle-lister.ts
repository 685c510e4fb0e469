// Which subtitles there are for what is being played: those beside and inside the file of its own release. Asks the library,
// nobody else; what was not looked into yet has none.

import { isContentId, type ContentId, type ReleaseFile } from '../../backend/content/index.js';
import { findOpenFilm, formatSourceIdentity, type KnownRelease } from '../../backend/discovery/index.js';
import { readKeptMedia, type KeptMedia } from '../../backend/media/index.js';
import { chooseFile } from '../../backend/naming/index.js';
import { parseStremioId, type StremioId } from '../../manifest/index.js';
import type { AddonDeps } from '../addon-deps.js';
import { formatPlayFile, type Caller } from '../links.js';
import { isWholeHere } from '../stremio/readiness.js';
import { searchWishOf } from '../stremio/stream-lister.js';
import type { StreamSubtitle } from '../stremio/stream-object.js';
import { findListedEpisode } from './listed-episode.js';
import { listEmbedded, listSidecars } from './listed-subtitles.js';
import { findPlayedFile, type PlayedFile, type ToldFile } from './played-file.js';

export type SubtitleListerDeps = Pick<
  AddonDeps,
  'access' | 'library' | 'listedSources' | 'subtitleExtractor' | 'torrents'
>;

/** Of one title; the most recently used come first. */
const MAX_RELEASES = 100;

export class SubtitleLister {
  constructor(private readonly deps: SubtitleListerDeps) {}

  /** The subtitles for `id` as a player asks for them; empty where the file is not known. */
  async list(id: string, told: ToldFile, caller: Caller): Promise<readonly StreamSubtitle[]> {
    const wanted = parseStremioId(id);
    const played = wanted === null ? null : this.#find(wanted, told);
    if (played === null) return [];
    const { release, file } = played;
    const options = { caller, sourceId: this.#sourceIdOf(release) };
    const sidecars = listSidecars(release.files, file, options);
    const subtitles = [...sidecars, ...listEmbedded(await this.#tracksOf(played), file, options)];
    if (subtitles.length > 0) this.#remember(played);
    return subtitles;
  }

  #find(wanted: StremioId, told: ToldFile): PlayedFile | null {
    if (wanted.kind === 'title') {
      const { titleId, episode } = searchWishOf(wanted);
      const listed = episode === undefined ? [] : this.deps.listedSources.listedFor(titleId, episode);
      return this.#findIn(this.#releasesOf(titleId), told, (release) =>
        episode === undefined
          ? chooseFile(release.files)
          : findListedEpisode(release, episode, { sourceId: this.#sourceIdOf(release), listed }),
      );
    }
    const { contentId, fileIndex } = wanted;
    const release = isContentId(contentId) ? this.deps.library.get(contentId) : null;
    if (release === null) return null;
    const file = release.files.find(({ index }) => index === fileIndex);
    return file === undefined ? this.#findIn([release], told, ({ files }) => chooseFile(files)) : { release, file };
  }

  #findIn(
    releases: readonly KnownRelease[],
    told: ToldFile,
    chosenIn: (release: KnownRelease) => ReleaseFile | null,
  ): PlayedFile | null {
    return findPlayedFile(releases, told, {
      chosenIn,
      hashOf: (contentId, fileIndex) => this.#mediaOf(contentId, fileIndex).videoHash,
    });
  }

  /** Those that can be read now: not from a file that is still to be fetched. */
  async #tracksOf({ release: { contentId }, file }: PlayedFile): Promise<KeptMedia['textTracks']> {
    const { textTracks } = this.#mediaOf(contentId, file.index);
    if (textTracks.length === 0 || !isWholeHere(this.deps.torrents, contentId, file)) return [];
    return (await this.deps.subtitleExtractor.isAvailable()) ? textTracks : [];
  }

  #mediaOf(contentId: ContentId, fileIndex: number): KeptMedia {
    return readKeptMedia(this.deps.library.media(contentId, fileIndex));
  }

  #releasesOf(titleId: string): readonly KnownRelease[] {
    const known = this.deps.library.byTitle(titleId).slice(0, MAX_RELEASES);
    const film = findOpenFilm(titleId);
    if (film === null || known.some(({ contentId }) => contentId === film.release.contentId)) return known;
    return [...known, { ...film.release, titleId }];
  }

  #sourceIdOf({ source }: KnownRelease): string {
    return this.deps.access.sourceId(formatSourceIdentity(source));
  }

  /** Listed as it is known now; it may have been listed by the address it came from only. */
  #remember(played: PlayedFile): void {
    const { release, file } = played;
    const { listedSources } = this.deps;
    const sourceId = this.#sourceIdOf(release);
    const address = formatPlayFile({ index: file.index });
    const kept = listedSources.get(sourceId, address);
    if (kept !== null && kept.source !== null) return;
    listedSources.remember(sourceId, address, {
      ...(release.titleId === null ? {} : { titleId: release.titleId }),
      sizeBytes: file.sizeBytes,
      name: file.name,
      ...(kept?.file === address ? kept : {}),
      source: release.source,
    });
  }
}
