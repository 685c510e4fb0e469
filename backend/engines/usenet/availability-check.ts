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
/** Releases waiting, and their articles; when there are more, the one that waits longest is not checked. */
const MAX_WAITING = 100;
const MAX_WAITING_ARTICLES = 1_000_000;
const MAX_RESULTS = 1_000;

interface Check {
  readonly contentId: ContentId;
  readonly files: readonly PostedFile[];
  readonly articles: number;
  /** The article to be asked for next: of which file, and its place there. */
  readonly next: { file: number; index: number };
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
    const articles = files.reduce((sum, { segmentCount }) => sum + segmentCount, 0);
    this.#results.set(contentId, { articles, checked: 0, missing: 0 });
    this.#waiting.push({ contentId, files, articles, next: { file: 0, index: 0 } });
    while (this.#isOverfull()) this.#waiting.shift();
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

  #isOverfull(): boolean {
    const articles = this.#waiting.reduce((sum, check) => sum + check.articles, 0);
    return this.#waiting.length > MAX_WAITING || (articles > MAX_WAITING_ARTICLES && this.#waiting.length > 1);
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
    const { requests, next } = roundOf(check);
    const { signal } = this.#life;
    const health = await askSample(requests, { source: this.o.source, rank: 'background', signal }).catch(() => null);
    if (health === null) return;
    Object.assign(check.next, next);
    const before = this.#results.get(check.contentId);
    if (before === undefined) return;
    const { checked, missing } = before;
    const result = { ...before, checked: checked + health.asked, missing: missing + health.missing };
    this.#results.set(check.contentId, result);
    if (next.file < check.files.length) return;
    if (this.#waiting[0] === check) this.#waiting.shift();
    this.o.log.debug({ ...result, contentId: check.contentId }, 'All articles of a release were asked for');
  }
}

/** The next articles, and where the round after them begins. */
function roundOf({ files, next }: Check): {
  readonly requests: readonly (ArticleRequest | null)[];
  readonly next: Check['next'];
} {
  const requests: (ArticleRequest | null)[] = [];
  let { file, index } = next;
  while (file < files.length && requests.length < ROUND_ARTICLES) {
    if (index < files[file]!.segmentCount) requests.push(files[file]!.request(index++));
    else [file, index] = [file + 1, 0];
  }
  while (file < files.length && index >= files[file]!.segmentCount) [file, index] = [file + 1, 0];
  return { requests, next: { file, index } };
}
