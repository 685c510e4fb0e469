// What discovery asks of an indexer, whatever it speaks: one method. Knows no wire.

import type { InfoHash, NzbUrlSource, TorrentSource, TorrentUrlSource } from '../../content/index.js';
import type { TitleFacts } from '../../naming/index.js';
import type { IndexerAddress } from '../../platform/index.js';

/** An indexer as it was set up. */
export interface IndexerSettings extends IndexerAddress {
  readonly isEnabled: boolean;
  /** Searches and fetches that may begin in one minute; absent: as the kind usually allows. */
  readonly requestsPerMinute?: number;
}

/** One entry of an indexer's answer. Everything in it was written by strangers and is bounded, nothing else. */
export interface IndexerResult {
  /** As it was published, one line. */
  readonly name: string;
  readonly source: TorrentSource | TorrentUrlSource | NzbUrlSource;
  /** Told by the indexer; null for NZBs and where it is not. */
  readonly infoHash: InfoHash | null;
  /** Of the whole release; null where not told, or told absurdly. */
  readonly sizeBytes: number | null;
  readonly seeders: number | null;
  readonly leechers: number | null;
  /** Epoch ms. */
  readonly publishedAt: number | null;
  /** For people: the site behind an aggregator where it is told, else the name it was set up under. */
  readonly indexer: string;
}

export interface Indexer {
  readonly id: string;
  readonly name: string;
  /**
   * Everything it has for this title (and episode, and packs that may hold it), at most 1000 results. One call may be
   * several requests. It does not judge whether a result really is what was asked for.
   * @throws {UpstreamError} `INDEXER_*`; {TimeoutError}; the signal's reason
   */
  search(title: TitleFacts, options: { readonly signal: AbortSignal }): Promise<readonly IndexerResult[]>;
}
