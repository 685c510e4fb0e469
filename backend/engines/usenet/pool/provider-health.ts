// Whether a provider is asked: its failures, its refusals, its quota, and what follows for those who would ask. Knows no connection.

import { HeadstartError, TimeoutError, UpstreamError } from '../../../content/index.js';
import type { Clock, Logger, NntpProvider } from '../../../platform/index.js';
import { Breaker } from './breaker.js';
import type { ProviderNumbers } from './provider-numbers.js';
import type { ProviderState } from './provider-status.js';
import { QuotaMeter } from './quota.js';
import type { Readiness } from './route.js';

export interface ProviderHealthOptions {
  readonly provider: NntpProvider;
  readonly numbers: ProviderNumbers;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Connections lost under articles one after the other, none delivered between them, before the provider counts as down. */
const MAX_LOSSES_IN_A_ROW = 5;

export class ProviderHealth {
  readonly #options: ProviderHealthOptions;
  readonly #breaker = new Breaker();
  readonly #quota: QuotaMeter;
  #lossesInARow = 0;
  /** It lets us in and gives nothing: what counts then is an answer, not a login. */
  #isRefusing = false;

  constructor(options: ProviderHealthOptions) {
    this.#options = options;
    this.#quota = new QuotaMeter(options.provider.quotaBytes, options.provider.quotaPeriodMs);
  }

  /** Why it is not asked, or was not lately; null when nothing is wrong. */
  get fault(): UpstreamError | null {
    if (!this.isSpent) return this.#breaker.fault;
    const { host } = this.#options.provider;
    return new UpstreamError(`The quota of the Usenet provider ${host} is used up.`, 'PROVIDER_LIMIT');
  }

  get isSpent(): boolean {
    return this.#quota.isSpent(this.#now);
  }

  /** `free`: as many as are wanted; `probe`: a single one; `later`: none before `retryAt`; `never`: none for now. */
  get dialling(): 'free' | 'probe' | 'later' | 'never' {
    if (this.isSpent) return 'never';
    if (this.#breaker.state(this.#now) === 'closed') return 'free';
    return this.#now < this.#breaker.retryAt ? 'later' : 'probe';
  }

  /** Epoch ms. */
  get retryAt(): number {
    return this.#breaker.retryAt;
  }

  readiness(isConnected: boolean): Readiness {
    if (this.isSpent) return 'off';
    const state = this.#breaker.state(this.#now);
    if (state === 'open' && (this.#isRefusing || !isConnected)) return 'off';
    return isConnected || state === 'closed' ? 'ready' : 'hopeful';
  }

  state(isConnected: boolean): ProviderState {
    if (this.isSpent) return 'quota';
    const code = this.#breaker.fault?.code;
    if (code === undefined) return isConnected ? 'ok' : 'idle';
    if (code === 'PROVIDER_AUTH') return 'auth';
    return code === 'PROVIDER_LIMIT' ? 'limit' : 'cooling';
  }

  received(bytes: number): void {
    this.#options.numbers.received(bytes, this.#now);
    this.#quota.add(bytes, this.#now);
  }

  loggedIn(): void {
    if (!this.#isRefusing) this.#recovered();
  }

  /** It answered a command in earnest. */
  answered(): void {
    this.#lossesInARow = 0;
    if (this.#isRefusing) this.#recovered();
  }

  /** A dial, or all of it, failed. */
  failed(fault: UpstreamError, isTimeout = false): void {
    const { numbers, provider, log } = this.#options;
    numbers.failed(fault, this.#now);
    if (this.#breaker.failed(fault, this.#now, isTimeout))
      log.warn(
        { provider: provider.id, code: fault.code, reason: fault.message },
        'A Usenet provider is left alone for a while.',
      );
  }

  /** It refused a command for the account's sake. */
  refused(fault: UpstreamError): void {
    this.#isRefusing = true;
    this.failed(fault);
  }

  /** A connection was lost under an article. */
  broke(reason: HeadstartError): void {
    this.#lossesInARow += 1;
    if (this.#lossesInARow < MAX_LOSSES_IN_A_ROW) return this.#options.numbers.failed(reason, this.#now);
    this.#lossesInARow = 0;
    this.#isRefusing = true;
    return this.failed(faultFrom(this.#options.provider.host, reason), reason instanceof TimeoutError);
  }

  get #now(): number {
    return this.#options.clock.now();
  }

  #recovered(): void {
    const { provider, log } = this.#options;
    if (this.#breaker.fault !== null) log.info({ provider: provider.id }, 'A Usenet provider is back.');
    this.#isRefusing = false;
    this.#breaker.succeeded();
  }
}

/** Whatever went wrong with a provider, as its fault. */
export function faultFrom(host: string, error: unknown): UpstreamError {
  if (error instanceof UpstreamError && error.code.startsWith('PROVIDER_')) return error;
  const message = error instanceof HeadstartError ? error.message : `The Usenet provider ${host} could not be reached.`;
  return new UpstreamError(message, 'PROVIDER_UNREACHABLE', { cause: error });
}
