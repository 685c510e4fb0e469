// What an indexer's result is worth for a wish: nothing, or a candidate. Pure; what is known of contents is passed in.

import { isInfoHash, type ContentId, type EpisodeWish, type NzbSource, type Source } from '../content/index.js';
import { chooseFile, fitRelease, parseReleaseName, type TitleFacts } from '../naming/index.js';
import type { Candidate } from './candidate.js';
import { candidateOfFile, type KnownRelease } from './find-candidates.js';
import type { IndexerResult } from './indexers/indexer.js';

/** What the house has seen before. */
export interface KnownContents {
  get(contentId: ContentId): KnownRelease | null;
  /** The NZB that an address led to; null for one that was not fetched, or too long ago. */
  nzbAt(url: string): NzbSource | null;
}

export interface ResultWish {
  readonly titleId: string;
  readonly title: TitleFacts;
  readonly episode?: EpisodeWish;
}

/** Null for what is not the wished film or episode, by its name or by the files that are known to be in it. */
export function candidateOfResult(result: IndexerResult, wish: ResultWish, known: KnownContents): Candidate | null {
  const fit = fitRelease(result.name, wish.title);
  if (!fit.fits) return null;
  const source = knownSource(result, known);
  const contentId = contentIdOf(source, result);
  const release = contentId === null ? null : known.get(contentId);
  const file = release === null ? null : chooseFile(release.files, wish.episode === undefined ? {} : { episode: wish.episode });
  if (release !== null && file === null) return null;
  const { seeders, leechers, publishedAt, indexer } = result;
  const told = { titleId: wish.titleId, seeders, leechers, publishedAt, foundIn: [indexer] };
  if (release !== null && file !== null) {
    const whole = release.files.find(({ index }) => index === file.index);
    if (whole !== undefined) return { ...candidateOfFile(release, whole), ...told };
  }
  return {
    source,
    contentId,
    releaseName: result.name,
    file: null,
    files: [],
    facts: parseReleaseName(result.name),
    isPack: fit.isPack,
    sizeBytes: result.sizeBytes,
    health: { state: 'unknown' },
    ...told,
  };
}

function knownSource({ source }: IndexerResult, known: KnownContents): Source {
  return source.kind === 'nzb-url' ? (known.nzbAt(source.url) ?? source) : source;
}

function contentIdOf(source: Source, { infoHash }: IndexerResult): ContentId | null {
  if (source.kind === 'nzb') return source.contentId;
  if (source.kind === 'torrent') return source.infoHash;
  return infoHash !== null && isInfoHash(infoHash) ? infoHash : null;
}
