// The news servers that are set up: those of NNTP_PROVIDERS, which only the environment changes, and those added by hand. The
// engine is told of every change. Accounts go to the store and to the engine; nothing of them is shown.

import { randomBytes } from 'node:crypto';
import { AccessError, InputError, NotFoundError } from '../../../content/index.js';
import { NNTP_DEFAULTS } from '../../../platform/index.js';
import type { Logger, NntpProvider } from '../../../platform/index.js';
import type { ProviderEntry } from '../../../storage/index.js';
import type { ProviderStatus } from '../pool/provider-status.js';
import type { ProviderTest } from '../pool/provider-test.js';
import { draftProvider } from './provider-draft.js';
import type { ProviderFields, ProviderSettings } from './provider-draft.js';

/** Where those added by hand are kept, in the order they were added. */
export interface ProviderKeeper {
  list(): readonly ProviderEntry[];
  /** Inserts or replaces. @throws {InputError} when full */
  put(provider: ProviderEntry): void;
  delete(id: string): boolean;
}

/** Who asks them; the engine fits. */
export interface ProvidersInUse {
  replaceProviders(providers: readonly NntpProvider[]): void;
  /** Of all, in the order in which they are asked. */
  providers(): readonly ProviderStatus[];
  /** Of one that need not be in use. */
  testProvider(provider: NntpProvider, options: { readonly signal: AbortSignal }): Promise<ProviderTest>;
}

type Shown = 'connections' | 'host' | 'isBackup' | 'isInsecure' | 'isTls' | 'name' | 'port' | 'priority';

/** One of them, fit to be shown. */
export interface ConfiguredProvider {
  readonly id: string;
  readonly settings: Pick<ProviderSettings, Shown> & { readonly hasUser: boolean; readonly hasPassword: boolean };
  /** `environment`: set by NNTP_PROVIDERS, and not to be changed here. */
  readonly origin: 'environment' | 'settings';
  readonly status: ProviderStatus;
}

export interface ConfiguredProvidersOptions {
  /** Of NNTP_PROVIDERS. */
  readonly environment: readonly NntpProvider[];
  readonly keeper: ProviderKeeper;
  readonly inUse: ProvidersInUse;
  readonly log: Logger;
}

const ID_BYTES = 4;
const MAX_HOST_IN_ID = 40;

/** `start` first; nothing has to be closed. Bounded by the keeper and by NNTP_PROVIDERS. */
export class ConfiguredProviders {
  readonly #environment: readonly ProviderSettings[];

  constructor(private readonly o: ConfiguredProvidersOptions) {
    this.#environment = o.environment.map((provider) => ({ ...provider, name: provider.id }));
  }

  /** Hands over what is set up; an account that is kept and in NNTP_PROVIDERS, too, once. */
  start(): void {
    for (const { id } of this.#all().filter((one) => this.#isTwin(one))) {
      this.o.log.warn(
        { provider: id },
        'A news server that was added is in NNTP_PROVIDERS, too: it is used from there',
      );
    }
    this.#handOver();
  }

  /** In the order in which they are asked; then those that are not, because NNTP_PROVIDERS has the same account. */
  list(): readonly ConfiguredProvider[] {
    const all = this.#all();
    const settings = new Map(all.map((one) => [one.id, one]));
    const asked = this.o.inUse.providers().flatMap((status) => {
      const known = settings.get(status.id);
      return known === undefined ? [] : [this.#show(known, status)];
    });
    const twins = all.filter((one) => this.#isTwin(one));
    return [...asked, ...twins.map((one) => this.#show(one, statusOfTwin(one)))];
  }

  /** @throws {InputError} naming the field, when it is there already, and when there are too many */
  add(fields: ProviderFields): ConfiguredProvider {
    const settings = this.#draft(null, fields);
    this.#keep(settings);
    this.o.log.info({ provider: settings.id }, 'A news server was added');
    return this.#shown(settings.id);
  }

  /** @throws {NotFoundError}; {AccessError} for one of the environment; {InputError} as in `add` */
  change(id: string, fields: ProviderFields): ConfiguredProvider {
    this.#requireOwn(id);
    this.#keep(this.#draft(id, fields));
    this.o.log.info({ provider: id }, 'A news server was changed');
    return this.#shown(id);
  }

  /** @throws {NotFoundError}; {AccessError} for one of the environment */
  remove(id: string): void {
    this.#requireOwn(id);
    this.o.keeper.delete(id);
    this.#handOver();
    this.o.log.info({ provider: id }, 'A news server was removed');
  }

  /** Tries what `add` (`id` null) or `change` would keep, and keeps nothing. @throws {NotFoundError}; {InputError} */
  test(id: string | null, fields: ProviderFields, options: { readonly signal: AbortSignal }): Promise<ProviderTest> {
    const { name: _name, ...provider } = this.#draft(id, fields);
    return this.o.inUse.testProvider(provider, options);
  }

  #all(): readonly ProviderSettings[] {
    const taken = new Set(this.#environment.map(({ id }) => id));
    const kept = this.o.keeper.list().filter(({ id }) => !taken.has(id));
    return [...this.#environment, ...kept.map(settingsOf)];
  }

  #draft(id: string | null, fields: ProviderFields): ProviderSettings {
    if (id !== null) return draftProvider(id, fields, this.#find(id));
    const settings = draftProvider('', fields, null);
    return { ...settings, id: createId(settings.host) };
  }

  #keep(settings: ProviderSettings): void {
    const twin = this.#all().find((other) => other.id !== settings.id && isSameAccount(other, settings));
    if (twin !== undefined) throw new InputError(`This news server is set up already, as “${twin.name}”.`);
    this.o.keeper.put(settings);
    this.#handOver();
  }

  #handOver(): void {
    const used = this.#all().filter((one) => !this.#isTwin(one));
    this.o.inUse.replaceProviders(used.map(({ name: _name, ...provider }) => provider));
  }

  /** Kept before NNTP_PROVIDERS had it: used twice, it would take more connections than the account allows. */
  #isTwin(settings: ProviderSettings): boolean {
    return this.#originOf(settings) === 'settings' && this.#environment.some((other) => isSameAccount(other, settings));
  }

  #find(id: string): ProviderSettings {
    const found = this.#all().find((one) => one.id === id);
    if (found === undefined) throw new NotFoundError('There is no such news server.');
    return found;
  }

  #requireOwn(id: string): void {
    if (this.#originOf(this.#find(id)) === 'settings') return;
    throw new AccessError('NNTP_PROVIDERS sets this news server: change it in the environment.', 'FORBIDDEN');
  }

  #originOf({ id }: ProviderSettings): 'environment' | 'settings' {
    return this.#environment.some((one) => one.id === id) ? 'environment' : 'settings';
  }

  #shown(id: string): ConfiguredProvider {
    const shown = this.list().find((one) => one.id === id);
    if (shown === undefined) throw new NotFoundError('There is no such news server.');
    return shown;
  }

  #show(settings: ProviderSettings, status: ProviderStatus): ConfiguredProvider {
    const { connections, host, id, isBackup, isInsecure, isTls, name, password, port, priority, user } = settings;
    const [hasUser, hasPassword] = [user !== undefined, password !== undefined];
    return {
      id,
      settings: { name, host, port, isTls, isInsecure, connections, priority, isBackup, hasUser, hasPassword },
      origin: this.#originOf(settings),
      status,
    };
  }
}

function isSameAccount(a: ProviderSettings, b: ProviderSettings): boolean {
  return a.host === b.host && a.port === b.port && a.user === b.user;
}

function statusOfTwin({ connections, host, id, isTls, port }: ProviderSettings): ProviderStatus {
  return {
    ...{ id, host, port, tls: isTls },
    connections: { open: 0, busy: 0, limit: 0, configured: connections },
    ...{ speedBytesPerSecond: 0, articles: 0, bytes: 0, misses: 0, errors: 0 },
    ...{ lastError: null, state: 'twin' },
  };
}

function settingsOf(entry: ProviderEntry): ProviderSettings {
  const { connections, host, id, isBackup, isInsecure, isTls, name, password, port, priority, user } = entry;
  return {
    ...{ id, name, host, port, isTls, isInsecure, connections, priority, isBackup },
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    depth: NNTP_DEFAULTS.depth,
  };
}

/** Tells people which one it is, and is never given twice. */
function createId(host: string): string {
  const name = host.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return `${name.slice(0, MAX_HOST_IN_ID) || 'news'}-${randomBytes(ID_BYTES).toString('hex')}`;
}
