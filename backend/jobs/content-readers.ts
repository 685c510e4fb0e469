// Who is being read: counts the open readers of each content.

import type { ContentId } from '../content/index.js';

/** Bounded by the readers that are open. */
export class ContentReaders {
  readonly #counts = new Map<ContentId, number>();

  started(contentId: ContentId): void {
    this.#counts.set(contentId, (this.#counts.get(contentId) ?? 0) + 1);
  }

  ended(contentId: ContentId): void {
    const count = (this.#counts.get(contentId) ?? 1) - 1;
    if (count > 0) this.#counts.set(contentId, count);
    else this.#counts.delete(contentId);
  }

  has(contentId: ContentId): boolean {
    return this.#counts.has(contentId);
  }
}
