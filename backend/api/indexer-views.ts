// Indexers as the admin sees them. Pure. Fields are copied one by one: whatever else an object carries stays behind.

import type { ConfiguredIndexer } from '../discovery/index.js';
import { redactText } from '../platform/index.js';

/** What went wrong. */
export interface IndexerFault {
  readonly code: string;
  readonly message: string;
}

/** How an indexer has been doing. Times are epoch ms; null: not yet, or not known. */
export interface IndexerFigures {
  readonly state: string;
  readonly error: IndexerFault | null;
  readonly lastSearchAt: number | null;
  readonly lastResults: number | null;
  readonly averageMs: number | null;
  readonly searches: number;
  readonly failures: number;
  /** Until then it is left alone. */
  readonly retryAt: number | null;
}

/** What asking an indexer once has shown. */
export interface IndexerTestFindings {
  readonly ok: boolean;
  readonly problem: IndexerFault | null;
  /** What it calls itself. */
  readonly server: string | null;
  /** Ways it can search. */
  readonly searches: { readonly film: readonly string[]; readonly series: readonly string[] };
  readonly categories: number;
  readonly elapsedMs: number;
}

export function formatIndexer(indexer: ConfiguredIndexer<IndexerFigures>): Record<string, unknown> {
  const { apiKey, id, isEnabled, kind, name, origin, requestsPerMinute, status, url } = indexer;
  return {
    ...{ id, kind, name, url },
    hasApiKey: apiKey !== null,
    maskedKey: apiKey,
    ...{ isEnabled, requestsPerMinute, origin },
    status: status === null ? null : formatFigures(status),
  };
}

export function formatIndexerTest(findings: IndexerTestFindings): Record<string, unknown> {
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

function formatFigures(figures: IndexerFigures): Record<string, unknown> {
  const { averageMs, error, failures, lastResults, lastSearchAt, retryAt, searches, state } = figures;
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

function formatFault(fault: IndexerFault | null): Record<string, unknown> | null {
  return fault === null ? null : { code: fault.code, message: redactText(fault.message) };
}

function formatTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
