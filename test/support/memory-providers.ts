// News servers that are set up, in memory, and an engine that dials nobody: it notes what it is told.

import type {
  ProviderKeeper,
  ProvidersInUse,
  ProviderStatus,
  ProviderTest,
} from '../../backend/engines/usenet/index.js';
import type { NntpProvider } from '../../backend/platform/index.js';
import type { ProviderEntry } from '../../backend/storage/index.js';

export class MemoryProviders implements ProviderKeeper {
  readonly #kept = new Map<string, ProviderEntry>();

  list(): readonly ProviderEntry[] {
    return [...this.#kept.values()];
  }

  put(provider: ProviderEntry): void {
    this.#kept.set(provider.id, provider);
  }

  delete(id: string): boolean {
    return this.#kept.delete(id);
  }
}

/** `findings` and `answer` are the test's to replace, as are `figures`, which hold for all. */
export class FakeProvidersInUse implements ProvidersInUse {
  inUse: readonly NntpProvider[] = [];
  figures: Partial<ProviderStatus> = {};
  readonly tested: NntpProvider[] = [];
  findings: ProviderTest = { ok: true, code: 'OK', message: 'It answers.', stages: [] };
  answer: (signal: AbortSignal) => Promise<ProviderTest> = () => Promise.resolve(this.findings);

  replaceProviders(providers: readonly NntpProvider[]): void {
    this.inUse = providers;
  }

  providers(): readonly ProviderStatus[] {
    // More than the interface asks for, as the pool's own objects may have it.
    return this.inUse.map((provider) => ({ ...provider, ...statusOf(provider), ...this.figures }));
  }

  testProvider(provider: NntpProvider, { signal }: { readonly signal: AbortSignal }): Promise<ProviderTest> {
    this.tested.push(provider);
    return this.answer(signal);
  }
}

function statusOf({ connections, host, id, isTls, port }: NntpProvider): ProviderStatus {
  return {
    ...{ id, host, port, tls: isTls },
    connections: { open: 0, busy: 0, limit: connections, configured: connections },
    ...{ speedBytesPerSecond: 0, articles: 0, bytes: 0, misses: 0, errors: 0 },
    ...{ lastError: null, state: 'idle' },
  };
}
