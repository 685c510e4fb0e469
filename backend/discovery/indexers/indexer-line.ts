// The one way to an indexer: within its limits, behind its breaker, two requests at a time, faults told apart. Knows HTTP, not
// what is asked or answered.

import { HeadstartError } from '../../content/index.js';
import type { Clock, HttpClient, HttpResponse } from '../../platform/index.js';
import { Turnstile } from '../../platform/index.js';
import { faultOfFetch } from './answer-faults.js';
import { IndexerBreaker } from './indexer-breaker.js';
import { IndexerError } from './indexer-error.js';
import { RequestWindow } from './request-window.js';

export interface IndexerLineOptions {
  readonly http: Pick<HttpClient, 'get'>;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly requestsPerMinute: number;
  /** Longest wait for our own limit; who would wait longer is told so at once. */
  readonly maxWaitMs: number;
}

export interface LineRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Anybody is answered this, with a good key or without: it shows nothing of how searches will fare. */
  readonly provesNothing?: boolean;
}

export interface LineOptions {
  readonly signal: AbortSignal;
  /** Asks although it failed before: somebody wants to know how it is now. Limits hold all the same. */
  readonly isTrial?: boolean;
}

/** Aggregators ask slow sites; what takes longer is no use to anybody. */
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MAX_AT_ONCE = 2;
const MAX_WAITING = 32;
const DEFAULT_PAUSE_MS = 60_000;

/** Bounded: two requests under way, 32 waiting; one more is refused with `INDEXER_LIMIT`. */
export class IndexerLine {
  readonly #options: IndexerLineOptions;
  readonly #breaker = new IndexerBreaker();
  readonly #window: RequestWindow;
  readonly #turnstile = new Turnstile({
    width: MAX_AT_ONCE,
    maxWaiting: MAX_WAITING,
    refusal: 'Too many searches wait for it.',
  });

  constructor(options: IndexerLineOptions) {
    this.#options = options;
    this.#window = new RequestWindow(options.requestsPerMinute);
  }

  /** When it will be asked again, epoch ms; null when it may be asked. */
  get retryAt(): number | null {
    return this.#breaker.retryAt(this.#options.clock.now());
  }

  /**
   * Sends one request and reads its answer with `read`, whose faults count as the indexer's.
   * @throws {IndexerError}; {TimeoutError}; the signal's reason
   */
  async ask<Result>(
    request: LineRequest,
    read: (answer: HttpResponse) => Promise<Result> | Result,
    options: LineOptions,
  ): Promise<Result> {
    const leave = await this.#takeTurn(options);
    try {
      this.#pass(options.isTrial === true);
      try {
        await this.#waitForWindow(options.signal);
        const result = await read(await this.#get(request, options.signal));
        if (request.provesNothing === true) this.#breaker.abandoned();
        else this.#breaker.succeeded(this.#options.clock.now());
        return result;
      } catch (error) {
        throw this.#judge(faultOfFetch(error), options.signal);
      }
    } finally {
      leave();
    }
  }

  async #takeTurn({ signal }: LineOptions): Promise<() => void> {
    try {
      return await this.#turnstile.enter({ signal });
    } catch (cause) {
      if (signal.aborted || !(cause instanceof HeadstartError)) throw cause;
      throw new IndexerError(cause.message, 'INDEXER_LIMIT', { cause });
    }
  }

  #pass(isTrial: boolean): void {
    const fault = this.#breaker.enter(this.#options.clock.now());
    const isOurs = fault?.code !== 'INDEXER_LIMIT';
    if (fault !== null && !(isTrial && isOurs)) throw fault;
  }

  async #waitForWindow(signal: AbortSignal): Promise<void> {
    const { clock, maxWaitMs, requestsPerMinute } = this.#options;
    const waitMs = this.#window.waitMs(clock.now());
    if (waitMs > maxWaitMs) {
      const message = `Its limit of ${requestsPerMinute} requests a minute is reached.`;
      throw new IndexerError(message, 'INDEXER_LIMIT', { retryAfterMs: waitMs });
    }
    const at = this.#window.take(clock.now());
    if (at > clock.now()) await clock.sleep(at - clock.now(), { signal });
  }

  async #get({ url, headers }: LineRequest, signal: AbortSignal): Promise<HttpResponse> {
    return await this.#options.http.get(url, {
      signal,
      maxBytes: MAX_BODY_BYTES,
      timeoutMs: REQUEST_TIMEOUT_MS,
      headers: { 'user-agent': this.#options.userAgent, ...headers },
    });
  }

  /** Tells the breaker; gives what is to be thrown. */
  #judge(error: unknown, signal: AbortSignal): unknown {
    const now = this.#options.clock.now();
    if (signal.aborted || !(error instanceof HeadstartError)) {
      this.#breaker.abandoned();
      return error;
    }
    const isLimit = error instanceof IndexerError && error.code === 'INDEXER_LIMIT';
    if (isLimit) this.#breaker.limited(error, error.retryAfterMs ?? DEFAULT_PAUSE_MS, now);
    else if (error.code === 'INDEXER_UNSUPPORTED') this.#breaker.succeeded(now);
    else this.#breaker.failed(error, now);
    return error;
  }
}
