// A release that was found for a title, not yet prepared. Knows where it was found, not whether it can be had.

import type { ContentId, EpisodeWish, InfoHash, ReleaseFile, Source } from '../content/index.js';
import type { ReleaseName } from '../naming/index.js';

/** The file of a release that would be played. */
export type CandidateFile = Pick<ReleaseFile, 'index' | 'path' | 'name' | 'sizeBytes'>;

/** One offer for a film or an episode. */
export interface Candidate {
  readonly source: Source;
  /** Null until somebody looked into the source. */
  readonly contentId: ContentId | null;
  /**
   * What an indexer says lies at a torrent's address. Good enough to count a swarm by and to list one thing once; nothing is
   * held against, or believed of, the torrent of this hash because of it. Absent where nobody said.
   */
  readonly toldInfoHash?: InfoHash;
  /** The title it was found for: `tt…`, `tmdb:…`; null for content without a title. */
  readonly titleId: string | null;
  /** What it was found for, in the numbers its files bear; null for films and for content without a title. */
  readonly episode: EpisodeWish | null;
  /** Name of the release, as it was published. */
  readonly releaseName: string;
  /** Null when it is not known yet which file it will be. */
  readonly file: CandidateFile | null;
  /** Of the whole release, as it was told; null when not known. */
  readonly sizeBytes: number | null;
  /** All files of the release, where they are known; else empty. */
  readonly files: readonly ReleaseFile[];
  /** What the names tell: resolution, codec, languages and so on. */
  readonly facts: ReleaseName;
  /** Whether the release holds more than one episode or film. */
  readonly isPack: boolean;
  /** Null where nobody outside offers it. */
  readonly offer: Offer | null;
  /** As its trackers or indexers count them, the most of them; null when nobody counted. */
  readonly seeders: number | null;
  readonly leechers: number | null;
  /** Epoch ms; null when not told. */
  readonly publishedAt: number | null;
  /** Where it was found, for people: `Open films`, `Library`, the names of indexers. At least one. */
  readonly foundIn: readonly string[];
  readonly health: Health;
}

/** As what somebody outside offers a release: stays the same when the house has looked into it and knows better. */
export interface Offer {
  readonly name: string;
  /** By the name alone. */
  readonly facts: ReleaseName;
  readonly isPack: boolean;
}

/**
 * What is known of whether a release can be had. `alive`: it played, or of the articles that were asked for `percent` are
 * there; `dead`: it was tried in vain, or too many of those are missing. That somebody seeds a torrent is no more than
 * `seeders` says: it stays `unknown` until it was tried.
 */
export type Health =
  | { readonly state: 'unknown' }
  | { readonly state: 'alive'; readonly percent: number }
  | { readonly state: 'dead'; readonly reason: string };

/**
 * One text per source that stays the same however the source was submitted (trackers, peers and metadata do not matter):
 * what a `sourceId` is made from.
 */
export function formatSourceIdentity(source: Source): string {
  switch (source.kind) {
    case 'torrent':
      return `torrent:${source.infoHash}`;
    case 'nzb':
      return `nzb:${source.contentId}`;
    case 'torrent-url':
    case 'nzb-url':
    case 'http':
      return `${source.kind}:${source.url}`;
  }
}
