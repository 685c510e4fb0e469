// Asks the configured metadata addon, once for however many want the same title, and remembers the answers. An addon that
// is down costs one wait, then nothing for a while; what it told before serves meanwhile.

import { LRUCache } from 'lru-cache';
import { ClosedError, HeadstartError, TooLargeError, UpstreamError } from '../../content/index.js';
import type { TitleFacts } from '../../naming/index.js';
import { SingleFlight } from '../../platform/index.js';
import type { Clock, HttpClient, Logger } from '../../platform/index.js';
import { factsOfOpenFilm } from '../open-films.js';
import { factsOfTitle, findEpisode, wishedEpisode } from './facts-of-title.js';
import type { MetadataWish } from './facts-of-title.js';
import { parseMetadataAnswer } from './metadata-answer.js';
import type { TitleMetadata } from './title-metadata.js';

export interface MetadataClientOptions {
  /** Root of the addon, without trailing slash. Its path may hold an account: it stands in no error and no log. */
  readonly url: string;
  /** Must be allowed to reach the origin of `url`, wherever it lies. */
  readonly http: Pick<HttpClient, 'get'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Episodes remembered, a title counting as 20; the least recently asked for go first. Default 100,000: about 20 MB. */
  readonly maxEpisodes?: number;
}

/** What is remembered of one title. */
interface Entry {
  /** Null: the addon knows no such title. Absent: it never answered. */
  readonly known?: TitleMetadata | null;
  /** Epoch ms of `known`. */
  readonly knownAt: number;
  readonly failure?: Failure;
}

interface Failure {
  readonly error: UpstreamError;
  /** Epoch ms. */
  readonly at: number;
}

const TIMEOUT_MS = 4_000;
const MAX_ANSWER_BYTES = 10e6;
const DAY_MS = 86_400e3;
/** An episode that is not listed yet may be tomorrow's. */
const UNLISTED_MS = 3_600e3;
const NOT_FOUND_MS = 600e3;
const FAILURE_MS = 30e3;
const MAX_EPISODES = 100_000;
const EPISODES_PER_TITLE = 20;
const TITLE_ID = /^(?:tt\d{1,12}|(?:tmdb|tvdb|kitsu):\d{1,12})$/;

export class MetadataClient {
  readonly #entries: LRUCache<string, Entry>;
  readonly #flights = new SingleFlight<Entry>();
  readonly #life = new AbortController();
  /** The addon could not be reached at all, for whatever title. */
  #outage: Failure | null = null;

  constructor(private readonly o: MetadataClientOptions) {
    this.#entries = new LRUCache({
      maxSize: o.maxEpisodes ?? MAX_EPISODES,
      sizeCalculation: ({ known }) => EPISODES_PER_TITLE + (known?.episodes.length ?? 0),
    });
  }

  /**
   * What is known of the wished film or episode; null when the addon knows no such title, or the id is of no database known
   * here. The built-in films are known without asking. An episode it does not list keeps its season and number. The signal
   * ends the wait only: an answer that comes within 4 s is kept for the next one who asks.
   * @throws {UpstreamError} METADATA_UNREACHABLE or METADATA_INVALID when the addon fails and never told of this title; for
   * 30 s then without asking again
   */
  async find(wish: MetadataWish, options: { readonly signal: AbortSignal }): Promise<TitleFacts | null> {
    options.signal.throwIfAborted();
    if (!TITLE_ID.test(wish.titleId)) return null;
    const film = wish.type === 'movie' ? factsOfOpenFilm(wish.titleId) : null;
    if (film !== null) return film;
    const { known, failure } = await this.#entryFor(wish, options.signal);
    if (known === undefined) throw failure?.error ?? unreachable('did not answer');
    return known === null ? null : factsOfTitle(known, wish);
  }

  /** Ends what is under way. Idempotent. */
  close(): void {
    this.#life.abort(new ClosedError());
  }

  async #entryFor(wish: MetadataWish, signal: AbortSignal): Promise<Entry> {
    const key = `${wish.type}/${wish.titleId}`;
    const entry = this.#entries.get(key) ?? { knownAt: 0 };
    const now = this.o.clock.now();
    if (now - entry.knownAt < freshFor(entry, wish)) return entry;
    const failure = [entry.failure, this.#outage].find((one) => one != null && now - one.at < FAILURE_MS);
    if (failure != null) return { ...entry, failure };
    const work = (): Promise<Entry> => this.#renew(key, wish, entry);
    // Its own wait keeps the request going when the one who asked has gone.
    this.#flights.run(key, work, this.#life.signal).catch(() => undefined);
    return this.#flights.run(key, work, signal);
  }

  async #renew(key: string, wish: MetadataWish, before: Entry): Promise<Entry> {
    const entry = await this.#ask(wish).then(
      (known): Entry => ({ known, knownAt: this.o.clock.now() }),
      (error: unknown): Entry => {
        this.#life.signal.throwIfAborted();
        return { ...before, failure: this.#noteFailure(error, before) };
      },
    );
    if (entry.failure === undefined) this.#outage = null;
    this.#entries.set(key, entry);
    return entry;
  }

  #noteFailure(cause: unknown, { known }: Entry): Failure {
    const error = failureOf(cause);
    const failure = { error, at: this.o.clock.now() };
    if (isOutage(cause)) this.#outage = failure;
    const { message, code } = error;
    if (known !== undefined)
      this.o.log.warn({ code, message }, 'metadata could not be renewed; an older answer serves');
    return failure;
  }

  /** Kitsu's own addon calls its titles by a type of their own, others call them series. */
  async #ask({ type, titleId }: MetadataWish): Promise<TitleMetadata | null> {
    const types = titleId.startsWith('kitsu:') ? [type, 'anime'] : [type];
    for (const one of types) {
      const known = await this.#get(`${this.o.url}/meta/${one}/${titleId}.json`);
      if (known !== null) return known;
    }
    return null;
  }

  async #get(url: string): Promise<TitleMetadata | null> {
    const limits = { signal: this.#life.signal, maxBytes: MAX_ANSWER_BYTES, timeoutMs: TIMEOUT_MS };
    const { status, body } = await this.o.http.get(url, { ...limits, headers: { accept: 'application/json' } });
    if (status === 404 || status === 410) return null;
    if (status < 200 || status > 299) throw unreachable(`answered with status ${status}`);
    return parseMetadataAnswer(body);
  }
}

function freshFor({ known }: Entry, wish: MetadataWish): number {
  if (known === undefined) return 0;
  if (known === null) return NOT_FOUND_MS;
  return wishedEpisode(wish) !== null && findEpisode(known, wish) === null ? UNLISTED_MS : DAY_MS;
}

/** No answer came, so none will come for another title. */
function isOutage(error: unknown): boolean {
  return !(error instanceof TooLargeError) && !(error instanceof UpstreamError && error.code.startsWith('METADATA_'));
}

function failureOf(error: unknown): UpstreamError {
  if (error instanceof UpstreamError && error.code.startsWith('METADATA_')) return error;
  if (error instanceof TooLargeError) {
    return new UpstreamError('The metadata addon answered with too much.', 'METADATA_INVALID', { cause: error });
  }
  const reason = error instanceof HeadstartError ? ` ${error.message}` : '';
  return unreachable('could not be asked', `.${reason}`, error);
}

function unreachable(what: string, rest = '.', cause?: unknown): UpstreamError {
  return new UpstreamError(`The metadata addon ${what}${rest}`, 'METADATA_UNREACHABLE', { cause });
}
