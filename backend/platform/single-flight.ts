// The same work asked for several times at once is done once. It ends when the last one who wants it has gone.

interface Flight<Value> {
  readonly promise: Promise<Value>;
  readonly controller: AbortController;
  waiting: number;
}

/** Bounded by its callers: an entry lives only while somebody waits for it. */
export class SingleFlight<Value, Key = string> {
  readonly #flights = new Map<Key, Flight<Value>>();

  /** Joins or starts `work`. Rejects with the caller's own reason when its signal comes first. */
  async run(key: Key, work: (signal: AbortSignal) => Promise<Value>, signal: AbortSignal): Promise<Value> {
    signal.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#start(key, work);
    flight.waiting += 1;
    let leave = (): void => undefined;
    const gone = new Promise<never>((_resolve, reject) => {
      leave = () => reject(signal.reason as Error);
      signal.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([flight.promise, gone]);
    } finally {
      signal.removeEventListener('abort', leave);
      flight.waiting -= 1;
      if (flight.waiting === 0 && this.#flights.get(key) === flight) {
        this.#flights.delete(key);
        flight.controller.abort(signal.reason);
      }
    }
  }

  #start(key: Key, work: (signal: AbortSignal) => Promise<Value>): Flight<Value> {
    const controller = new AbortController();
    const promise = work(controller.signal).finally(() => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    promise.catch(() => undefined);
    const flight: Flight<Value> = { promise, controller, waiting: 0 };
    this.#flights.set(key, flight);
    return flight;
  }
}
