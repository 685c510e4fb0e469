// The indexers that are set up: those of INDEXERS, which only the environment changes, and those added by hand. Whoever
// uses them is told of every change. Secrets go to the store and to who searches; what is shown of them is masked.

import { randomBytes } from 'node:crypto';
import { AccessError, InputError, NotFoundError } from '../../content/index.js';
import type { IndexerAddress, IndexerKind, Logger } from '../../platform/index.js';
import type { IndexerSettings } from '../indexers/indexer.js';
import type { IndexerFindings, IndexerStatus } from '../indexers/tracked-indexer.js';
import { draftIndexer, type IndexerFields } from './indexer-draft.js';
import { maskKey, maskUrl } from './indexer-masks.js';

/** Where those added by hand are kept, in the order they were added. */
export interface IndexerKeeper {
  list(): readonly IndexerSettings[];
  /** Inserts or replaces. @throws {InputError} when full */
  put(indexer: IndexerSettings): void;
  delete(id: string): boolean;
}

/** Those who search. */
export interface IndexersInUse {
  replace(settings: readonly IndexerSettings[]): void;
  statuses(): readonly IndexerStatus[];
  /** Of settings that need not be in use. */
  test(settings: IndexerSettings, options: { readonly signal: AbortSignal }): Promise<IndexerFindings>;
}

/** One of them, fit to be shown. */
export interface ConfiguredIndexer {
  readonly id: string;
  readonly kind: IndexerKind;
  readonly name: string;
  /** Masked. */
  readonly url: string;
  /** Masked; null: there is none. */
  readonly apiKey: string | null;
  readonly isEnabled: boolean;
  /** Null: as the kind usually allows. */
  readonly requestsPerMinute: number | null;
  /** `environment`: set by INDEXERS, and not to be changed here. */
  readonly origin: 'environment' | 'settings';
  /** Null when nothing is said of it. */
  readonly status: IndexerStatus | null;
}

export interface ConfiguredIndexersOptions {
  /** Of INDEXERS. */
  readonly environment: readonly IndexerAddress[];
  readonly keeper: IndexerKeeper;
  readonly inUse: IndexersInUse;
  readonly log: Logger;
}

const ID_BYTES = 4;
const MAX_HOST_IN_ID = 40;

/** `start` first; nothing has to be closed. Bounded by the keeper and by INDEXERS. */
export class ConfiguredIndexers {
  readonly #environment: readonly IndexerSettings[];
  readonly #keeper: IndexerKeeper;
  readonly #inUse: IndexersInUse;
  readonly #log: Logger;

  constructor(options: ConfiguredIndexersOptions) {
    this.#environment = options.environment.map((address) => ({ ...address, isEnabled: true }));
    this.#keeper = options.keeper;
    this.#inUse = options.inUse;
    this.#log = options.log;
  }

  /** Hands over what is set up. */
  start(): void {
    this.#inUse.replace(this.#all());
  }

  /** Those of the environment first. */
  list(): readonly ConfiguredIndexer[] {
    const statuses = new Map(this.#inUse.statuses().map((status) => [status.id, status]));
    return this.#all().map((settings) => this.#show(settings, statuses.get(settings.id) ?? null));
  }

  /** @throws {InputError} naming the field, when it is there already, and when there are too many */
  add(fields: IndexerFields): ConfiguredIndexer {
    const settings = this.#draft(null, fields);
    this.#keep(settings);
    this.#log.info({ indexer: settings.id }, 'An indexer was added');
    return this.#shown(settings.id);
  }

  /** @throws {NotFoundError}; {AccessError} for one of the environment; {InputError} as in `add` */
  change(id: string, fields: IndexerFields): ConfiguredIndexer {
    this.#requireOwn(id);
    this.#keep(this.#draft(id, fields));
    this.#log.info({ indexer: id }, 'An indexer was changed');
    return this.#shown(id);
  }

  /** @throws {NotFoundError}; {AccessError} for one of the environment */
  remove(id: string): void {
    this.#requireOwn(id);
    this.#keeper.delete(id);
    this.start();
    this.#log.info({ indexer: id }, 'An indexer was removed');
  }

  /** Tries what `add` (`id` null) or `change` would keep, and keeps nothing. @throws {NotFoundError}; {InputError} */
  test(id: string | null, fields: IndexerFields, options: { readonly signal: AbortSignal }): Promise<IndexerFindings> {
    return this.#inUse.test(this.#draft(id, fields), options);
  }

  #all(): readonly IndexerSettings[] {
    const taken = new Set(this.#environment.map(({ id }) => id));
    return [...this.#environment, ...this.#keeper.list().filter(({ id }) => !taken.has(id))];
  }

  #draft(id: string | null, fields: IndexerFields): IndexerSettings {
    if (id !== null) return draftIndexer(id, fields, this.#find(id));
    const settings = draftIndexer('', fields, null);
    return { ...settings, id: createId(settings.url) };
  }

  #keep(settings: IndexerSettings): void {
    const { id, kind, url, apiKey } = settings;
    const twin = this.#all().find(
      (other) => other.id !== id && other.kind === kind && other.url === url && other.apiKey === apiKey,
    );
    if (twin !== undefined) throw new InputError(`This indexer is set up already, as “${twin.name}”.`);
    this.#keeper.put(settings);
    this.start();
  }

  #find(id: string): IndexerSettings {
    const found = this.#all().find((one) => one.id === id);
    if (found === undefined) throw new NotFoundError('There is no such indexer.');
    return found;
  }

  #requireOwn(id: string): void {
    if (this.#originOf(this.#find(id)) === 'settings') return;
    throw new AccessError('INDEXERS sets this indexer: change it in the environment.', 'FORBIDDEN');
  }

  #originOf({ id }: IndexerSettings): 'environment' | 'settings' {
    return this.#environment.some((one) => one.id === id) ? 'environment' : 'settings';
  }

  #shown(id: string): ConfiguredIndexer {
    return this.#show(this.#find(id), this.#inUse.statuses().find((status) => status.id === id) ?? null);
  }

  #show(settings: IndexerSettings, status: IndexerStatus | null): ConfiguredIndexer {
    const { apiKey, id, isEnabled, kind, name, requestsPerMinute = null, url } = settings;
    return {
      ...{ id, kind, name, isEnabled, requestsPerMinute, status },
      url: maskUrl(url),
      apiKey: apiKey === undefined ? null : maskKey(apiKey),
      origin: this.#originOf(settings),
    };
  }
}

/** Tells people which one it is, and is never given twice. */
function createId(url: string): string {
  const host = new URL(url).hostname.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return `${host.slice(0, MAX_HOST_IN_ID) || 'indexer'}-${randomBytes(ID_BYTES).toString('hex')}`;
}
