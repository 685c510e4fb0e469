// From a result that fits by its name to a candidate, with what is known of its content. Pure; that is passed in.

import type { ContentId, EpisodeWish, NzbSource, Source } from '../content/index.js';
import { chooseFile } from '../naming/index.js';
import type { Candidate } from './candidate.js';
import { candidateOfFile, inSeasonOf, type KnownRelease } from './find-candidates.js';
import type { IndexerResult } from './indexers/indexer.js';
import type { FittingResult } from './search/fitting-results.js';

/** What the house has seen before. */
export interface KnownContents {
  get(contentId: ContentId): KnownRelease | null;
  /** The NZB that an address led to; null for one that was not fetched, or too long ago. */
  nzbAt(url: string): NzbSource | null;
  /** What a source turned out to be; null for one that nobody looked into. */
  contentOf(source: Source): ContentId | null;
}

export interface ResultWish {
  readonly titleId: string;
  readonly episode?: EpisodeWish;
}

/** Null where the files are known, and the wished one is not among them. */
export function candidateOfResult(
  { result, isPack, releaseSeason, facts }: FittingResult,
  wish: ResultWish,
  known: KnownContents,
): Candidate | null {
  const source = knownSource(result, known);
  const contentId = contentIdOf(source) ?? known.contentOf(source);
  const release = contentId === null ? null : known.get(contentId);
  const { seeders, leechers, publishedAt, indexer } = result;
  const offer = { name: result.name, facts, isPack };
  const episode = wish.episode === undefined ? null : inSeasonOf({ releaseSeason }, wish.episode);
  const told = { titleId: wish.titleId, episode, offer, seeders, leechers, publishedAt, foundIn: [indexer] };
  if (release !== null) {
    const file = chooseFile(release.files, episode === null ? {} : { episode });
    return file === null ? null : { ...candidateOfFile(release, file), ...told };
  }
  return {
    source,
    contentId,
    ...(source.kind === 'torrent-url' && result.infoHash !== null ? { toldInfoHash: result.infoHash } : {}),
    releaseName: result.name,
    file: null,
    files: [],
    facts,
    isPack,
    sizeBytes: result.sizeBytes,
    health: { state: 'unknown' },
    ...told,
  };
}

function knownSource({ source }: IndexerResult, known: KnownContents): Source {
  return source.kind === 'nzb-url' ? (known.nzbAt(source.url) ?? source) : source;
}

function contentIdOf(source: Source): ContentId | null {
  if (source.kind === 'nzb') return source.contentId;
  return source.kind === 'torrent' ? source.infoHash : null;
}
