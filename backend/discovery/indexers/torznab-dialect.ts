// Torznab and Newznab: what Jackett, NZBHydra2, Prowlarr's single indexers and most sites speak. What a server can do is read
// once in some hours, and again after it did not understand.

import type { TitleFacts } from '../../naming/index.js';
import { SingleFlight, type Clock, type HttpResponse, type IndexerKind } from '../../platform/index.js';
import { faultOfDocument, faultOfStatus, isNothingFound, parseRetryAfter } from './answer-faults.js';
import { askQueries } from './ask-queries.js';
import { CAPS_NOT_TOLD, parseCaps, type IndexerCaps } from './caps.js';
import type { Dialect, SearchOutcome, ServerDescription } from './dialect.js';
import { parseFeed, type Feed } from './feed.js';
import { resultOfItem } from './feed-results.js';
import { IndexerError } from './indexer-error.js';
import type { IndexerLine, LineOptions } from './indexer-line.js';
import type { IndexerResult } from './indexer.js';
import { planQueries } from './plan-queries.js';
import { parseXml, type XmlElement } from './xml-document.js';

export interface TorznabDialectOptions {
  readonly kind: IndexerKind;
  readonly name: string;
  readonly url: URL;
  readonly apiKey?: string | undefined;
  readonly line: Pick<IndexerLine, 'ask'>;
  readonly clock: Clock;
}

type Parameters = Readonly<Record<string, string>>;

const CAPS_MS = 6 * 60 * 60_000;
/** Pages of one question: what is not on the first four, nobody scrolls to. */
const MAX_PAGES = 4;
const MAX_RESULTS = 1_000;
/** After these, what it said it can do is doubtful. */
const MAY_HAVE_CHANGED: ReadonlySet<string> = new Set(['INDEXER_UNSUPPORTED', 'INDEXER_INVALID']);
/** An open film: it may be found, or not. */
const PROBE_WORDS = 'sintel';
const ACCEPT = 'application/rss+xml, application/xml, text/xml';

export class TorznabDialect implements Dialect {
  readonly #options: TorznabDialectOptions;
  readonly #flights = new SingleFlight<IndexerCaps>();
  #caps: { readonly caps: IndexerCaps; readonly until: number } | null = null;

  constructor(options: TorznabDialectOptions) {
    this.#options = options;
  }

  async search(title: TitleFacts, options: LineOptions): Promise<SearchOutcome> {
    const caps = await this.#capsNow(options);
    const queries = planQueries(caps, title, this.#options);
    try {
      return await askQueries(queries, ({ parameters }) => this.#pages(parameters, caps, options), options);
    } catch (error) {
      if (error instanceof IndexerError && MAY_HAVE_CHANGED.has(error.code)) this.#caps = null;
      throw error;
    }
  }

  async describe(options: LineOptions): Promise<ServerDescription> {
    this.#caps = null;
    const { server, search, movieSearch, tvSearch, categories } = await this.#capsNow(options);
    const ways = (mode: ReadonlySet<string> | null): readonly string[] => [...(mode ?? search ?? [])].sort();
    return { server, searches: { film: ways(movieSearch), series: ways(tvSearch) }, categories: categories.size };
  }

  async probe(options: LineOptions): Promise<void> {
    const { search, movieSearch } = await this.#capsNow(options);
    const t = search !== null ? 'search' : movieSearch !== null ? 'movie' : 'tvsearch';
    await this.#page({ t, q: PROBE_WORDS, limit: '1' }, options);
  }

  async #capsNow(options: LineOptions): Promise<IndexerCaps> {
    const { clock } = this.#options;
    if (this.#caps !== null && clock.now() < this.#caps.until) return this.#caps.caps;
    const read = async (signal: AbortSignal): Promise<IndexerCaps> => {
      const caps = await this.#readCaps({ ...options, signal });
      this.#caps = { caps, until: clock.now() + CAPS_MS };
      return caps;
    };
    return await this.#flights.run(options.isTrial === true ? 'trial' : 'caps', read, options.signal);
  }

  async #readCaps(options: LineOptions): Promise<IndexerCaps> {
    try {
      return await this.#ask({ t: 'caps' }, options, parseCaps);
    } catch (error) {
      if (error instanceof IndexerError && error.code === 'INDEXER_UNSUPPORTED') return CAPS_NOT_TOLD;
      throw error;
    }
  }

  /** Page by page, while there are more and each brings something new. */
  async #pages(parameters: Parameters, caps: IndexerCaps, options: LineOptions): Promise<readonly IndexerResult[]> {
    const results: IndexerResult[] = [];
    const seen = new Set<string>();
    let offset = 0;
    for (let page = 0; page < MAX_PAGES && results.length < MAX_RESULTS; page++) {
      const more = { limit: String(caps.pageSize), ...(offset > 0 ? { offset: String(offset) } : {}) };
      const feed = await this.#nextPage({ ...parameters, ...more }, options, page > 0);
      const fresh = feed.items.filter((item) => !seen.has(`${item.guid} ${item.title}`));
      for (const item of fresh) seen.add(`${item.guid} ${item.title}`);
      results.push(...fresh.flatMap((item) => resultOfItem(item, this.#feedDialect) ?? []));
      offset += feed.items.length;
      if (fresh.length === 0 || feed.total === null || offset >= feed.total) break;
    }
    return results.slice(0, MAX_RESULTS);
  }

  /** A page that fails after others came ends the list; the fault is known to the line. */
  async #nextPage(parameters: Parameters, options: LineOptions, isFurther: boolean): Promise<Feed> {
    try {
      return await this.#page(parameters, options);
    } catch (error) {
      if (!isFurther || options.signal.aborted) throw error;
      return { items: [], total: null };
    }
  }

  async #page(parameters: Parameters, options: LineOptions): Promise<Feed> {
    return await this.#ask(parameters, options, (root) =>
      isNothingFound(root) ? { items: [], total: 0 } : parseFeed(root),
    );
  }

  async #ask<Result>(
    parameters: Parameters,
    options: LineOptions,
    read: (root: XmlElement) => Result,
  ): Promise<Result> {
    const url = new URL(this.#options.url);
    const { apiKey } = this.#options;
    const isCaps = parameters['t'] === 'caps';
    const all = { ...parameters, ...(isCaps ? {} : { extended: '1' }) };
    for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
    if (apiKey !== undefined) url.searchParams.set('apikey', apiKey);
    const request = { url: url.href, headers: { accept: ACCEPT }, provesNothing: isCaps };
    return await this.#options.line.ask(request, async (answer) => read(await this.#document(answer)), options);
  }

  /** An error in the document says more than the status it came with. */
  async #document(answer: HttpResponse): Promise<XmlElement> {
    const { clock, apiKey } = this.#options;
    const byStatus = faultOfStatus(answer, clock.now());
    if (byStatus?.code === 'INDEXER_LIMIT') throw byStatus;
    let root: XmlElement;
    try {
      root = await parseXml(answer.body);
    } catch (error) {
      throw byStatus ?? error;
    }
    const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], clock.now());
    const fault = isNothingFound(root) ? null : (faultOfDocument(root, { retryAfterMs, apiKey }) ?? byStatus);
    if (fault !== null) throw fault;
    return root;
  }

  get #feedDialect(): { readonly indexer: string; readonly usual: 'torrent' | 'nzb' } {
    const { kind, name } = this.#options;
    return { indexer: name, usual: kind === 'newznab' || kind === 'nzbhydra' ? 'nzb' : 'torrent' };
  }
}
