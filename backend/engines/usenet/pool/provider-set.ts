// The providers in use, in the order in which they are asked. Whoever changes settings replaces them here; one that is as it
// was keeps its connections and its record, one that is not is drained. Knows no article.

import { isDeepStrictEqual } from 'node:util';
import type { Clock, Logger, NntpProvider } from '../../../platform/index.js';
import { createConnector } from '../nntp/wire.js';
import type { Connector } from '../nntp/wire.js';
import { ProviderPool } from './provider-pool.js';
import { testProvider } from './provider-test.js';
import type { ProviderTest } from './provider-test.js';

export interface ProviderSetOptions {
  /** How sockets are opened. */
  readonly connect?: Connector;
  readonly clock: Clock;
  readonly log: Logger;
  /** Something changed at one of them, those that are drained included. */
  readonly onChange: () => void;
  readonly giveSlot: (slot: Uint8Array) => void;
}

export class ProviderSet {
  readonly #options: ProviderSetOptions;
  readonly #connect: Connector;
  /** Replaced, with connections that are not gone yet. */
  readonly #draining = new Set<ProviderPool>();
  #list: readonly ProviderPool[] = [];
  #made = 0;

  constructor(options: ProviderSetOptions) {
    this.#options = options;
    this.#connect = options.connect ?? createConnector();
  }

  /** By priority, backups last; of equals in the order of the settings. */
  get list(): readonly ProviderPool[] {
    return this.#list;
  }

  replace(providers: readonly NntpProvider[]): void {
    const before = this.#list;
    this.#list = providers
      .map((provider) => before.find((one) => isDeepStrictEqual(one.provider, provider)) ?? this.#create(provider))
      .sort((one, other) => Number(one.isBackup) - Number(other.isBackup) || one.priority - other.priority);
    for (const provider of before) if (!this.#list.includes(provider)) this.#drain(provider);
  }

  /** Dials once beyond the pools. What the server says of too many connections is set right where some are our own. */
  async test(provider: NntpProvider, { signal }: { readonly signal: AbortSignal }): Promise<ProviderTest> {
    const test = await testProvider({ provider, connect: this.#connect, clock: this.#options.clock, signal });
    const open = this.#list.find((one) => one.provider.id === provider.id)?.status().connections.open ?? 0;
    if (test.code !== 'PROVIDER_LIMIT' || open === 0) return test;
    const inUse = open === 1 ? '1 connection is' : `${open} connections are`;
    return { ...test, message: `${test.message} ${inUse} in use by Headstart itself; try again when nothing plays.` };
  }

  /** Ends all connections and waits until they are gone. Idempotent. */
  async close(): Promise<void> {
    await Promise.all([...this.#list, ...this.#draining].map((provider) => provider.close()));
  }

  #create(provider: NntpProvider): ProviderPool {
    const { clock, log, onChange, giveSlot } = this.#options;
    const ending = (): number => this.#endingAt(provider);
    this.#made += 1;
    const number = this.#made;
    return new ProviderPool({ provider, connect: this.#connect, clock, log, onChange, giveSlot, ending, number });
  }

  #endingAt({ host, user }: NntpProvider): number {
    const isSame = ({ provider }: ProviderPool): boolean => provider.host === host && provider.user === user;
    return [...this.#draining].filter(isSame).reduce((sum, { total }) => sum + total, 0);
  }

  #drain(provider: ProviderPool): void {
    this.#draining.add(provider);
    void provider.drain().finally(() => this.#draining.delete(provider));
  }
}
