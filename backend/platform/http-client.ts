// The only way out over HTTP. Guards what users and strangers name: http(s) only, addresses checked by the policy and
// pinned, each redirect checked like the first request, answers bounded in size and time. Errors carry no address but the
// host's name, and no header.

import { HeadstartError, InputError, UpstreamError } from '../content/index.js';
import { AddressPolicy } from './address-policy.js';
import { checkUnresolved, resolveAllAllowed } from './address-resolver.js';
import type { AddressLookup } from './address-resolver.js';
import { Deadline } from './deadline.js';
import { ResponseBody } from './http-body.js';
import { requestOnce } from './http-hop.js';
import type { Hop, HopAnswer, Route } from './http-hop.js';
import type { Logger } from './logger.js';
import { redactText } from './redaction.js';

/** An answer's status (whatever it is), its headers in lower case, and the address it came from after redirects. */
interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
}

export interface HttpResponse extends HttpAnswer {
  /** Decompressed. */
  readonly body: Uint8Array;
}

export interface HttpStream extends HttpAnswer {
  /** As sent. Iterate it once, to its end or not; else the connection stays until the signal ends it. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface HttpGetOptions {
  readonly signal: AbortSignal;
  /** Of the decompressed body. */
  readonly maxBytes: number;
  /** From the start to the last byte; default 30 s. */
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Whether a redirect to what is neither http nor https (a magnet link) is given as the answer, its target in
   * `headers.location`, never followed; default false: refused.
   */
  readonly takesForeignRedirect?: boolean;
}

export interface HttpStreamOptions {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: 'GET' | 'HEAD';
  /** To the headers, and then for each chunk that is waited for; default 30 s. */
  readonly timeoutMs?: number;
}

/** Requests that may leave the house. An abort rejects with the signal's own reason. */
export interface HttpClient {
  /** @throws {InputError} FETCH_REFUSED; {TooLargeError}; {TimeoutError}; {UpstreamError} */
  get(url: string, options: HttpGetOptions): Promise<HttpResponse>;
  /** Asks for the bytes as they are (no compression). Throws as `get` does, the body's iterator too. */
  stream(url: string, options: HttpStreamOptions): Promise<HttpStream>;
}

export interface HttpClientOptions {
  readonly policy: AddressPolicy;
  readonly log: Logger;
  /** Default: the system's resolver. */
  readonly lookup?: AddressLookup;
  /**
   * Origins (`scheme://host:port` as `URL.origin` writes them) that somebody configured, asked for at each hop: they may be at
   * private addresses, at those of cloud metadata never. Default: none.
   */
  readonly allowedOrigins?: () => ReadonlySet<string>;
  /**
   * `socks5://[user:password@]host:port`: everything goes through it, names unresolved, so that nothing is asked of DNS here.
   * The policy then judges literal addresses, and names that mean this machine or its network.
   */
  readonly proxyUrl?: string;
}

type FollowedRequest = Pick<Hop, 'method' | 'headers' | 'isDecompressed'> &
  Pick<HttpGetOptions, 'takesForeignRedirect'>;

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 5;
/** For origins that were configured: their networks may be private. */
const CONFIGURED = new AddressPolicy(true);
/** What must not follow a redirect to another origin. */
const ORIGIN_BOUND_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key', 'apikey']);

/** A client that reaches only what `policy` allows. Ignores proxies named by the environment. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  return new GuardedHttpClient(options);
}

class GuardedHttpClient implements HttpClient {
  readonly #options: HttpClientOptions;

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  async get(url: string, options: HttpGetOptions): Promise<HttpResponse> {
    options.signal.throwIfAborted();
    const deadline = this.#deadlineFor(url, options);
    try {
      const request = {
        method: 'GET',
        headers: options.headers ?? {},
        isDecompressed: true,
        takesForeignRedirect: options.takesForeignRedirect ?? false,
      } as const;
      const { answer, url: from } = await this.#follow(url, request, deadline);
      const body = new ResponseBody(answer.body, { signal: deadline.signal });
      const { headers, status } = answer;
      return {
        status,
        headers,
        url: from,
        body: await body.collect(options.maxBytes, Number(headers['content-length'])),
      };
    } catch (error) {
      throw this.#translate(error, url, deadline);
    } finally {
      deadline.release();
    }
  }

  async stream(url: string, options: HttpStreamOptions): Promise<HttpStream> {
    options.signal.throwIfAborted();
    const deadline = this.#deadlineFor(url, options);
    try {
      const request = { method: options.method ?? 'GET', headers: options.headers ?? {}, isDecompressed: false };
      const { answer, url: from } = await this.#follow(url, request, deadline);
      deadline.lift();
      answer.body.once('close', () => deadline.release());
      return {
        status: answer.status,
        headers: answer.headers,
        url: from,
        body: this.#read(answer, url, options, deadline),
      };
    } catch (error) {
      deadline.release();
      throw this.#translate(error, url, deadline);
    }
  }

  async *#read(
    answer: HopAnswer,
    url: string,
    options: HttpStreamOptions,
    deadline: Deadline,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const stallTimeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    try {
      yield* new ResponseBody(answer.body, { signal: deadline.signal, stallTimeoutMs }).chunks();
    } catch (error) {
      throw this.#translate(error, url, deadline);
    } finally {
      deadline.release();
    }
  }

  async #follow(
    start: string,
    { takesForeignRedirect = false, ...request }: FollowedRequest,
    deadline: Deadline,
  ): Promise<{ answer: HopAnswer; url: string }> {
    let url = parseHttpUrl(start);
    let headers = request.headers;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const { signal } = deadline;
      const route = await this.#routeTo(url, signal);
      const answer = await requestOnce({ ...request, headers, url: url.href, route, signal });
      const location = redirectOf(answer);
      if (location === null || (takesForeignRedirect && isForeign(location, url))) return { answer, url: url.href };
      answer.body.destroy();
      const next = parseHttpUrl(location, url);
      if (next.origin !== url.origin) headers = withoutOriginBound(headers);
      url = next;
    }
    throw new UpstreamError(`${url.hostname} redirects too often.`);
  }

  async #routeTo({ hostname: host, origin }: URL, signal: AbortSignal): Promise<Route> {
    const { lookup, proxyUrl, allowedOrigins } = this.#options;
    const policy = allowedOrigins?.().has(origin) === true ? CONFIGURED : this.#options.policy;
    if (proxyUrl === undefined) {
      return { addresses: await resolveAllAllowed(host, policy, { signal, ...(lookup ? { lookup } : {}) }) };
    }
    checkUnresolved(host, policy);
    return { proxyUrl };
  }

  #deadlineFor(url: string, options: { readonly signal: AbortSignal; readonly timeoutMs?: number }): Deadline {
    const message = `${hostOf(url)} did not answer in time.`;
    return new Deadline(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, message, options.signal);
  }

  /** Foreign errors become ours here, once; whatever they carry of the request stays behind. */
  #translate(error: unknown, url: string, deadline: Deadline): unknown {
    if (deadline.signal.aborted) return deadline.signal.reason;
    if (error instanceof HeadstartError) {
      if (error.code === 'FETCH_REFUSED') this.#options.log.warn({ host: hostOf(url) }, 'a fetch was refused');
      return error;
    }
    const { code, message } = error as { code?: unknown; message?: unknown };
    const cause = new Error(typeof message === 'string' ? redactText(message) : 'unknown failure');
    if (typeof code === 'string') Object.assign(cause, { code });
    const reason = typeof code === 'string' ? ` (${code})` : '';
    return new UpstreamError(`${hostOf(url)} could not be reached or broke off${reason}.`, 'UPSTREAM', { cause });
  }
}

function parseHttpUrl(text: string, base?: URL): URL {
  const refuse = (): never => {
    throw new InputError('Only http and https addresses can be fetched.', { code: 'FETCH_REFUSED' });
  };
  if (!URL.canParse(text, base?.href)) return refuse();
  const url = new URL(text, base?.href);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : refuse();
}

function isForeign(location: string, base: URL): boolean {
  return URL.canParse(location, base.href) && !/^https?:$/.test(new URL(location, base.href).protocol);
}

function redirectOf(answer: HopAnswer): string | null {
  const isRedirect = Math.floor(answer.status / 100) === 3;
  return isRedirect ? (answer.headers['location'] ?? null) : null;
}

function withoutOriginBound(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ORIGIN_BOUND_HEADERS.has(name.toLowerCase())));
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : 'The address';
}
