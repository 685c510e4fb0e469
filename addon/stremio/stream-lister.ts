// Turns candidates into what Stremio lists, and remembers the source behind every address it hands out, so that the
// address can prepare again from itself long after.

import { isContentId, type ReleaseFile } from '../../backend/content/index.js';
import {
  candidateOfFile,
  findByTitle,
  findSidecars,
  formatSourceIdentity,
  listFiles,
  orderCandidates,
  type Candidate,
} from '../../backend/discovery/index.js';
import { chooseFile } from '../../backend/naming/index.js';
import { parseStremioId, type StremioId } from '../../manifest/index.js';
import type { AddonDeps, AddonLibraryEntry } from '../addon-deps.js';
import { formatPlayUrl, formatSidecarUrl, type Caller } from '../links.js';
import { languageOf } from '../subtitles/languages.js';
import { takeReadiness, type Readiness } from './readiness.js';
import { createStreamObject, type StreamObject, type StreamSubtitle } from './stream-object.js';

export type StreamListerDeps = Pick<AddonDeps, 'access' | 'jobs' | 'library' | 'listedSources' | 'log' | 'torrents'>;

/** A release page lists no more files than this. */
const MAX_FILES = 300;

export class StreamLister {
  constructor(private readonly deps: StreamListerDeps) {}

  /** The streams of a film, an episode or a file of the library, best first; empty for ids that are not known. */
  list(id: string, caller: Caller): StreamObject[] {
    const wanted = parseStremioId(id);
    if (wanted === null) return [];
    const isReady = takeReadiness(this.deps);
    const candidates = wanted.kind === 'title' ? this.#byTitle(wanted) : this.#byContent(wanted);
    const ordered = orderCandidates(candidates, (candidate) => isCandidateReady(candidate, isReady));
    return ordered.map((candidate) => this.#toStream(candidate, caller, isReady));
  }

  /** Every playable file of a release with its stream, in the order of their paths. */
  listRelease(entry: AddonLibraryEntry, caller: Caller): { file: ReleaseFile; stream: StreamObject }[] {
    const isReady = takeReadiness(this.deps);
    const files = [...listFiles(entry.files)].sort((a, b) => byPath.compare(a.path, b.path)).slice(0, MAX_FILES);
    return files.map((file) => ({ file, stream: this.#toStream(candidateOfFile(entry, file), caller, isReady) }));
  }

  #byTitle(wanted: StremioId & { kind: 'title' }): Candidate[] {
    const { titleId, season, episode } = wanted;
    // Kitsu counts a series through as one season.
    const wish = episode === null ? { titleId } : { titleId, episode: { season: season ?? 1, episode } };
    return findByTitle(wish, this.deps.library);
  }

  #byContent(wanted: StremioId & { kind: 'content' }): Candidate[] {
    const entry = isContentId(wanted.contentId) ? this.deps.library.get(wanted.contentId) : null;
    if (entry === null) return [];
    const files = listFiles(entry.files);
    const file = wanted.fileIndex === null ? chooseFile(files) : files.find(({ index }) => index === wanted.fileIndex);
    return file === null || file === undefined ? [] : [candidateOfFile(entry, file)];
  }

  #toStream(candidate: Candidate, caller: Caller, isReady: Readiness): StreamObject {
    const sourceId = this.deps.access.sourceId(formatSourceIdentity(candidate.source));
    this.#remember(sourceId, candidate);
    const fileName = candidate.file?.name ?? `${candidate.releaseName}.${candidate.facts.container ?? 'mkv'}`;
    return createStreamObject(candidate, {
      url: formatPlayUrl(caller, { sourceId, fileIndex: candidate.file?.index ?? null, fileName }),
      isReady: isCandidateReady(candidate, isReady),
      subtitles: subtitlesOf(candidate, caller, sourceId),
    });
  }

  /** A list is worth more than the memory of it: a database that cannot be written is logged. */
  #remember(sourceId: string, { source, titleId, releaseName, file }: Candidate): void {
    try {
      this.deps.listedSources.remember(sourceId, {
        source,
        ...(titleId === null ? {} : { titleId }),
        ...(file === null ? {} : { fileIndex: file.index, sizeBytes: file.sizeBytes }),
        name: file?.name ?? releaseName,
      });
    } catch (error) {
      this.deps.log.error({ err: error, sourceId }, 'A listed source could not be remembered');
    }
  }
}

const byPath = new Intl.Collator('en', { numeric: true });

function isCandidateReady({ contentId, file }: Candidate, isReady: Readiness): boolean {
  return contentId !== null && file !== null && isReady(contentId, file);
}

function subtitlesOf({ files, file }: Candidate, caller: Caller, sourceId: string): StreamSubtitle[] {
  if (file === null) return [];
  return findSidecars(files, file).map((sidecar) => ({
    id: `headstart-${sidecar.file.index}`,
    url: formatSidecarUrl(caller, sourceId, sidecar.file.index, sidecar.file.name.replace(/\.[^.]*$/, '')),
    lang: languageOf(sidecar.tag),
  }));
}
