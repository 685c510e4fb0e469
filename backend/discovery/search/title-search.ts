// Everything the indexers have for a title, as far as it is known when the caller's time is up. One search per title however
// many ask; it goes on behind the answer, so that the next one is fuller. Judges no result. Bounds: 50,000 results (more only of
// one title, alone: 1000 of each indexer) and 500 titles in memory, the least recently asked for are forgotten.

import { LRUCache } from 'lru-cache';
import { HeadstartError, type EpisodeWish } from '../../content/index.js';
import type { TitleFacts } from '../../naming/index.js';
import type { Clock, Logger } from '../../platform/index.js';
import type { Indexer } from '../indexers/indexer.js';
import { IndexerAnswers, type IndexerAnswer } from './indexer-answers.js';

/** What is searched for: a film, or an episode. */
export interface SearchWish {
  /** Without season and episode: `tt0903747`. */
  readonly titleId: string;
  readonly type: 'movie' | 'series';
  readonly episode?: EpisodeWish;
}

/** What a title's search knows at one moment. */
export interface SearchPicture {
  /** Null while it is being looked up, when nobody knows the title, and when nobody could be asked. */
  readonly title: TitleFacts | null;
  readonly titleState: 'waiting' | 'known' | 'unknown' | 'unreachable';
  readonly answers: readonly (IndexerAnswer & { readonly name: string })[];
}

export interface SearchOptions {
  readonly signal: AbortSignal;
  /** For who would rather have less at once; no longer than the time a search has. */
  readonly maxWaitMs?: number;
}

/** Who knows titles. */
export interface TitleSource {
  /** Null for a title nobody knows. @throws {HeadstartError} when it cannot be told */
  find(wish: SearchWish, options: { readonly signal: AbortSignal }): Promise<TitleFacts | null>;
}

export interface TitleSearchOptions {
  readonly titles: TitleSource;
  /** Those in use now. */
  readonly indexers: () => readonly Indexer[];
  readonly clock: Clock;
  readonly log: Logger;
  /** How long an answer may be waited for. */
  readonly timeoutMs: number;
  /** Held in memory, of all titles; default 50,000. */
  readonly maxResults?: number;
}

const MAX_TITLES = 500;
const DEFAULT_MAX_RESULTS = 50_000;

interface Entry {
  readonly answers: IndexerAnswers;
  title: TitleFacts | null;
  titleState: SearchPicture['titleState'];
  /** The indexers are being asked: what is set up now joins them. */
  isAsking: boolean;
  /** Null when nothing is under way. Never rejects. */
  running: Promise<void> | null;
}

export class TitleSearch {
  readonly #ending = new AbortController();
  readonly #entries: LRUCache<string, Entry>;
  readonly #underWay = new Set<Promise<void>>();

  constructor(private readonly o: TitleSearchOptions) {
    const maxSize = o.maxResults ?? DEFAULT_MAX_RESULTS;
    // What alone is larger than the cache would not be kept at all, and be searched for by every request.
    const sizeCalculation = ({ answers }: Entry): number => Math.min(maxSize, 1 + answers.resultCount);
    this.#entries = new LRUCache<string, Entry>({ max: MAX_TITLES, maxSize, sizeCalculation });
  }

  /** Waits for everybody, but no longer than the time there is. @throws the signal's reason */
  async find(wish: SearchWish, { signal, maxWaitMs = Infinity }: SearchOptions): Promise<SearchPicture> {
    signal.throwIfAborted();
    const key = keyOf(wish);
    const entry = this.#entries.get(key) ?? this.#create(key);
    if (entry.running === null) entry.running = this.#run(entry, wish);
    else this.#askNew(entry);
    await this.#atMost(Math.min(maxWaitMs, this.o.timeoutMs), entry.running, signal);
    const { title, titleState, answers } = entry;
    return { title, titleState, answers: answers.list() };
  }

  /** Ends what is under way. Idempotent. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#underWay);
  }

  #create(key: string): Entry {
    const answers = new IndexerAnswers({
      clock: this.o.clock,
      log: this.o.log,
      signal: this.#ending.signal,
      changed: () => this.#weighAnew(key, entry),
    });
    const entry: Entry = { answers, title: null, titleState: 'waiting', isAsking: false, running: null };
    this.#entries.set(key, entry);
    return entry;
  }

  /** It holds more than when it was put in; the cache weighs nothing that it holds already. */
  #weighAnew(key: string, entry: Entry): void {
    if (this.#entries.delete(key)) this.#entries.set(key, entry);
  }

  #run(entry: Entry, wish: SearchWish): Promise<void> {
    const work = this.#search(entry, wish).finally(() => {
      entry.running = null;
      entry.isAsking = false;
      this.#underWay.delete(work);
    });
    this.#underWay.add(work);
    return work;
  }

  /** Never rejects. */
  async #search(entry: Entry, wish: SearchWish): Promise<void> {
    try {
      entry.title = await this.o.titles.find(wish, { signal: this.#ending.signal });
      entry.titleState = entry.title === null ? 'unknown' : 'known';
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      if (!(error instanceof HeadstartError)) this.o.log.error({ err: error, wish }, 'A title could not be looked up');
      // What was known before is still true.
      if (entry.title === null) entry.titleState = 'unreachable';
    }
    if (entry.title === null) return;
    entry.isAsking = true;
    this.#askNew(entry);
    await entry.answers.settled();
  }

  /** Indexers may have been added, changed and removed since it began: a slow one keeps nobody waiting for that. */
  #askNew({ answers, isAsking, title }: Entry): void {
    if (isAsking && title !== null) answers.ask(this.o.indexers(), title);
  }

  async #atMost(waitMs: number, work: Promise<void>, signal: AbortSignal): Promise<void> {
    const ending = new AbortController();
    const patience = this.o.clock
      .sleep(waitMs, { signal: AbortSignal.any([signal, ending.signal]) })
      .catch(() => signal.throwIfAborted());
    try {
      await Promise.race([work, patience]);
    } finally {
      ending.abort();
      patience.catch(() => undefined);
    }
  }
}

/** By what metadata is asked with: other numbers of an episode are told by it, and change neither the search nor its answer. */
function keyOf({ titleId, type, episode }: SearchWish): string {
  return episode === undefined ? `${type}:${titleId}` : `${type}:${titleId}:${episode.season}:${episode.episode}`;
}
