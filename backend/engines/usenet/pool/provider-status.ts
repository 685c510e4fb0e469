// What a provider looks like from outside: numbers and a state, without account or address of a proxy.

/**
 * `idle`: not used yet, or nothing open; `ok`: connected; `cooling`: unreachable, tried again later; `auth`: refuses the login;
 * `limit`: allows no connection; `quota`: its bytes are used up; `twin`: not in use, because the same account is set up already.
 */
export type ProviderState = 'idle' | 'ok' | 'cooling' | 'auth' | 'limit' | 'quota' | 'twin';

export interface ProviderStatus {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** `busy`: with an article under way; `limit`: as many as it allows at present; `configured`: as many as it was meant to. */
  readonly connections: {
    readonly open: number;
    readonly busy: number;
    readonly limit: number;
    readonly configured: number;
  };
  /** Over the last seconds, as it came over the wire. */
  readonly speedBytesPerSecond: number;
  /** Good articles since the start. */
  readonly articles: number;
  /** Bytes over the wire since the start. */
  readonly bytes: number;
  /** Articles it did not have. */
  readonly misses: number;
  /** Refusals, lost connections, broken articles. */
  readonly errors: number;
  readonly lastError: ProviderFailure | null;
  readonly state: ProviderState;
}

export interface ProviderFailure {
  readonly code: string;
  readonly message: string;
  /** Epoch ms. */
  readonly at: number;
}
