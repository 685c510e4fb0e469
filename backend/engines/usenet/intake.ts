// How NZBs come into the house: uploaded or fetched, unpacked, parsed, kept; and how a kept one is had again. Knows nothing
// of articles. Bounds: 8 are fetched at once, 2 are unpacked and parsed at once, one alone that is large.

import { parse } from 'content-disposition';
import { LRUCache } from 'lru-cache';
import { GoneError, HeadstartError, InputError, TooLargeError, UpstreamError } from '../../content/index.js';
import type { ContentId, NzbSource } from '../../content/index.js';
import { SingleFlight, Turnstile } from '../../platform/index.js';
import type { HttpClient, Logger } from '../../platform/index.js';
import { decompressNzb, MAX_NZB_BYTES, MAX_UNPACKED_BYTES, readNzb, unpackedSizeHint } from './nzb-document.js';
import { passwordsInName } from './nzb/name-password.js';
import type { Nzb } from './nzb/nzb.js';
import { releaseNameOf } from './nzb/release-name.js';

/** Where NZBs are kept, by content. */
export interface KeptDocuments {
  /** On the disk when it resolves. */
  keep(contentId: ContentId, bytes: Uint8Array): Promise<void>;
  read(contentId: ContentId): Promise<Uint8Array | null>;
  has(contentId: ContentId): Promise<boolean>;
}

/** Which NZB an address gave the last time. */
export interface KnownUrls {
  remember(url: string, source: NzbSource): void;
  find(url: string): NzbSource | null;
}

export interface NzbIntakeOptions {
  readonly documents: KeptDocuments;
  readonly urls: KnownUrls;
  readonly http: Pick<HttpClient, 'get'>;
  readonly log: Logger;
}

export interface AcceptOptions {
  /** As uploaded; may carry a password. */
  readonly fileName?: string;
  /** `Content-Disposition` of the server that gave it. */
  readonly disposition?: string;
  readonly url?: string;
  readonly passwords?: readonly string[];
  /** Leaves while it waits its turn, or in the middle of the reading. */
  readonly signal?: AbortSignal;
}

const MAX_READ_AT_ONCE = 2;
/** Unpacked; such a one is read alone. */
const LARGE_BYTES = 20 * 1000 * 1000;
/** Answers of up to 100 MB are in memory. */
const MAX_FETCHED_AT_ONCE = 8;
const MAX_WAITING = 200;
const REFUSAL = 'Too many NZBs are being taken in at once.';
const FETCH_TIMEOUT_MS = 60_000;
/** Parsed NZBs in memory, counted in segments: about 200 bytes each; room for the largest. */
const MAX_PARSED_SEGMENTS = 501_000;
const MAX_PASSWORDS = 16;

interface ReadOptions {
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

export class NzbIntake {
  readonly #fetches = new SingleFlight<NzbSource>();
  readonly #loads = new SingleFlight<Nzb>();
  readonly #fetchTurns = new Turnstile({ width: MAX_FETCHED_AT_ONCE, maxWaiting: MAX_WAITING, refusal: REFUSAL });
  readonly #readTurns = new Turnstile({ width: MAX_READ_AT_ONCE, maxWaiting: MAX_WAITING, refusal: REFUSAL });
  readonly #parsed = new LRUCache<ContentId, Nzb>({
    maxSize: MAX_PARSED_SEGMENTS,
    sizeCalculation: (nzb) => 1 + nzb.files.reduce((sum, { segments }) => sum + segments.length, 0),
  });

  constructor(private readonly o: NzbIntakeOptions) {}

  /** Parses and keeps an NZB, gzip or not, in its turn. @throws {UnplayableError} `NZB_INVALID`; {TooLargeError}; {BusyError} */
  async accept(bytes: Uint8Array, options: AcceptOptions = {}): Promise<NzbSource> {
    const nzb = await this.#inTurn((maxBytes) => this.#take(bytes, { maxBytes, signal: options.signal }), {
      isLarge: unpackedSizeHint(bytes) > LARGE_BYTES,
      signal: options.signal,
    });
    const named = passwordsInName(options.fileName ?? dispositionName(options.disposition));
    const name = releaseNameOf({
      nzb,
      ...(named.name === '' ? {} : { fileName: named.name }),
      ...(options.url === undefined ? {} : { url: options.url }),
    });
    const passwords = [...(options.passwords ?? []), ...nzb.passwords, ...named.passwords];
    return { kind: 'nzb', contentId: nzb.contentId, name, passwords: [...new Set(passwords)].slice(0, MAX_PASSWORDS) };
  }

  /**
   * The NZB at an address; one that is known from before and still kept is not fetched again.
   * @throws {UpstreamError} `NZB_UNFETCHABLE`; {InputError} `FETCH_REFUSED`; as `accept` does
   */
  async fetch(
    url: string,
    options: { readonly signal: AbortSignal; readonly passwords?: readonly string[] },
  ): Promise<NzbSource> {
    const known = this.o.urls.find(url);
    const source =
      known !== null && (await this.o.documents.has(known.contentId))
        ? known
        : await this.#fetches.run(
            url,
            (signal) => this.#fetchTurns.run(() => this.#get(url, signal), { signal }),
            options.signal,
          );
    const passwords = [...new Set([...(options.passwords ?? []), ...source.passwords])].slice(0, MAX_PASSWORDS);
    return { ...source, passwords };
  }

  /** The parsed NZB of a source. @throws {GoneError} when it is not kept any more */
  load(source: NzbSource, options: { readonly signal: AbortSignal }): Promise<Nzb> {
    const { contentId } = source;
    const known = this.#parsed.get(contentId);
    if (known !== undefined) return Promise.resolve(known);
    return this.#loads.run(
      contentId,
      async (signal) => {
        const nzb = await this.#inTurn((maxBytes) => this.#readKept(contentId, { maxBytes, signal }), { signal });
        this.#parsed.set(contentId, nzb);
        return nzb;
      },
      options.signal,
    );
  }

  /** Unpacked, parsed and kept; what it was unpacked to is let go with the end of its turn. */
  async #take(bytes: Uint8Array, { maxBytes, signal }: ReadOptions): Promise<Nzb> {
    const text = await decompressNzb(bytes, maxBytes);
    const nzb = await readNzb(text, signal === undefined ? {} : { signal });
    await this.o.documents.keep(nzb.contentId, text);
    this.#parsed.set(nzb.contentId, nzb);
    return nzb;
  }

  async #readKept(contentId: ContentId, { maxBytes, signal }: ReadOptions): Promise<Nzb> {
    const bytes = await this.o.documents.read(contentId);
    if (bytes === null) throw new GoneError('The NZB is not here any more.');
    if (bytes.length > maxBytes) throw new TooLargeError('The kept NZB is larger than is taken.');
    return readNzb(bytes, signal === undefined ? {} : { signal });
  }

  /** What turns out to be larger than it seemed comes again, to be read alone. */
  async #inTurn<Result>(
    work: (maxBytes: number) => Promise<Result>,
    { isLarge = false, signal }: { readonly isLarge?: boolean; readonly signal?: AbortSignal | undefined },
  ): Promise<Result> {
    if (!isLarge) {
      try {
        return await this.#readTurns.run(() => work(LARGE_BYTES), { signal });
      } catch (error) {
        if (!(error instanceof TooLargeError)) throw error;
      }
    }
    return this.#readTurns.run(() => work(MAX_UNPACKED_BYTES), { weight: MAX_READ_AT_ONCE, signal });
  }

  async #get(url: string, signal: AbortSignal): Promise<NzbSource> {
    const answer = await this.#request(url, signal);
    const disposition = answer.headers['content-disposition'];
    const source = await this.accept(answer.body, {
      url,
      signal,
      ...(disposition === undefined ? {} : { disposition }),
    });
    try {
      this.o.urls.remember(url, source);
    } catch (err) {
      this.o.log.warn({ err }, 'The address of an NZB could not be remembered');
    }
    return source;
  }

  async #request(url: string, signal: AbortSignal) {
    try {
      const answer = await this.o.http.get(url, { signal, maxBytes: MAX_NZB_BYTES, timeoutMs: FETCH_TIMEOUT_MS });
      if (answer.status !== 200) throw unfetchable(`The NZB's server answered ${answer.status}.`);
      return answer;
    } catch (error) {
      if (signal.aborted || error instanceof InputError || error instanceof TooLargeError) throw error;
      if (error instanceof HeadstartError) throw unfetchable(error.message, error);
      throw error;
    }
  }
}

/** What the server called it; empty where it did not or nobody can tell. */
function dispositionName(header: string | undefined): string {
  if (header === undefined) return '';
  try {
    return parse(header).parameters['filename'] ?? '';
  } catch {
    return '';
  }
}

function unfetchable(message: string, cause?: unknown): UpstreamError {
  return new UpstreamError(message, 'NZB_UNFETCHABLE', { cause });
}
