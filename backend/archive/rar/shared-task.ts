// One run for all who want its result. Whoever loses interest leaves; the run is ended when nobody is left.

interface Run<Value> {
  readonly promise: Promise<Value>;
  readonly controller: AbortController;
  waiting: number;
}

/** Single flight around `start`. Results are not kept: who comes after the end starts anew. */
export class SharedTask<Value> {
  #run: Run<Value> | null = null;

  constructor(private readonly start: (signal: AbortSignal) => Promise<Value>) {}

  /** @throws what the run throws, or the signal's reason as soon as it is aborted */
  async join(signal: AbortSignal): Promise<Value> {
    signal.throwIfAborted();
    const run = (this.#run ??= this.#begin());
    run.waiting += 1;
    const left = new AbortController();
    try {
      return await Promise.race([run.promise, aborted(signal, left.signal)]);
    } finally {
      left.abort();
      run.waiting -= 1;
      if (run.waiting === 0) this.#end(run);
    }
  }

  #begin(): Run<Value> {
    const controller = new AbortController();
    const run = { promise: this.start(controller.signal), controller, waiting: 0 };
    run.promise.then(
      () => this.#end(run),
      () => this.#end(run),
    );
    return run;
  }

  #end(run: Run<Value>): void {
    if (this.#run === run) this.#run = null;
    run.controller.abort(new Error('Nobody waits for it any more.'));
  }
}

/** Rejects when `signal` is aborted; stops listening with `left`. */
function aborted(signal: AbortSignal, left: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: left });
  });
}
