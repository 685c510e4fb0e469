// Who waits for which piece. A waiting reader is woken by the piece it waits for, never by polling.

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export class PieceWaiters {
  private readonly waiters = new Map<number, Set<Waiter>>();

  get size(): number {
    return this.waiters.size;
  }

  /** The pieces that are waited for. */
  pieces(): number[] {
    return [...this.waiters.keys()];
  }

  /** Resolves when the piece is reported, rejects with the signal's reason or with what `fail` was given. */
  wait(piece: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const settle = (): void => {
        signal.removeEventListener('abort', onAbort);
        waiting.delete(waiter);
        if (waiting.size === 0 && this.waiters.get(piece) === waiting) this.waiters.delete(piece);
      };
      const onAbort = (): void => waiter.reject(signal.reason);
      const waiter: Waiter = {
        resolve: () => {
          settle();
          resolve();
        },
        reject: (reason) => {
          settle();
          reject(reason);
        },
      };
      const waiting = this.waiters.get(piece) ?? new Set();
      this.waiters.set(piece, waiting);
      waiting.add(waiter);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** The piece is here. */
  arrived(piece: number): void {
    for (const waiter of [...(this.waiters.get(piece) ?? [])]) waiter.resolve();
  }

  /** The piece will not come for now. */
  fail(piece: number, reason: Error): void {
    for (const waiter of [...(this.waiters.get(piece) ?? [])]) waiter.reject(reason);
  }

  failAll(reason: Error): void {
    for (const piece of [...this.waiters.keys()]) this.fail(piece, reason);
  }
}
