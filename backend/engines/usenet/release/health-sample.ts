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

/** True for a sample with more missing articles than may be played, whatever is not answered yet. */
export function isDead({ asked, missing, unknown }: SampleHealth): boolean {
  return missing > 0 && missing / (asked - unknown) > MAX_MISSING_SHARE;
}

export interface AskSampleOptions {
  readonly source: Pick<ArticleSource, 'exists'>;
  readonly rank: 'prepare' | 'background';
  readonly signal: AbortSignal;
  /** Also where enough are missing for a verdict. */
  readonly waitsForAll?: true;
}

/** Asks for all of `requests`; what cannot be asked counts as unknown. @throws the signal's reason */
export async function askSample(
  requests: readonly (ArticleRequest | null)[],
  { source, rank, signal, waitsForAll }: AskSampleOptions,
): Promise<SampleHealth> {
  const owner = {};
  const answers = requests.map(async (request, distance) => {
    if (request === null) return false;
    const demand = { owner, urgency: () => ({ rank, distance }) };
    return source.exists(request, { demand, signal }).catch(() => null);
  });
  const health = await verdictOf(answers, { waitsForAll: waitsForAll === true });
  signal.throwIfAborted();
  return health;
}

/** As soon as enough are missing nobody needs to wait for the others. */
function verdictOf(
  answers: readonly Promise<boolean | null>[],
  { waitsForAll }: { readonly waitsForAll: boolean },
): Promise<SampleHealth> {
  const asked = answers.length;
  let [missing, unknown, left] = [0, 0, asked];
  return new Promise((resolve) => {
    if (asked === 0) resolve({ asked, missing, unknown });
    for (const answer of answers) {
      void answer.then((isThere) => {
        left -= 1;
        if (isThere === false) missing += 1;
        if (isThere === null) unknown += 1;
        const isDecided = !waitsForAll && isDead({ asked, missing, unknown: 0 });
        if (left === 0 || isDecided) resolve({ asked, missing, unknown });
      });
    }
  });
}
