// The numbers of an indexer's searches. Pure: told what happened and when.

import type { IndexerProblem } from './tracked-indexer.js';

/** How much the latest search counts in the average. */
const WEIGHT = 0.2;

export class SearchRecord {
  searches = 0;
  failures = 0;
  lastSearchAt: number | null = null;
  lastResults: number | null = null;
  error: IndexerProblem | null = null;
  /** Whether the last search brought no answer at all. */
  isFailing = false;
  #averageMs: number | null = null;

  get averageMs(): number | null {
    return this.#averageMs === null ? null : Math.round(this.#averageMs);
  }

  begun(now: number): void {
    this.searches += 1;
    this.lastSearchAt = now;
  }

  /** `problem`: what one of its questions met, while others were answered. */
  answered(results: number, elapsedMs: number, problem: IndexerProblem | null): void {
    this.lastResults = results;
    this.error = problem;
    this.isFailing = false;
    this.#averageMs = this.#averageMs === null ? elapsedMs : this.#averageMs + WEIGHT * (elapsedMs - this.#averageMs);
  }

  failed(problem: IndexerProblem): void {
    this.failures += 1;
    this.lastResults = null;
    this.error = problem;
    this.isFailing = true;
  }

  /** A test showed that nothing is wrong (any more). */
  cleared(): void {
    this.error = null;
    this.isFailing = false;
  }
}
