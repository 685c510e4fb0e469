// Indexers as the admin sees them. Pure. Fields are copied one by one: whatever else an object carries stays behind.

import type { ConfiguredIndexer, IndexerFindings, IndexerStatus } from '../discovery/index.js';
import { redactText } from '../platform/index.js';

export function formatIndexer(indexer: ConfiguredIndexer): Record<string, unknown> {
  const { apiKey, id, isEnabled, kind, name, origin, requestsPerMinute, status, url } = indexer;
  return {
    ...{ id, kind, name, url },
    hasApiKey: apiKey !== null,
    maskedKey: apiKey,
    ...{ isEnabled, requestsPerMinute, origin },
    status: status === null ? null : formatStatus(status),
  };
}

export function formatIndexerTest(findings: IndexerFindings): Record<string, unknown> {
  const { categories, elapsedMs, ok, problem, searches, server } = findings;
  return {
    ok,
    problem: formatFault(problem),
    server: server === null ? null : redactText(server),
    searches: { film: searches.film, series: searches.series },
    categories,
    elapsedMs: Math.round(elapsedMs),
  };
}

function formatStatus(status: IndexerStatus): Record<string, unknown> {
  const { averageMs, error, failures, lastResults, lastSearchAt, retryAt, searches, state } = status;
  return {
    state,
    error: formatFault(error),
    lastSearchAt: formatTime(lastSearchAt),
    lastResults,
    averageMs: averageMs === null ? null : Math.round(averageMs),
    ...{ searches, failures },
    retryAt: formatTime(retryAt),
  };
}

function formatFault(fault: IndexerStatus['error']): Record<string, unknown> | null {
  return fault === null ? null : { code: fault.code, message: redactText(fault.message) };
}

function formatTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
