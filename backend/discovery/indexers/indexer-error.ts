// What can be wrong with an indexer, in words for who set it up. Carries no address, no key and nothing of the request.

import { UpstreamError } from '../../content/index.js';

/**
 * `AUTH`: the key is wrong or the account may not; `LIMIT`: asked too often, by its count or ours; `INVALID`: what came is no
 * answer; `UNREACHABLE`: none came; `UNSUPPORTED`: it does not know this way of asking.
 */
export type IndexerErrorCode =
  'INDEXER_AUTH' | 'INDEXER_LIMIT' | 'INDEXER_INVALID' | 'INDEXER_UNREACHABLE' | 'INDEXER_UNSUPPORTED';

export class IndexerError extends UpstreamError {
  declare readonly code: IndexerErrorCode;
  /** How long it wants to be left alone; null where nothing was said. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    code: IndexerErrorCode,
    options: { readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, code, options);
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
