// One response's way of being ended from outside: the signal its reader is given, and the wait it wakes.

import type { ServerResponse } from 'node:http';

/** Why a response stopped before its last byte. */
export type Ending =
  | { readonly kind: 'client-gone' }
  | { readonly kind: 'stalled'; readonly error: unknown }
  | { readonly kind: 'ended-by-hand' }
  | { readonly kind: 'outside'; readonly error: unknown };

/**
 * Holds at most one wait at a time; ending aborts `signal` and rejects that wait. It keeps no list of waits, so that
 * a long response costs no memory per chunk (as racing against one long-lived promise would).
 */
export class Interruption {
  readonly #controller = new AbortController();
  #ending: Ending | null = null;
  #rejectWait: ((reason: unknown) => void) | null = null;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Null while the response goes on. */
  get ending(): Ending | null {
    return this.#ending;
  }

  /** The first call counts. The signal's reason is an AbortError unless the ending brings an error. */
  end(ending: Ending): void {
    if (this.#ending !== null) return;
    this.#ending = ending;
    const reason = 'error' in ending ? ending.error : new DOMException('The response was ended.', 'AbortError');
    this.#controller.abort(reason);
    this.#rejectWait?.(reason);
  }

  /** Settles as `promise` does, or rejects when the response is ended first; what `promise` does later is ignored. */
  wait<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#rejectWait = reject;
      promise.then(resolve, reject);
      if (this.signal.aborted) reject(this.signal.reason);
    });
  }

  /**
   * Ends as `client-gone` when the connection closes, and as `outside` when `signal` aborts. The connection is watched,
   * not the response: a pipelined response is told nothing. Returns what takes the listeners away.
   */
  watch(res: ServerResponse, signal: AbortSignal | undefined): () => void {
    const { socket } = res.req;
    const onClose = (): void => this.end({ kind: 'client-gone' });
    const onAbort = (): void => this.end({ kind: 'outside', error: signal?.reason });
    socket.on('close', onClose);
    signal?.addEventListener('abort', onAbort);
    if (socket.destroyed) onClose();
    if (signal?.aborted === true) onAbort();
    return () => {
      socket.off('close', onClose);
      signal?.removeEventListener('abort', onAbort);
    };
  }
}
