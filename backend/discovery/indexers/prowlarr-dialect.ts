// Prowlarr's own search, which asks all its indexers at once. What it cannot do with an id at one of them it leaves out, so
// words are always asked too. Its key goes in a header, never in an address.

import { z } from 'zod';
import type { TitleFacts } from '../../naming/index.js';
import type { Clock, HttpResponse } from '../../platform/index.js';
import { faultOfStatus } from './answer-faults.js';
import { askQueries } from './ask-queries.js';
import type { Dialect, SearchOutcome, ServerDescription } from './dialect.js';
import { oneLine } from './foreign-fields.js';
import type { IndexerLine, LineOptions } from './indexer-line.js';
import { parseJson, parseProwlarrReleases } from './prowlarr-releases.js';
import { planProwlarrQueries, type ProwlarrQuery } from './plan-prowlarr-queries.js';

export interface ProwlarrDialectOptions {
  readonly name: string;
  /** Of the whole server, without `/api/v1`. */
  readonly url: URL;
  readonly apiKey?: string | undefined;
  readonly line: Pick<IndexerLine, 'ask'>;
  readonly clock: Clock;
}

/** It answers all it has for a question in one list; what is beyond is not asked for. */
const LIMIT = 1_000;
const PROBE = { type: 'search', query: 'sintel', categories: [] } as const;
const status = z.object({ appName: z.string().catch('Prowlarr'), version: z.string().catch('') });

export class ProwlarrDialect implements Dialect {
  readonly #options: ProwlarrDialectOptions;

  constructor(options: ProwlarrDialectOptions) {
    this.#options = options;
  }

  async search(title: TitleFacts, options: LineOptions): Promise<SearchOutcome> {
    return await askQueries(planProwlarrQueries(title), (query) => this.#releases(query, LIMIT, options), options);
  }

  async describe(options: LineOptions): Promise<ServerDescription> {
    const { appName, version } = await this.#ask('/api/v1/system/status', {}, options, (json) =>
      status.catch({ appName: 'Prowlarr', version: '' }).parse(parseJson(json)),
    );
    const ways = ['imdbid', 'q', 'tmdbid'];
    return {
      server: oneLine(`${appName} ${version}`, 80),
      searches: { film: ways, series: [...ways, 'season', 'ep', 'tvdbid'].sort() },
      categories: 0,
    };
  }

  async probe(options: LineOptions): Promise<void> {
    await this.#releases(PROBE, 1, options);
  }

  async #releases(
    { type, query, categories }: Pick<ProwlarrQuery, 'type' | 'query' | 'categories'>,
    limit: number,
    options: LineOptions,
  ): Promise<SearchOutcome['results']> {
    const parameters = { query, type, limit: String(limit), offset: '0' };
    return await this.#ask(
      '/api/v1/search',
      parameters,
      options,
      (json) => parseProwlarrReleases(json, this.#options.name),
      categories,
    );
  }

  async #ask<Result>(
    path: string,
    parameters: Readonly<Record<string, string>>,
    options: LineOptions,
    read: (json: string) => Result,
    categories: readonly number[] = [],
  ): Promise<Result> {
    const { line, apiKey } = this.#options;
    const url = new URL(this.#options.url);
    url.pathname = url.pathname.replace(/\/+$/, '') + path;
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    for (const category of categories) url.searchParams.append('categories', String(category));
    const headers = { accept: 'application/json', ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }) };
    return await line.ask({ url: url.href, headers }, (answer) => read(this.#text(answer)), options);
  }

  #text(answer: HttpResponse): string {
    const fault = faultOfStatus(answer, this.#options.clock.now());
    if (fault !== null) throw fault;
    return new TextDecoder().decode(answer.body);
  }
}
