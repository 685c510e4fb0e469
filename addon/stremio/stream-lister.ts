// Turns candidates into what Stremio lists, and remembers the source behind every address it hands out, so that the
// address can prepare again from itself long after.

import { isContentId, type ReleaseFile } from '../../backend/content/index.js';
import {
  candidateOfFile,
  findOpenFilm,
  candidateOfFilm,
  formatSourceIdentity,
  listFiles,
  type Candidate,
  type SearchWish,
} from '../../backend/discovery/index.js';
import { readKeptMedia } from '../../backend/media/index.js';
import { chooseFile } from '../../backend/naming/index.js';
import { mapInSteps, runInTurns } from '../../backend/platform/index.js';
import { parseStremioId, type StremioId } from '../../manifest/index.js';
import type { AddonDeps, AddonLibraryEntry } from '../addon-deps.js';
import { formatPlayFile, formatPlayUrl, type Caller } from '../links.js';
import type { ListedTitle } from '../play/next-episodes.js';
import { listSidecars } from '../subtitles/listed-subtitles.js';
import { formatListNote } from './list-note.js';
import { isCandidateReady, TitleLists, type TitleListsDeps } from './title-lists.js';
import { takeReadiness, type Readiness } from './readiness.js';
import { createStreamObject, type StreamObject } from './stream-object.js';

export type StreamListerDeps = TitleListsDeps & Pick<AddonDeps, 'access' | 'library' | 'listedSources' | 'log'>;

/** A list and what is to be said of it. */
export interface StreamList {
  readonly streams: readonly StreamObject[];
  /** Lines for people; null where nothing needs to be said. */
  readonly note: string | null;
  /** Somebody is still being asked: a later request may see more. */
  readonly isComplete: boolean;
  /** What stands behind the streams of a title; null for content. */
  readonly listed: ListedTitle | null;
}

/** A release page lists no more files than this. */
const MAX_FILES = 300;

export class StreamLister {
  readonly #titles: TitleLists;

  constructor(private readonly deps: StreamListerDeps) {
    this.#titles = new TitleLists(deps);
  }

  /** The streams of a film, an episode or a file of the library, best first; empty for ids that are not known. */
  async list(id: string, caller: Caller, options: { readonly signal: AbortSignal }): Promise<StreamList> {
    const wanted = parseStremioId(id);
    if (wanted?.kind !== 'title') {
      const streams = this.listContent(id, caller);
      const note = streams.length > 0 ? null : 'This is not in the library (any more).';
      return { streams, note, isComplete: true, listed: null };
    }
    const found = await this.#titles.find(searchWishOf(wanted), options);
    const { wish, follows, candidates, leftOut, notes, isReady } = found;
    const written = mapInSteps(candidates, (candidate) => this.#toStream(candidate, caller, isReady, wish));
    const streams = await runInTurns(written, options);
    const isComplete = !notes.some(({ kind }) => kind === 'indexer-waiting' || kind === 'title-waiting');
    const listed = candidates.map((candidate, at) => ({
      candidate,
      bingeGroup: streams[at]?.behaviorHints.bingeGroup ?? '',
    }));
    const note = formatListNote({ notes, leftOut, count: streams.length });
    return { streams, note, isComplete, listed: { wish, follows, candidates: listed } };
  }

  /** The stream of a file of the library (`headstart:…`), or of its best one; asks nobody. */
  listContent(id: string, caller: Caller): StreamObject[] {
    const wanted = parseStremioId(id);
    const entry =
      wanted?.kind === 'content' && isContentId(wanted.contentId) ? this.deps.library.get(wanted.contentId) : null;
    if (wanted?.kind !== 'content' || entry === null) return [];
    const files = listFiles(entry.files);
    const file = wanted.fileIndex === null ? chooseFile(files) : files.find(({ index }) => index === wanted.fileIndex);
    if (file === null || file === undefined) return [];
    return [this.#toStream(candidateOfFile(entry, file), caller, takeReadiness(this.deps))];
  }

  /** The stream of a film of the catalogue; asks nobody. Null for another id. */
  listOpenFilm(titleId: string, caller: Caller): StreamObject | null {
    const film = findOpenFilm(titleId);
    return film === null ? null : this.#toStream(candidateOfFilm(film), caller, takeReadiness(this.deps));
  }

  /** Every playable file of a release with its stream, in the order of their paths. */
  listRelease(entry: AddonLibraryEntry, caller: Caller): { file: ReleaseFile; stream: StreamObject }[] {
    const isReady = takeReadiness(this.deps);
    const files = [...listFiles(entry.files)].sort((a, b) => byPath.compare(a.path, b.path)).slice(0, MAX_FILES);
    return files.map((file) => ({ file, stream: this.#toStream(candidateOfFile(entry, file), caller, isReady) }));
  }

  /** Without a wish it is listed as content, whatever title that belongs to. */
  #toStream(candidate: Candidate, caller: Caller, isReady: Readiness, wish?: SearchWish): StreamObject {
    const sourceId = this.deps.access.sourceId(formatSourceIdentity(candidate.source));
    const fileName = candidate.file?.name ?? `${candidate.releaseName}.${candidate.facts.container ?? 'mkv'}`;
    const episode = candidate.episode ?? wish?.episode ?? null;
    const file = candidate.file === null ? { index: null, episode } : { index: candidate.file.index };
    const stream = createStreamObject(candidate, {
      url: formatPlayUrl(caller, { sourceId, file, fileName }),
      isReady: isCandidateReady(candidate, isReady),
      subtitles: candidate.file === null ? [] : listSidecars(candidate.files, candidate.file, { caller, sourceId }),
      videoHash: this.#videoHashOf(candidate),
      hasAioStreamsName: this.deps.preferences().namesForAioStreams,
    });
    this.#remember({ sourceId, file: formatPlayFile(file) }, candidate, {
      wish,
      group: stream.behaviorHints.bingeGroup,
    });
    return stream;
  }

  #videoHashOf({ contentId, file }: Candidate): string | null {
    if (contentId === null || file === null) return null;
    return readKeptMedia(this.deps.library.media(contentId, file.index)).videoHash;
  }

  /**
   * A list is worth more than the memory of it: a database that cannot be written is logged. What was listed for a title
   * stays listed for it when it is seen in the library.
   */
  #remember(
    address: { readonly sourceId: string; readonly file: string },
    { source, titleId, releaseName, file, sizeBytes }: Candidate,
    { wish, group }: { readonly wish: SearchWish | undefined; readonly group: string },
  ): void {
    const { listedSources, log } = this.deps;
    try {
      const kept = wish === undefined ? listedSources.get(address.sourceId, address.file) : null;
      const isKept = kept?.titleId !== undefined && kept.file === address.file;
      listedSources.remember(address.sourceId, address.file, {
        ...(titleId === null || wish === undefined ? {} : { titleId }),
        ...(wish?.episode === undefined ? {} : { episode: wish.episode }),
        ...(file === null ? {} : { sizeBytes: file.sizeBytes }),
        name: file?.name ?? releaseName,
        releaseName,
        ...(sizeBytes === null ? {} : { releaseSizeBytes: sizeBytes }),
        bingeGroup: group,
        ...(isKept ? kept : {}),
        source,
      });
    } catch (error) {
      log.error({ err: error, sourceId: address.sourceId }, 'A listed source could not be remembered');
    }
  }
}

const byPath = new Intl.Collator('en', { numeric: true });

/** Kitsu counts a series through as one season. */
export function searchWishOf({ titleId, season, episode }: StremioId & { kind: 'title' }): SearchWish {
  if (episode === null) return { titleId, type: 'movie' };
  return {
    titleId,
    type: 'series',
    episode: season === null ? { season: 1, episode, absolute: episode } : { season, episode },
  };
}
