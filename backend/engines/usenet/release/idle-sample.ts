// Asks for a few articles of a release that nobody prepares yet, behind everything else: whether it is dead by the same
// measure as when it is played.

import type { ArticleSource } from '../article.js';
import type { PostedFile } from '../files/posted-file.js';
import { askSample, chooseSample, isDead, SAMPLE_SIZE } from './health-sample.js';

/** What the providers said. */
export interface ArticleSample {
  /** Articles that somebody answered for. */
  readonly asked: number;
  readonly missing: number;
  /** It would be refused if it were played now. */
  readonly isDead: boolean;
}

export interface IdleSampleOptions {
  readonly source: Pick<ArticleSource, 'exists'>;
  readonly signal: AbortSignal;
}

const IDLE_SAMPLE_SIZE = 20;

/**
 * Of 20 articles, the first alone before the others: without it nothing plays. One missing of so few is no verdict, but a
 * reason to ask for as many as a preparation does. Null where nobody would say. @throws the signal's reason
 */
export async function sampleArticles(
  files: readonly PostedFile[],
  { source, signal }: IdleSampleOptions,
): Promise<ArticleSample | null> {
  const options = { source, rank: 'background', signal } as const;
  const requests = chooseSample(files, IDLE_SAMPLE_SIZE);
  const first = await askSample(requests.slice(0, 1), options);
  if (first.missing > 0) return { asked: 1, missing: 1, isDead: true };
  const others = await askSample(requests.slice(1), options);
  const health = isDead(others) ? await askSample(chooseSample(files, SAMPLE_SIZE), options) : others;
  const unknown = health === others ? first.unknown + others.unknown : health.unknown;
  const asked = (health === others ? requests.length : health.asked) - unknown;
  return asked === 0 ? null : { asked, missing: health.missing, isDead: isDead(health) };
}
