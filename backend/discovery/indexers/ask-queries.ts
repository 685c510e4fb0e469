// Asks the questions of a plan and joins their answers. Knows neither their language nor their limits.

import type { IndexerResult } from './indexer.js';
import type { SearchOutcome } from './dialect.js';

const MAX_RESULTS = 1_000;

export interface PlannedQuery {
  readonly isFallback: boolean;
}

/**
 * All first questions at once; the fallbacks when those found nothing, or were not understood. What lies at the same place counts
 * once. @throws the first fault when no question was answered; the signal's reason
 */
export async function askQueries<Query extends PlannedQuery>(
  queries: readonly Query[],
  ask: (query: Query) => Promise<readonly IndexerResult[]>,
  { signal }: { readonly signal: AbortSignal },
): Promise<SearchOutcome> {
  const first = await askAll(
    queries.filter(({ isFallback }) => !isFallback),
    ask,
  );
  signal.throwIfAborted();
  const fallbacks = queries.filter(({ isFallback }) => isFallback);
  const isEnough = first.some((answer) => 'results' in answer && answer.results.length > 0);
  const answers = isEnough || isStopped(first) ? first : [...first, ...(await askAll(fallbacks, ask))];
  signal.throwIfAborted();
  const answered = answers.flatMap((answer) => ('results' in answer ? [answer.results] : []));
  const faults = answers.flatMap((answer) => ('fault' in answer ? [answer.fault] : []));
  const fault = faults.find((one) => !isUnsupported(one)) ?? (answered.length === 0 ? (faults[0] ?? null) : null);
  if (answered.length === 0 && fault !== null) throw fault;
  return { results: once(answered.flat()), fault };
}

type Answer = { readonly results: readonly IndexerResult[] } | { readonly fault: Error };

async function askAll<Query>(
  queries: readonly Query[],
  ask: (query: Query) => Promise<readonly IndexerResult[]>,
): Promise<Answer[]> {
  const answers = await Promise.allSettled(queries.map(ask));
  return answers.map((answer) =>
    answer.status === 'fulfilled' ? { results: answer.value } : { fault: answer.reason as Error },
  );
}

/** Whoever refuses the key, is down or wants to be left alone is not asked otherwise. */
function isStopped(answers: readonly Answer[]): boolean {
  return answers.some((answer) => 'fault' in answer && !isUnsupported(answer.fault));
}

function isUnsupported(fault: unknown): boolean {
  return (Object(fault) as { code?: unknown }).code === 'INDEXER_UNSUPPORTED';
}

function once(results: readonly IndexerResult[]): IndexerResult[] {
  const byPlace = new Map<string, IndexerResult>();
  for (const result of results) {
    if (byPlace.size >= MAX_RESULTS) break;
    const { source } = result;
    const place = source.kind === 'torrent' ? `${source.infoHash} ${result.indexer}` : source.url;
    if (!byPlace.has(place)) byPlace.set(place, result);
  }
  return [...byPlace.values()];
}
