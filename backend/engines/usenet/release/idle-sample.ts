// Asks for a few articles of a release that nobody prepares yet, behind everything else: whether it is dead by the same
// measure as when it is played.

import type { ArticleSource } from '../article.js';
import type { PostedFile } from '../files/posted-file.js';
import { askSample, chooseSample, isDead, SAMPLE_SIZE } from './health-sample.js';
import type { SampleHealth } from './health-sample.js';
import { isPack } from './is-pack.js';

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
 * reason to ask for as many as a preparation does. A pack is dead when nothing of it is there: what is missing of one part
 * says nothing of the others. Null where nobody would say. @throws the signal's reason
 */
export async function sampleArticles(
  files: readonly PostedFile[],
  { source, signal }: IdleSampleOptions,
): Promise<ArticleSample | null> {
  const options = { source, rank: 'background', signal } as const;
  const requests = chooseSample(files, IDLE_SAMPLE_SIZE);
  if (isPack(files)) {
    const all = await askSample(requests, { ...options, waitsForAll: true });
    return verdictOf(all, ({ asked, missing }) => missing === asked);
  }
  const first = await askSample(requests.slice(0, 1), options);
  if (first.missing > 0) return { asked: 1, missing: 1, isDead: true };
  const others = await askSample(requests.slice(1), options);
  const health = isDead(others) ? await askSample(chooseSample(files, SAMPLE_SIZE), options) : others;
  const both = { ...others, asked: requests.length, unknown: first.unknown + others.unknown };
  return verdictOf(health === others ? both : health, () => isDead(health));
}

function verdictOf(
  { asked, missing, unknown }: SampleHealth,
  isDeadOf: (answered: { readonly asked: number; readonly missing: number }) => boolean,
): ArticleSample | null {
  const answered = { asked: asked - unknown, missing };
  return answered.asked === 0 ? null : { ...answered, isDead: isDeadOf(answered) };
}
