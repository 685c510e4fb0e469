// A promise that is settled from outside. A rejection nobody waits for is no crash.

export class Deferred<Value> {
  readonly promise: Promise<Value>;
  /** Both are idempotent: the first one counts. */
  readonly resolve: (value: Value | Promise<Value>) => void;
  readonly reject: (reason: unknown) => void;

  constructor() {
    let resolve: (value: Value | Promise<Value>) => void = () => undefined;
    let reject: (reason: unknown) => void = () => undefined;
    this.promise = new Promise<Value>((onResolve, onReject) => {
      resolve = onResolve;
      reject = onReject;
    });
    this.promise.catch(() => undefined);
    this.resolve = resolve;
    this.reject = reject;
  }
}
