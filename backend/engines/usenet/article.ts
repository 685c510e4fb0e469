// The words between the layers of this engine: what is asked for, how urgently, and what comes back. Whoever fetches
// articles (a connection, the pool, the store in front of it) takes and gives these, and knows nothing of files.

import type { ContentId } from '../../content/index.js';

/** One article as an NZB names it. */
export interface ArticleRequest {
  /** Without angle brackets. */
  readonly messageId: string;
  /** Its encoded size as the NZB says, 0 where it does not: a hint for buffers, never believed. */
  readonly sizeBytes: number;
  /** The release it belongs to: the pool remembers which provider has it. */
  readonly contentId: ContentId;
  /** Throws `CorruptDataError` for a decoded copy that cannot be what was asked for; that copy then counts as a miss. */
  readonly check?: (article: DecodedArticle) => void;
}

/** `play`: a reader waits for it; `ahead`: read-ahead; `prepare`: first articles of a preparation; `background`: checks. */
export type ArticleRank = 'play' | 'ahead' | 'prepare' | 'background';

export interface ArticleUrgency {
  readonly rank: ArticleRank;
  /** Within a rank: how many articles lie between the reader and this one. */
  readonly distance: number;
}

/** Who wants an article, and how urgently. */
export interface ArticleDemand {
  /** Turns are taken between owners (readers, preparations). */
  readonly owner: object;
  /** Read whenever a connection has room, so it may change while the article waits. Must be cheap. */
  readonly urgency: () => ArticleUrgency;
}

export interface FetchOptions {
  readonly demand: ArticleDemand;
  /** Whoever leaves frees the connection's slot at once. */
  readonly signal: AbortSignal;
}

/** What an article says of itself. */
export interface ArticlePart {
  readonly encoding: 'yenc' | 'uu';
  /** Where its bytes lie in the posted file; null where it does not say (uuencode). */
  readonly begin: number | null;
  readonly fileName: string | null;
  readonly fileSizeBytes: number | null;
  readonly partNumber: number | null;
  readonly partCount: number | null;
}

/** A decoded article. `bytes` is a view into `slot`, which goes back to the slot pool when nobody needs the bytes any more. */
export interface DecodedArticle {
  readonly slot: Uint8Array;
  readonly bytes: Uint8Array;
  /** CRC-32 (IEEE) of `bytes`. */
  readonly crc32: number;
  readonly part: ArticlePart;
}

/** Fixed-size buffers that articles are decoded into. */
export interface SlotPool {
  /** A buffer of at least `sizeBytes`; never waits. The bytes in it are arbitrary. */
  take(sizeBytes: number): Uint8Array;
  /** Once per taken slot. */
  give(slot: Uint8Array): void;
}

/** Where articles come from. */
export interface ArticleSource {
  /**
   * The decoded, checked article. Its slot belongs to the caller.
   * @throws {UnplayableError} `ARTICLE_MISSING` when no provider has a good copy, `ENCODING_UNSUPPORTED`;
   * {UpstreamError} `PROVIDER_AUTH`, `PROVIDER_LIMIT`, `PROVIDER_UNREACHABLE` when that could not be found out; {TimeoutError}
   */
  fetch(request: ArticleRequest, options: FetchOptions): Promise<DecodedArticle>;
  /** Whether any provider says it has it; null when none would say. @throws {UpstreamError} as `fetch` does */
  exists(request: ArticleRequest, options: FetchOptions): Promise<boolean | null>;
}
