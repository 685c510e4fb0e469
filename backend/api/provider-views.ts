// News servers as the admin sees them. Pure. Fields are copied one by one: whatever else an object carries stays behind.

import { redactText } from '../platform/index.js';

/** What went wrong last; `at` is epoch ms. */
export interface ProviderFault {
  readonly code: string;
  readonly message: string;
  readonly at: number;
}

/** A provider's figures of the moment. */
export interface ProviderFigures {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** `limit` is what the server allows as far as known, `configured` what the settings say. */
  readonly connections: {
    readonly open: number;
    readonly busy: number;
    readonly limit: number;
    readonly configured: number;
  };
  readonly speedBytesPerSecond: number;
  readonly articles: number;
  readonly bytes: number;
  /** Articles it did not have. */
  readonly misses: number;
  readonly errors: number;
  readonly lastError: ProviderFault | null;
  readonly state: string;
}

/** One step of dialling a provider. */
export interface ProviderStage {
  readonly stage: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly message?: string;
}

/** What dialling a provider once has shown. */
export interface ProviderFindings {
  readonly ok: boolean;
  readonly code: string | null;
  readonly message: string | null;
  readonly stages: readonly ProviderStage[];
}

export function formatProvider(provider: ProviderFigures): Record<string, unknown> {
  const { articles, bytes, connections, errors, host, id, lastError, misses, port, speedBytesPerSecond, state, tls } =
    provider;
  const { busy, configured, limit, open } = connections;
  return {
    ...{ id, host, port, tls, state },
    connections: { open, busy, limit, configured },
    ...{ speedBytesPerSecond, articles, bytes, misses, errors },
    lastError: lastError === null ? null : formatFault(lastError),
  };
}

export function formatProviderTest(id: string, findings: ProviderFindings): Record<string, unknown> {
  const { code, message, ok, stages } = findings;
  return {
    ...{ id, ok, code },
    message: message === null ? null : redactText(message),
    stages: stages.map((one) => ({
      ...{ stage: one.stage, ok: one.ok, ms: Math.round(one.ms) },
      ...(one.message === undefined ? {} : { message: redactText(one.message) }),
    })),
  };
}

function formatFault({ at, code, message }: ProviderFault): Record<string, unknown> {
  return { code, message: redactText(message), at: new Date(at).toISOString() };
}
