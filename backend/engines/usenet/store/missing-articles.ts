// Articles that no provider has, remembered for a while, so that a damaged file played again does not wait for them again.

import type { ContentId } from '../../../content/index.js';
import type { Clock } from '../../../platform/index.js';

interface Missing {
  readonly contentId: ContentId;
  readonly message: string;
  readonly untilMs: number;
}

const REMEMBER_MS = 10 * 60_000;

/** Holds up to `max` articles (default 20,000); when full, the one remembered longest is forgotten. */
export class MissingArticles {
  readonly #missing = new Map<string, Missing>();

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly max = 20_000,
  ) {}

  /** `message` is what was said of it. */
  remember(key: string, contentId: ContentId, message: string): void {
    this.#missing.delete(key);
    this.#missing.set(key, { contentId, message, untilMs: this.clock.now() + REMEMBER_MS });
    for (const oldest of this.#missing.keys()) {
      if (this.#missing.size <= this.max) break;
      this.#missing.delete(oldest);
    }
  }

  /** What was said of it; null when it is not known to be missing. */
  messageOf(key: string): string | null {
    const missing = this.#missing.get(key);
    if (missing === undefined) return null;
    if (this.clock.now() < missing.untilMs) return missing.message;
    this.#missing.delete(key);
    return null;
  }

  delete(key: string): void {
    this.#missing.delete(key);
  }

  clear(): void {
    this.#missing.clear();
  }

  forget(contentId: ContentId): void {
    for (const [key, missing] of this.#missing) if (missing.contentId === contentId) this.#missing.delete(key);
  }
}
