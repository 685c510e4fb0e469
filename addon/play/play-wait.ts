// Waits for a preparation, no longer than one request may be held and never for a client that has gone.

import { HeadstartError, type Job } from '../../backend/content/index.js';
import type { Clock } from '../../backend/platform/index.js';
import type { AddonJobs } from '../addon-deps.js';
import { reasonOf, type ClipReason } from './failure-reason.js';

/** How a wait ended. `waiting`: the hold is over and the preparation goes on. */
export type WaitEnd =
  | { readonly kind: 'streamable'; readonly job: Job }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'failed'; readonly reason: ClipReason };

export interface WaitOptions {
  readonly jobs: Pick<AddonJobs, 'get' | 'untilStreamable'>;
  readonly clock: Clock;
  readonly holdMs: number;
  /** Ends when the client goes; the wait then rejects with its reason. */
  readonly gone: AbortSignal;
}

/** Waits until `job` is streamable, has failed, or `holdMs` are over. */
export async function waitForJob(job: Job, options: WaitOptions): Promise<WaitEnd> {
  const known = endOf(job);
  if (known !== null) return known;
  const hold = new AbortController();
  const timer = options.clock.after(options.holdMs, () => hold.abort());
  try {
    const signal = AbortSignal.any([options.gone, hold.signal]);
    const ended = await options.jobs.untilStreamable(job.id, { signal });
    return endOf(ended) ?? { kind: 'streamable', job: ended };
  } catch (error) {
    options.gone.throwIfAborted();
    if (hold.signal.aborted) return { kind: 'waiting' };
    return endOf(options.jobs.get(job.id)) ?? failureOf(error, job);
  } finally {
    timer.cancel();
  }
}

/** What a job's state already tells; null while it is on its way. */
export function endOf(job: Job | null): WaitEnd | null {
  if (job === null) return null;
  if (job.state === 'streamable' || job.state === 'completed') return { kind: 'streamable', job };
  if (job.state !== 'failed' && job.state !== 'cancelled') return null;
  return { kind: 'failed', reason: reasonOf(job.error?.code ?? job.state, isTorrent(job)) };
}

function failureOf(error: unknown, job: Job): WaitEnd {
  if (!(error instanceof HeadstartError)) throw error;
  return { kind: 'failed', reason: reasonOf(error.code, isTorrent(job)) };
}

function isTorrent(job: Job): boolean {
  return job.sourceKind === 'torrent' || job.sourceKind === 'torrent-url';
}
