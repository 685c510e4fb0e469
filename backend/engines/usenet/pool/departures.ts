// Who leaves when a signal says so. A reader asks for dozens of articles with one signal; it gets one listener, not dozens.

export class Departures {
  readonly #leaving = new WeakMap<AbortSignal, Set<() => void>>();

  /** Calls `leave` when the signal is aborted, unless the returned function was called before. The signal is not aborted yet. */
  expect(signal: AbortSignal, leave: () => void): () => void {
    const group = this.#leaving.get(signal) ?? this.#listen(signal);
    group.add(leave);
    return () => {
      group.delete(leave);
      if (group.size === 0 && this.#leaving.get(signal) === group) this.#forget(signal);
    };
  }

  readonly #heard = (event: Event): void => {
    const signal = event.target as AbortSignal;
    const group = this.#leaving.get(signal);
    this.#forget(signal);
    for (const leave of group ?? []) leave();
  };

  #listen(signal: AbortSignal): Set<() => void> {
    const group = new Set<() => void>();
    this.#leaving.set(signal, group);
    signal.addEventListener('abort', this.#heard, { once: true });
    return group;
  }

  #forget(signal: AbortSignal): void {
    this.#leaving.delete(signal);
    signal.removeEventListener('abort', this.#heard);
  }
}
