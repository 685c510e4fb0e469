// Lets keys be made of passwords one at a time, and only as many as are allowed: making one is slow on purpose, cannot be
// stopped once it runs, and how slow it is the archive says.

import { unsupported } from './refusals.js';

export interface KeyCost {
  /** Of PBKDF2 with SHA-256, or what takes as long. */
  readonly rounds: number;
  readonly signal: AbortSignal;
}

/**
 * One for the whole server, `narrow`ed for each release and each archive in it. A narrowed gate stands in the line of the
 * gate it was made from only once at a time, so that a release with many archives does not keep others waiting. The line
 * holds what its callers wait for.
 */
export class KeyDerivationGate {
  #last: Promise<unknown> = Promise.resolve();
  #left: number;
  readonly #outer: KeyDerivationGate | null;

  /** Without a limit of its own; made by `narrow` otherwise. */
  constructor(maxRounds = Infinity, outer: KeyDerivationGate | null = null) {
    this.#left = maxRounds;
    this.#outer = outer;
  }

  /** A gate for a part of the work: it lets through `maxRounds` in all, and what this one lets through. */
  narrow(maxRounds: number): KeyDerivationGate {
    return new KeyDerivationGate(maxRounds, this);
  }

  /**
   * Waits for its turn, then does `work`, whose rounds are counted before it begins; they are given back when it fails.
   * @throws {UnplayableError} `ARCHIVE_UNSUPPORTED` when too few rounds are left; the signal's reason, at once
   */
  async run<Value>(cost: KeyCost, work: () => Promise<Value>): Promise<Value> {
    const { signal } = cost;
    signal.throwIfAborted();
    this.#assertLeft(cost);
    const turn = this.#last.then(() => this.#take(cost, work));
    this.#last = turn.catch(() => undefined);
    let leave = (): void => undefined;
    const gone = new Promise<never>((_resolve, reject) => {
      leave = () => reject(signal.reason as Error);
      signal.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([turn, gone]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  async #take<Value>(cost: KeyCost, work: () => Promise<Value>): Promise<Value> {
    cost.signal.throwIfAborted();
    this.#assertLeft(cost);
    this.#left -= cost.rounds;
    try {
      return await (this.#outer === null ? work() : this.#outer.run(cost, work));
    } catch (error) {
      this.#left += cost.rounds;
      throw error;
    }
  }

  #assertLeft({ rounds }: KeyCost): void {
    if (rounds > this.#left) throw unsupported('The passwords of the archive would take too long to try.');
  }
}
