// Whether the articles of listed NZBs are there, asked for in the background while nothing plays: one release at a time, the
// newest list first. Only of NZBs that are kept here: none is fetched for this. Bounds: an hour, 1000 releases; 50 wait, when
// there are more, those of older lists are not asked for.

import { LRUCache } from 'lru-cache';
import type { ContentId, NzbSource } from '../../content/index.js';
import type { Clock, Logger, Timer } from '../../platform/index.js';
import type { Health } from '../candidate.js';

/** What a news server was asked of a release, and said. */
export interface ArticleSample {
  /** Articles that somebody answered for. */
  readonly asked: number;
  readonly missing: number;
  /** It would be refused if it were played. */
  readonly isDead: boolean;
}

/** Who asks; the Usenet engine fits. */
export interface ArticleSampler {
  /** There is a news server. */
  readonly isAvailable: boolean;
  /** Nobody plays or waits. */
  readonly isIdle: boolean;
  /** Null where nobody would say. Rejects for an NZB that is not kept any more. */
  sample(source: NzbSource, options: { readonly signal: AbortSignal }): Promise<ArticleSample | null>;
}

export interface NzbSamplesOptions {
  readonly sampler: ArticleSampler;
  readonly clock: Clock;
  readonly log: Logger;
}

const KEPT_MS = 3600e3;
const MAX_RELEASES = 1000;
const MAX_WAITING = 50;
/** How often it is looked whether this is the moment. */
const ROUND_MS = 500;
const SAMPLE_TIMEOUT_MS = 30_000;
const UNKNOWN: Health = { state: 'unknown' };

export class NzbSamples {
  readonly #known = new LRUCache<ContentId, { readonly health: Health; readonly atMs: number }>({ max: MAX_RELEASES });
  readonly #life = new AbortController();
  #waiting: readonly NzbSource[] = [];
  #timer: Timer | null = null;
  #asking: Promise<void> | null = null;
  /** How often the news servers became others. */
  #servers = 0;

  constructor(private readonly o: NzbSamplesOptions) {}

  /** `unknown` for what was not asked for in the last hour. */
  healthOf(contentId: ContentId): Health {
    return this.#latest(contentId) ?? UNKNOWN;
  }

  /** Asks for those that were not asked for lately, the first first; for none where nobody could be asked. */
  want(sources: readonly NzbSource[]): void {
    if (this.#life.signal.aborted || !this.o.sampler.isAvailable) return;
    const due = sources.filter(({ contentId }) => this.#latest(contentId) === null);
    const isNew = new Set(due.map(({ contentId }) => contentId));
    const older = this.#waiting.filter(({ contentId }) => !isNew.has(contentId));
    this.#waiting = [...due, ...older].slice(0, MAX_WAITING);
    if (this.#waiting.length > 0) this.#timer ??= this.o.clock.every(ROUND_MS, () => this.#tick());
  }

  /** The news servers are others: what they said so far says nothing any more. */
  forget(): void {
    this.#known.clear();
    this.#servers += 1;
  }

  /** Ends what is under way. Idempotent. */
  async close(): Promise<void> {
    this.#life.abort();
    this.#timer?.cancel();
    await this.#asking;
  }

  #latest(contentId: ContentId): Health | null {
    const known = this.#known.get(contentId);
    return known !== undefined && this.o.clock.now() < known.atMs + KEPT_MS ? known.health : null;
  }

  #tick(): void {
    if (this.#asking !== null) return;
    const [source, ...others] = this.#waiting;
    if (source === undefined) {
      this.#timer?.cancel();
      this.#timer = null;
    } else if (this.o.sampler.isIdle) {
      this.#waiting = others;
      this.#asking = this.#ask(source).finally(() => (this.#asking = null));
    }
  }

  /** Never rejects. */
  async #ask(source: NzbSource): Promise<void> {
    const { sampler, clock, log } = this.o;
    const { contentId } = source;
    const servers = this.#servers;
    const ending = new AbortController();
    const deadline = clock.after(SAMPLE_TIMEOUT_MS, () => ending.abort());
    const signal = AbortSignal.any([this.#life.signal, ending.signal]);
    const sample = await sampler
      .sample(source, { signal })
      .catch(
        (err: unknown) => void log.debug({ err, contentId }, 'The articles of a listed release were not asked for'),
      )
      .finally(() => deadline.cancel());
    if (servers === this.#servers)
      this.#known.set(contentId, { health: healthOfSample(sample ?? null), atMs: clock.now() });
  }
}

function healthOfSample(sample: ArticleSample | null): Health {
  if (sample === null || sample.asked === 0) return UNKNOWN;
  if (sample.isDead) return { state: 'dead', reason: 'ARTICLE_MISSING' };
  return { state: 'alive', percent: (100 * (sample.asked - sample.missing)) / sample.asked };
}
