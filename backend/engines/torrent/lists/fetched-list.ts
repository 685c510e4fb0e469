// One list from the web, kept fresh: fetched at once and then daily, sooner after a failure. Knows nothing of what it says;
// whoever reads it keeps the last good answer. Its address may hold a secret and is never named.

import { gunzip } from 'node:zlib';
import { HeadstartError, InputError, TooLargeError } from '../../../content/index.js';
import type { Clock, HttpClient, Logger, Timer } from '../../../platform/index.js';

/** What reading a list brought. */
export interface ListReading {
  readonly entries: number;
  readonly malformedLines: number;
}

export interface FetchedListOptions {
  /** What it is called in the log. */
  readonly name: string;
  readonly url: string;
  /** Of the answer, and again of what it unpacks to. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Where only ASCII matters, `latin1` takes half the memory. */
  readonly encoding: 'utf8' | 'latin1';
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** Takes the list over. @throws {InputError} when it says nothing usable: the answer then counts as a failure */
  readonly read: (text: string, signal: AbortSignal) => ListReading | Promise<ListReading>;
}

const REFRESH_MS = 24 * 60 * 60 * 1000;
const RETRY_MS = 15 * 60 * 1000;

export class FetchedList {
  private readonly closing = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private timer: Timer | null = null;
  private error: string | null = null;
  private readAt: number | null = null;

  constructor(private readonly options: FetchedListOptions) {}

  /** Why the last attempt failed; null when it did not. */
  get lastError(): string | null {
    return this.error;
  }

  /** When the list was last read well, epoch ms. */
  get fetchedAt(): number | null {
    return this.readAt;
  }

  /** Begins; waits for nothing. */
  start(): void {
    if (this.closing.signal.aborted) return;
    this.running = this.refresh().then((isDone) => {
      if (this.closing.signal.aborted) return;
      this.timer = this.options.clock.after(isDone ? REFRESH_MS : RETRY_MS, () => this.start());
    });
  }

  /** Ends what is under way. Idempotent. */
  async close(): Promise<void> {
    this.closing.abort(new Error('the list is no longer needed'));
    this.timer?.cancel();
    await this.running;
  }

  private async refresh(): Promise<boolean> {
    const { name, clock, log, read } = this.options;
    const { signal } = this.closing;
    try {
      const text = await this.fetch(signal);
      signal.throwIfAborted();
      const reading = await read(text, signal);
      this.readAt = clock.now();
      this.error = null;
      log.info({ list: name, ...reading }, 'A swarm list was read');
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      this.error = error instanceof HeadstartError ? error.message : 'The list could not be read.';
      log.warn({ list: name, reason: this.error }, 'A swarm list could not be had; the last one stays');
      return false;
    }
  }

  private async fetch(signal: AbortSignal): Promise<string> {
    const { http, url, maxBytes, timeoutMs, encoding } = this.options;
    const { status, body } = await http.get(url, { signal, maxBytes, timeoutMs });
    if (status !== 200) throw new InputError(`The list could not be fetched (HTTP ${status}).`);
    const bytes = await unpack(body, maxBytes);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encoding);
  }
}

/** Gzip (RFC 1952) is told by its first bytes: such files come without a word about it in the headers. */
async function unpack(body: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
  return new Promise((resolve, reject) => {
    gunzip(body, { maxOutputLength: maxBytes }, (error, unpacked) => {
      if (error === null) resolve(unpacked);
      else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
        reject(new TooLargeError(`The list unpacks to more than the ${maxBytes} bytes that are taken.`));
      else reject(new InputError('The list is broken gzip.', { cause: error }));
    });
  });
}
