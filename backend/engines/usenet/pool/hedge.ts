// Articles that a reader waits for and that are late are asked for a second time, of another provider if there is one: the first
// good copy wins, the other is dropped. At most a few at once, so that a slow line is not made slower.

import type { Clock } from '../../../platform/index.js';
import type { AttemptRunner } from './attempt.js';
import type { ProviderPool } from './provider-pool.js';
import type { ArticleTask } from './task.js';

export interface HedgerOptions {
  readonly clock: Clock;
  readonly runner: AttemptRunner;
  /** Who may be asked for an article, in order. */
  readonly stopsFor: (task: ArticleTask) => readonly ProviderPool[];
}

const MAX_HEDGES = 4;
/** When it could not be asked for again yet. */
const LOOK_AGAIN_MS = 100;

export class Hedger {
  readonly #options: HedgerOptions;
  #hedges = 0;

  constructor(options: HedgerOptions) {
    this.#options = options;
  }

  /** Looks after an article that was just asked of `provider`. */
  watch(task: ArticleTask, provider: ProviderPool): void {
    if (task.kind === 'body' && !task.isOver) this.#lookIn(task, provider.numbers.latency.deadlineMs);
  }

  #lookIn(task: ArticleTask, ms: number): void {
    const attempt = task.attempts[0];
    const timer = this.#options.clock.after(ms, () => {
      // Asked anew since: then it is watched anew.
      if (task.isOver || task.attempts[0] !== attempt || task.attempts.length > 1) return;
      if (!this.#askAgain(task)) this.#lookIn(task, LOOK_AGAIN_MS);
    });
    task.onOver(() => timer.cancel());
  }

  #askAgain(task: ArticleTask): boolean {
    const [first] = task.attempts;
    if (first === undefined || this.#hedges >= MAX_HEDGES) return false;
    if (task.options.demand.urgency().rank !== 'play') return false;
    const stops = this.#options
      .stopsFor(task)
      .filter((stop) => !task.isDoneWith(stop.id) && stop.readiness() === 'ready');
    const others = stops.filter((stop) => stop.id !== first.providerId && task.faultOf(stop.id) === undefined);
    for (const stop of [...others, ...stops]) {
      if (!this.#options.runner.start(task, stop, first.connection)) continue;
      this.#hedges += 1;
      task.onOver(() => {
        this.#hedges -= 1;
      });
      return true;
    }
    // Room for the next look.
    stops[0]?.want(1);
    return false;
  }
}
