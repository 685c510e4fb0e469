// Asks the providers for a sample of a release's articles, without fetching any: a dead release shows in one round. Which
// articles are asked for is a pure choice, spread evenly over what would be played.

import type { ArticleRequest, ArticleSource } from '../article.js';
import type { PostedFile } from '../files/posted-file.js';

/** What a sample of STATs said. `unknown` were not answered. */
export interface SampleHealth {
  readonly asked: number;
  readonly missing: number;
  readonly unknown: number;
}

export const SAMPLE_SIZE = 60;
/** Of a sample; more makes a release unplayable. */
export const MAX_MISSING_SHARE = 0.02;

/** At most `size` requests, evenly spread, the first and the last article among them. Segments that the NZB lacks are null. */
export function chooseSample(files: readonly PostedFile[], size: number): (ArticleRequest | null)[] {
  const total = files.reduce((sum, file) => sum + file.segmentCount, 0);
  const wanted = Math.min(size, total);
  const chosen: (ArticleRequest | null)[] = [];
  let file = 0;
  let before = 0;
  for (let n = 0; n < wanted; n += 1) {
    const at = wanted === 1 ? 0 : Math.round((n * (total - 1)) / (wanted - 1));
    while (at >= before + files[file]!.segmentCount) before += files[file++]!.segmentCount;
    chosen.push(files[file]!.request(at - before));
  }
  return chosen;
}

/** True for a sample with more missing articles than may be played. */
export function isDead({ asked, missing, unknown }: SampleHealth): boolean {
  const answered = asked - unknown;
  return answered > 0 && missing / answered > MAX_MISSING_SHARE;
}

/** Asks for all of `requests`; what cannot be asked counts as unknown. @throws the signal's reason */
export async function askSample(
  requests: readonly (ArticleRequest | null)[],
  options: {
    readonly source: Pick<ArticleSource, 'exists'>;
    readonly rank: 'prepare' | 'background';
    readonly signal: AbortSignal;
  },
): Promise<SampleHealth> {
  const { source, rank, signal } = options;
  const owner = {};
  const answers = await Promise.all(
    requests.map(async (request, distance) => {
      if (request === null) return false;
      const demand = { owner, urgency: () => ({ rank, distance }) };
      return source.exists(request, { demand, signal }).catch(() => null);
    }),
  );
  signal.throwIfAborted();
  return {
    asked: answers.length,
    missing: answers.filter((answer) => answer === false).length,
    unknown: answers.filter((answer) => answer === null).length,
  };
}
