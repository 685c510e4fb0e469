// A file on an HTTP server as a MediaFile. A transfer that breaks off or ends early goes on at the byte where it stopped,
// a few attempts with growing delay; a file that changed meanwhile ends it, because its parts would not fit together.

import { createHash } from 'node:crypto';
import { CorruptDataError, HeadstartError, UnplayableError, UpstreamError } from '../../content/index.js';
import type { ByteRange, ContentId, MediaFile, OpenOptions } from '../../content/index.js';
import type { Clock, HttpClient } from '../../platform/index.js';
import { parseContentRange } from './content-range.js';
import { assertPartial, validity, type RemoteFile } from './http-probe.js';

export interface HttpMediaFileOptions {
  readonly contentId: ContentId;
  readonly remote: RemoteFile;
  readonly client: HttpClient;
  readonly clock: Clock;
}

/** Without a byte in between; each waits longer than the one before. */
const RETRY_DELAYS_MS = [250, 1_000, 4_000] as const;
const MAX_CHUNK_BYTES = 1024 * 1024;
/** Where a server names no date: some day, always the same one. */
const NO_DATE = new Date(Date.UTC(2000, 0, 1));

export class HttpMediaFile implements MediaFile {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
  readonly #options: HttpMediaFileOptions;

  constructor(options: HttpMediaFileOptions) {
    const { contentId, remote } = options;
    this.#options = options;
    this.id = createHash('sha256')
      .update(`${contentId}\n${remote.sizeBytes}\n${remote.validator ?? ''}`)
      .digest('hex');
    this.name = remote.name;
    this.sizeBytes = remote.sizeBytes;
    this.modifiedAt = remote.modifiedAt ?? NO_DATE;
  }

  /** @throws {UpstreamError} when it cannot be had; {CorruptDataError} CONTENT_CHANGED when it is another file by now */
  async *open(range: ByteRange, { signal }: OpenOptions): AsyncGenerator<Uint8Array, void, undefined> {
    signal.throwIfAborted();
    let { start } = range;
    let failures = 0;
    while (start < range.end) {
      try {
        for await (const chunk of this.#transfer({ start, end: range.end }, signal)) {
          start += chunk.length;
          failures = 0;
          yield* slices(chunk);
        }
        if (start < range.end) throw new UpstreamError('The transfer ended early.');
      } catch (error) {
        signal.throwIfAborted();
        const delayMs = RETRY_DELAYS_MS[failures];
        if (delayMs === undefined || !isWorthRetrying(error)) throw error;
        failures += 1;
        await this.#options.clock.sleep(delayMs, { signal });
      }
    }
  }

  /** One request for the whole range; never yields more than that. */
  async *#transfer(range: ByteRange, outer: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const { client, remote } = this.#options;
    const ending = new AbortController();
    const follow = (): void => ending.abort(outer.reason);
    outer.addEventListener('abort', follow, { once: true });
    try {
      const headers = { range: `bytes=${range.start}-${range.end - 1}`, ...ifRange(remote) };
      const answer = await client.stream(remote.url, { signal: ending.signal, headers });
      this.#assertSame(answer.status, answer.headers, range);
      let left = range.end - range.start;
      for await (const chunk of answer.body) {
        const wanted = chunk.length > left ? chunk.subarray(0, left) : chunk;
        left -= wanted.length;
        if (wanted.length > 0) yield wanted;
        if (left === 0) return;
      }
    } finally {
      outer.removeEventListener('abort', follow);
      ending.abort();
    }
  }

  #assertSame(status: number, headers: Readonly<Record<string, string>>, asked: ByteRange): void {
    const { remote } = this.#options;
    const { validator } = validity(headers);
    const covered = parseContentRange(headers['content-range']);
    const isOther = remote.validator !== null && validator !== null && validator !== remote.validator;
    if (isOther || (covered?.sizeBytes ?? this.sizeBytes) !== this.sizeBytes) throw changed();
    try {
      assertPartial(status, headers, remote.url);
    } catch (error) {
      // If-Range failed: the server sends the whole of something else (RFC 9110 §14.2).
      const isWhole = error instanceof UpstreamError && error.code === 'RANGE_UNSUPPORTED';
      throw isWhole && remote.validator !== null ? changed() : error;
    }
    if (covered?.range?.start !== asked.start) {
      throw new UpstreamError('The server sent another part than was asked for.', 'RANGE_UNSUPPORTED');
    }
  }
}

function ifRange({ validator }: RemoteFile): Record<string, string> {
  return validator === null ? {} : { 'if-range': validator };
}

function* slices(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < chunk.length; at += MAX_CHUNK_BYTES) yield chunk.subarray(at, at + MAX_CHUNK_BYTES);
}

function changed(): CorruptDataError {
  return new CorruptDataError('The file on the server is not the same any more.', { code: 'CONTENT_CHANGED' });
}

/** What will be the same next time is not tried again. */
function isWorthRetrying(error: unknown): boolean {
  if (error instanceof UnplayableError || error instanceof CorruptDataError) return false;
  if (error instanceof UpstreamError) return error.code === 'UPSTREAM';
  return error instanceof HeadstartError && error.code === 'TIMEOUT';
}
