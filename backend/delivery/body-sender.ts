// Carries bytes from a MediaFile to a response: pulls a chunk, writes it, waits until the socket has taken it, pulls the next.
// Knows nothing of HTTP's headers; the first chunk is in hand before `begin` is asked to send them.

import type { ServerResponse } from 'node:http';
import { ProtocolError, TimeoutError } from '../content/index.js';
import type { MediaFile } from '../content/index.js';
import type { Clock } from '../platform/index.js';
import type { Interruption } from './interruption.js';
import type { BodyLayout, BodyPart } from './multipart.js';
import type { StreamSession } from './stream-sessions.js';

export interface BodySenderOptions {
  readonly res: ServerResponse;
  readonly file: MediaFile;
  readonly clock: Clock;
  /** Longest wait for a byte from upstream. The client may take as long as it likes. */
  readonly stallTimeoutMs: number;
  readonly interruption: Interruption;
  readonly session: StreamSession;
  /** Sends the head of the response; called once, just before the first byte is written. */
  readonly begin: () => void;
}

type Iterator = AsyncIterator<Uint8Array, unknown>;

/**
 * Back-pressure: a chunk belongs to its reader again at the next pull, so nothing is pulled before the socket's write
 * callback; one chunk (at most 1 MiB) is in hand per response, and a paused client stops its reader.
 */
export class BodySender {
  #hasBegun = false;

  constructor(private readonly o: BodySenderOptions) {}

  /** Resolves when the last byte is with the kernel. Rejects when the bytes cannot be had, or the response was ended. */
  async send(layout: BodyLayout): Promise<void> {
    for (const part of layout.parts) await this.#sendPart(part);
    if (layout.closing !== null) await this.#write(layout.closing);
  }

  async #sendPart({ preamble, range }: BodyPart): Promise<void> {
    const { file, interruption, session } = this.o;
    if (interruption.ending !== null) throw interruption.signal.reason;
    const iterator = file.open(range, { signal: interruption.signal })[Symbol.asyncIterator]();
    try {
      let position = range.start;
      while (position < range.end) {
        session.waitingAt(position);
        const chunk = await this.#pull(iterator, range.end - position);
        session.sending();
        this.#begin(position === range.start ? preamble : null);
        await this.#write(chunk);
        session.sent(chunk.length);
        position += chunk.length;
      }
    } finally {
      release(iterator);
    }
  }

  /** The next chunk with bytes in it; the deadline is for the first byte, not for each empty chunk before it. */
  async #pull(iterator: Iterator, wantedBytes: number): Promise<Uint8Array> {
    const { clock, interruption, stallTimeoutMs } = this.o;
    const timer = clock.after(stallTimeoutMs, () =>
      interruption.end({ kind: 'stalled', error: stallError(stallTimeoutMs) }),
    );
    try {
      for (;;) {
        const { done, value } = await interruption.wait(iterator.next());
        if (done === true) throw new ProtocolError('The file ended before its length.', { code: 'ENDED_EARLY' });
        if (value.length > wantedBytes)
          throw new ProtocolError('The file is longer than its length.', { code: 'TOO_MANY_BYTES' });
        if (value.length > 0) return value;
      }
    } finally {
      timer.cancel();
    }
  }

  /** Head, preamble and first chunk leave together: node corks what is written within one turn. */
  #begin(preamble: Buffer | null): void {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.o.begin();
    }
    if (preamble !== null) this.o.res.write(preamble);
  }

  #write(bytes: Uint8Array): Promise<void> {
    const { interruption, res } = this.o;
    const taken = new Promise<void>((resolve, reject) => {
      res.write(bytes, (error) => {
        if (error === null || error === undefined) return resolve();
        interruption.end({ kind: 'client-gone' });
        reject(error);
      });
    });
    return interruption.wait(taken);
  }
}

function stallError(stallTimeoutMs: number): TimeoutError {
  return new TimeoutError(`No data came for ${Math.round(stallTimeoutMs / 1000)} s.`, { code: 'STALLED' });
}

/** Ends the demand without waiting: a reader that hangs must not hold the response. What it throws now concerns nobody. */
function release(iterator: Iterator): void {
  const ignore = (): undefined => undefined;
  Promise.resolve()
    .then(() => iterator.return?.())
    .catch(ignore);
}
