// Counts what is fetched for each release, so that it can be told whether something came from the cache alone.

import { LRUCache } from 'lru-cache';
import type { ContentId } from '../../content/index.js';
import type { ArticleRequest, ArticleSource, DecodedArticle, FetchOptions } from './article.js';

/** Counters of releases not fetched for longest are forgotten, and begin at 0 again. */
const MAX_COUNTED = 1_000;

export class CountedSource implements ArticleSource {
  readonly #counts = new LRUCache<ContentId, number>({ max: MAX_COUNTED });

  constructor(private readonly inner: ArticleSource) {}

  fetch(request: ArticleRequest, options: FetchOptions): Promise<DecodedArticle> {
    this.#counts.set(request.contentId, this.countOf(request.contentId) + 1);
    return this.inner.fetch(request, options);
  }

  exists(request: ArticleRequest, options: FetchOptions): Promise<boolean | null> {
    return this.inner.exists(request, options);
  }

  /** Articles asked of the providers for this release so far. */
  countOf(contentId: ContentId): number {
    return this.#counts.get(contentId) ?? 0;
  }
}
