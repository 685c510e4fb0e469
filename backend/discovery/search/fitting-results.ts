// Which of an indexer's results are what was asked for, by their names. Names take time to read: after a few of them
// whoever else has something to do gets to it.

import { setImmediate } from 'node:timers/promises';
import { fitRelease, parseReleaseName, type ReleaseName, type TitleFacts } from '../../naming/index.js';
import type { IndexerResult } from '../indexers/indexer.js';

/** A result with what its name tells. */
export interface FittingResult {
  readonly result: IndexerResult;
  /** It holds more than what was asked for. */
  readonly isPack: boolean;
  /** The season it counts the wished episode in; absent where that is the wished one. */
  readonly releaseSeason?: number;
  readonly facts: ReleaseName;
}

/** A name takes some tenths of a millisecond. */
const READ_AT_ONCE = 25;

/** Those that are the film or the episode, or hold it, in their order. @throws the signal's reason */
export async function findFitting(
  results: readonly IndexerResult[],
  title: TitleFacts,
  { signal }: { readonly signal: AbortSignal },
): Promise<FittingResult[]> {
  const fitting: FittingResult[] = [];
  for (const [index, result] of results.entries()) {
    if (index % READ_AT_ONCE === READ_AT_ONCE - 1) await setImmediate(undefined, { signal });
    const fit = fitRelease(result.name, title);
    if (!fit.fits) continue;
    const { fits: _fits, ...found } = fit;
    fitting.push({ result, ...found, facts: parseReleaseName(result.name) });
  }
  return fitting;
}
