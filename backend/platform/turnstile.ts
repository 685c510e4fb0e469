// Lets only so much work happen at once; the rest waits its turn, in the order in which it came.

import { BusyError } from '../content/index.js';

export interface TurnstileOptions {
  /** How much may be inside at once, in the units of `weight`. */
  readonly width: number;
  /** How many may wait; one more is refused. */
  readonly maxWaiting: number;
  /** What who is refused is told. */
  readonly refusal: string;
}

export interface TurnOptions {
  /** At least 0, default 1; more than the width counts as all of it. */
  readonly weight?: number;
  readonly signal?: AbortSignal | undefined;
}

interface Waiting {
  readonly weight: number;
  readonly pass: () => void;
}

/** Bounded: `width` inside, `maxWaiting` waiting. Nobody overtakes, so what is heavy waits no longer than what is light. */
export class Turnstile {
  #inside = 0;
  #waiting: Waiting[] = [];

  constructor(private readonly o: TurnstileOptions) {}

  /**
   * Resolves when there is room; what it gives makes room again (idempotent).
   * @throws {BusyError} when too many wait; the signal's reason when that comes first
   */
  async enter({ weight = 1, signal }: TurnOptions = {}): Promise<() => void> {
    signal?.throwIfAborted();
    const taken = Math.min(weight, this.o.width);
    if (this.#waiting.length > 0 || !this.#hasRoom(taken)) await this.#wait(taken, signal);
    else this.#inside += taken;
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.#inside -= taken;
      this.#passOn();
    };
  }

  /** `work`, in its turn. @throws as `enter` does, and what `work` throws */
  async run<Result>(work: () => Promise<Result>, options: TurnOptions = {}): Promise<Result> {
    const leave = await this.enter(options);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  #wait(weight: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.length >= this.o.maxWaiting) return Promise.reject(new BusyError(this.o.refusal));
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== turn);
        reject(signal?.reason as Error);
        this.#passOn();
      };
      const pass = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const turn: Waiting = { weight, pass };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(turn);
    });
  }

  #passOn(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#hasRoom(next.weight); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#inside += next.weight;
      next.pass();
    }
  }

  #hasRoom(weight: number): boolean {
    return this.#inside + weight <= this.o.width;
  }
}
