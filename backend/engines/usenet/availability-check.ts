// Asks the providers for every article of what was prepared, while nothing else is to be done: how whole a release is shows
// before it is played to its end.

import { LRUCache } from 'lru-cache';
import type { ContentId } from '../../content/index.js';
import type { Clock, Logger, Timer } from '../../platform/index.js';
import type { ArticleRequest, ArticleSource } from './article.js';
import type { PostedFile } from './files/posted-file.js';
import { askSample } from './release/health-sample.js';

/** What is known of a release's articles so far. */
export interface Availability {
  readonly articles: number;
  readonly checked: number;
  readonly missing: number;
}

export interface AvailabilityCheckOptions {
  readonly source: Pick<ArticleSource, 'exists'>;
  readonly isIdle: () => boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

const ROUND_MS = 250;
const ROUND_ARTICLES = 50;
/** Releases waiting; when there are more, the one that waits longest is not checked. */
const MAX_WAITING = 100;
const MAX_RESULTS = 1_000;

interface Check {
  readonly contentId: ContentId;
  readonly requests: readonly (ArticleRequest | null)[];
  next: number;
}

export class AvailabilityCheck {
  readonly #waiting: Check[] = [];
  readonly #results = new LRUCache<ContentId, Availability>({ max: MAX_RESULTS });
  readonly #life = new AbortController();
  #timer: Timer | null = null;
  #round: Promise<void> | null = null;

  constructor(private readonly o: AvailabilityCheckOptions) {}

  /** Checked once; what was checked lately is left alone. */
  add(contentId: ContentId, files: readonly PostedFile[]): void {
    if (this.#life.signal.aborted || this.#results.has(contentId)) return;
    const requests = files.flatMap((file) =>
      Array.from({ length: file.segmentCount }, (_, index) => file.request(index)),
    );
    this.#results.set(contentId, { articles: requests.length, checked: 0, missing: 0 });
    this.#waiting.push({ contentId, requests, next: 0 });
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    this.#timer ??= this.o.clock.every(ROUND_MS, () => this.#tick());
  }

  /** Null for what was never checked. */
  resultOf(contentId: ContentId): Availability | null {
    return this.#results.get(contentId) ?? null;
  }

  forget(contentId: ContentId): void {
    this.#results.delete(contentId);
    const at = this.#waiting.findIndex((check) => check.contentId === contentId);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  async close(): Promise<void> {
    this.#life.abort();
    this.#timer?.cancel();
    await this.#round;
  }

  #tick(): void {
    const [check] = this.#waiting;
    if (check === undefined) {
      this.#timer?.cancel();
      this.#timer = null;
    } else if (this.#round === null && this.o.isIdle()) {
      this.#round = this.#ask(check).finally(() => (this.#round = null));
    }
  }

  async #ask(check: Check): Promise<void> {
    const requests = check.requests.slice(check.next, check.next + ROUND_ARTICLES);
    const { signal } = this.#life;
    const health = await askSample(requests, { source: this.o.source, rank: 'background', signal }).catch(() => null);
    if (health === null) return;
    check.next += requests.length;
    const before = this.#results.get(check.contentId);
    if (before === undefined) return;
    const { checked, missing } = before;
    const result = { ...before, checked: checked + health.asked, missing: missing + health.missing };
    this.#results.set(check.contentId, result);
    if (check.next < check.requests.length) return;
    if (this.#waiting[0] === check) this.#waiting.shift();
    this.o.log.debug({ ...result, contentId: check.contentId }, 'All articles of a release were asked for');
  }
}
