// News servers as the admin sees them. Pure. Fields are copied one by one: whatever else an object carries stays behind.

import type { ConfiguredProvider } from '../engines/usenet/index.js';
import { redactText } from '../platform/index.js';

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

/** Its figures of the moment, and what it is set to. */
export function formatProvider({ id, origin, settings, status }: ConfiguredProvider): Record<string, unknown> {
  const { articles, bytes, connections, errors, host, lastError, misses, port, speedBytesPerSecond, state, tls } =
    status;
  const { busy, configured, limit, open } = connections;
  return {
    ...{ id, host, port, tls, state },
    connections: { open, busy, limit, configured },
    ...{ speedBytesPerSecond, articles, bytes, misses, errors },
    lastError: lastError === null ? null : formatFault(lastError),
    origin,
    settings: formatSettings(settings),
  };
}

/** `id` null: of one that is not kept. */
export function formatProviderTest(findings: ProviderFindings, id: string | null): Record<string, unknown> {
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

function formatSettings(settings: ConfiguredProvider['settings']): Record<string, unknown> {
  const { connections, hasPassword, hasUser, host, isBackup, isInsecure, isTls, name, port, priority } = settings;
  return { name, host, port, isTls, isInsecure, connections, priority, isBackup, hasUser, hasPassword };
}

function formatFault({
  at,
  code,
  message,
}: NonNullable<ConfiguredProvider['status']['lastError']>): Record<string, unknown> {
  return { code, message: redactText(message), at: new Date(at).toISOString() };
}
