// Reads an answer's body within its bounds of size and time. Knows nothing of HTTP beyond bytes that come or do not.

import type { Readable } from 'node:stream';
import { TimeoutError, TooLargeError } from '../content/index.js';

export interface ResponseBodyOptions {
  readonly signal: AbortSignal;
  /** How long one chunk may be waited for; unlimited when absent (the signal then carries the limit). */
  readonly stallTimeoutMs?: number;
}

/** One body, read once, either whole or in chunks. However reading ends, the connection is closed. */
export class ResponseBody {
  readonly #stream: Readable;
  readonly #options: ResponseBodyOptions;

  constructor(stream: Readable, options: ResponseBodyOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  /** All of it. @throws {TooLargeError} as soon as more than `maxBytes` came, or at once where more is announced. */
  async collect(maxBytes: number, announcedBytes = 0): Promise<Uint8Array> {
    if (announcedBytes > maxBytes) {
      this.#stream.destroy();
      throw tooLarge(maxBytes);
    }
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const chunk of this.chunks()) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, sizeBytes);
  }

  /** Chunk by chunk, as they come; nothing is read ahead of the caller beyond the stream's own buffer. */
  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const { signal, stallTimeoutMs } = this.#options;
    const stream = this.#stream;
    let isWaiting = true;
    const stop = (): void => void stream.destroy(signal.reason as Error);
    const onStall = (): void => {
      if (isWaiting) stream.destroy(new TimeoutError('The server stopped sending.'));
    };
    const timer = stallTimeoutMs === undefined ? null : setTimeout(onStall, stallTimeoutMs).unref();
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (signal.aborted) stop();
      for await (const chunk of stream) {
        isWaiting = false;
        yield chunk as Uint8Array;
        isWaiting = true;
        timer?.refresh();
      }
    } finally {
      if (timer) clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      stream.destroy();
    }
  }
}

function tooLarge(maxBytes: number): TooLargeError {
  return new TooLargeError(`The answer is larger than the ${maxBytes} bytes that are taken.`);
}
