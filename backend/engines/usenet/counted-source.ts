// Counts what is fetched for each release, so that it can be told whether something came from the cache alone.

import { LRUCache } from 'lru-cache';
import type { ContentId } from '../../content/index.js';
import type { ArticleRequest, ArticleSource, DecodedArticle, FetchOptions } from './article.js';

/** Counters of releases not fetched for longest are forgotten, and begin at 0 again. */
const MAX_COUNTED = 1_000;

export class CountedSource implements ArticleSource {
  readonly #waiting = new Map<ContentId, Set<() => void>>();
  readonly #counts = new LRUCache<ContentId, number>({ max: MAX_COUNTED });

  constructor(private readonly inner: ArticleSource & { forgetMissing(contentId: ContentId): void }) {}

  fetch(request: ArticleRequest, options: FetchOptions): Promise<DecodedArticle> {
    const { contentId } = request;
    this.#counts.set(contentId, this.countOf(contentId) + 1);
    const fetched = this.inner.fetch(request, options);
    for (const told of this.#waiting.get(contentId) ?? []) told();
    return fetched;
  }

  exists(request: ArticleRequest, options: FetchOptions): Promise<boolean | null> {
    return this.inner.exists(request, options);
  }

  forgetMissing(contentId: ContentId): void {
    this.inner.forgetMissing(contentId);
  }

  /** Resolves once the next article of this release was asked for, or at the signal. */
  async untilFetch(contentId: ContentId, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const waiting = this.#waiting.get(contentId) ?? new Set();
    this.#waiting.set(contentId, waiting);
    await new Promise<void>((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        waiting.delete(done);
        if (waiting.size === 0) this.#waiting.delete(contentId);
        resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      waiting.add(done);
    });
  }

  /** Articles asked of the providers for this release so far. */
  countOf(contentId: ContentId): number {
    return this.#counts.get(contentId) ?? 0;
  }
}
