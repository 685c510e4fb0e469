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
/** So long another provider is given to connect. */
const PATIENT_LOOKS = 5;

export class Hedger {
  readonly #options: HedgerOptions;
  #hedges = 0;

  constructor(options: HedgerOptions) {
    this.#options = options;
  }

  /** Looks after an article that was just asked of `provider`. */
  watch(task: ArticleTask, provider: ProviderPool): void {
    if (task.kind === 'body' && !task.isOver) this.#lookIn(task, provider.numbers.latency.deadlineMs, 0);
  }

  #lookIn(task: ArticleTask, ms: number, looks: number): void {
    const attempt = task.attempts[0];
    const timer = this.#options.clock.after(ms, () => {
      // Asked anew since: then it is watched anew.
      if (task.isOver || task.attempts[0] !== attempt || task.attempts.length > 1) return;
      if (!this.#askAgain(task, looks >= PATIENT_LOOKS)) this.#lookIn(task, LOOK_AGAIN_MS, looks + 1);
    });
    task.onOver(() => timer.cancel());
  }

  /**
   * Another provider first; the same one over another connection when none is to be had, backups last: their bytes cost. A
   * provider that sends nothing at all any more comes after them.
   */
  #askAgain(task: ArticleTask, isPatienceOver: boolean): boolean {
    const [first] = task.attempts;
    if (first === undefined || this.#hedges >= MAX_HEDGES) return false;
    if (!isWaitedFor(task)) return false;
    const isOpenTo = (stop: ProviderPool): boolean =>
      !task.isDoneWith(stop.id) && task.faultOf(stop.id) === undefined && stop.readiness() === 'ready';
    const stops = this.#options.stopsFor(task).filter(isOpenTo);
    const others = stops.filter((stop) => stop.id !== first.providerId && !stop.isBackup);
    const same = stops.filter((stop) => stop.id === first.providerId);
    const backups = stops.filter((stop) => stop.isBackup && stop.id !== first.providerId);
    const isSilent = same.some((stop) =>
      stop.numbers.isSilentFor(stop.numbers.latency.deadlineMs, this.#options.clock.now()),
    );
    const rest = isSilent ? [...backups, ...same] : [...same, ...backups];
    const choice = others.length > 0 && !isPatienceOver ? others : [...others, ...rest];
    for (const stop of choice) {
      if (!this.#options.runner.start(task, stop, first.connection)) continue;
      this.#hedges += 1;
      task.onOver(() => {
        this.#hedges -= 1;
      });
      return true;
    }
    // Room for the next look.
    choice[0]?.want(1);
    return false;
  }
}

/** A reader or somebody who prepares has nothing else to go on with. */
function isWaitedFor(task: ArticleTask): boolean {
  const { rank, distance } = task.options.demand.urgency();
  return rank === 'play' || (rank === 'prepare' && distance === 0);
}
