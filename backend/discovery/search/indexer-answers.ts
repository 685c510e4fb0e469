// What the indexers said about one title: each is asked once, all at the same time, and what comes late is kept. Knows no
// deadline of whoever waits; an indexer that fails hides nobody else. One that was set up anew is another one.

import { HeadstartError } from '../../content/index.js';
import type { TitleFacts } from '../../naming/index.js';
import type { Clock, Logger } from '../../platform/index.js';
import type { Indexer } from '../indexers/indexer.js';
import { findFitting, type FittingResult } from './fitting-results.js';

/** Where one indexer stands with one title. */
export type IndexerAnswer =
  | { readonly state: 'waiting' }
  | {
      readonly state: 'answered';
      readonly fitting: readonly FittingResult[];
      /** Results that were of something else. */
      readonly others: number;
      readonly atMs: number;
    }
  | { readonly state: 'failed'; readonly code: string; readonly message: string; readonly atMs: number };

export interface IndexerAnswersOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends all that is under way. */
  readonly signal: AbortSignal;
  /** Called after each answer and failure. */
  readonly changed: () => void;
}

/** What was found stays good for so long; what failed may be asked again sooner (each indexer guards itself). */
const ANSWER_KEPT_MS = 15 * 60_000;
const FAILURE_KEPT_MS = 30_000;
/** Longer than any viewer waits: a slow indexer's answer still serves the next request. */
const SEARCH_TIMEOUT_MS = 45_000;

/** A search under way. `leave` ends it. */
interface Running {
  readonly done: Promise<void>;
  readonly leave: () => void;
}

/** One title's answers. Bounded by the indexers: one answer each, of at most 1000 results. */
export class IndexerAnswers {
  readonly #answers = new Map<Indexer, IndexerAnswer & { readonly name: string }>();
  readonly #running = new Map<Indexer, Running>();

  constructor(private readonly o: IndexerAnswersOptions) {}

  /** Asks those of `indexers` whose answer is missing or old; forgets and leaves those that are not among them any more. */
  ask(indexers: readonly Indexer[], title: TitleFacts): void {
    for (const known of this.#answers.keys()) if (!indexers.includes(known)) this.#forget(known);
    for (const indexer of indexers) if (this.#isDue(indexer)) this.#begin(indexer, title);
  }

  /** Resolves once nobody is waited for. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /** By the order in which the indexers were asked. */
  list(): readonly (IndexerAnswer & { readonly name: string })[] {
    return [...this.#answers.values()];
  }

  /** Results held, for whoever bounds the memory of many titles. */
  get resultCount(): number {
    return this.list().reduce((sum, answer) => sum + (answer.state === 'answered' ? answer.fitting.length : 0), 0);
  }

  #isDue(indexer: Indexer): boolean {
    if (this.#running.has(indexer)) return false;
    const answer = this.#answers.get(indexer);
    if (answer === undefined || answer.state === 'waiting') return true;
    const keptMs = answer.state === 'answered' ? ANSWER_KEPT_MS : FAILURE_KEPT_MS;
    return this.o.clock.now() >= answer.atMs + keptMs;
  }

  #begin(indexer: Indexer, title: TitleFacts): void {
    const left = new AbortController();
    const done = this.#search(indexer, title, left.signal);
    this.#running.set(indexer, { done, leave: () => left.abort() });
  }

  #forget(indexer: Indexer): void {
    this.#answers.delete(indexer);
    this.#running.get(indexer)?.leave();
  }

  /** Never rejects. What was answered before stays until there is something newer. */
  async #search(indexer: Indexer, title: TitleFacts, left: AbortSignal): Promise<void> {
    const { name } = indexer;
    if (this.#answers.get(indexer)?.state !== 'answered') this.#answers.set(indexer, { name, state: 'waiting' });
    const late = new AbortController();
    const timer = this.o.clock.after(SEARCH_TIMEOUT_MS, () => late.abort());
    try {
      const signal = AbortSignal.any([this.o.signal, left, late.signal]);
      const results = await indexer.search(title, { signal });
      const fitting = await findFitting(results, title, { signal });
      const others = results.length - fitting.length;
      if (!left.aborted)
        this.#answers.set(indexer, { name, state: 'answered', fitting, others, atMs: this.o.clock.now() });
    } catch (error) {
      if (!left.aborted) this.#failed(indexer, late.signal.aborted ? null : error);
    } finally {
      timer.cancel();
      this.#running.delete(indexer);
      this.o.changed();
    }
  }

  /** `error` null: it took too long. */
  #failed(indexer: Indexer, error: unknown): void {
    if (this.o.signal.aborted) return;
    const { name } = indexer;
    const isOurs = error instanceof HeadstartError;
    if (error !== null && !isOurs) this.o.log.error({ err: error, indexer: name }, 'A search broke');
    const code = isOurs ? error.code : error === null ? 'TIMEOUT' : 'INDEXER_FAILED';
    const message = isOurs ? error.message : error === null ? 'It did not answer in time.' : 'The search broke.';
    this.o.log.warn({ indexer: name, code }, 'An indexer failed');
    if (this.#answers.get(indexer)?.state === 'answered') return;
    this.#answers.set(indexer, { name, state: 'failed', code, message, atMs: this.o.clock.now() });
  }
}
