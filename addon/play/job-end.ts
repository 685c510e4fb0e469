// What a preparation's end means for whoever waits to play. Pure.

import {
  GoneError,
  HeadstartError,
  InputError,
  NotFoundError,
  type Job,
  type Source,
} from '../../backend/content/index.js';
import { reasonOf, type ClipReason } from './failure-reason.js';

/** How a job ended, for a player. */
export type JobEnd =
  { readonly kind: 'streamable'; readonly job: Job } | { readonly kind: 'failed'; readonly reason: ClipReason };

/** What a job's state already tells; null while it is on its way. */
export function endOf(job: Job | null): JobEnd | null {
  if (job === null) return null;
  if (job.state === 'streamable' || job.state === 'completed') return { kind: 'streamable', job };
  if (job.state !== 'failed' && job.state !== 'cancelled') return null;
  return { kind: 'failed', reason: reasonOf(job.error?.code ?? job.state, isTorrent(job.sourceKind)) };
}

/** The same for an error that was thrown instead; it goes along where no clip says as much as it does. */
export function failureOf(
  error: unknown,
  kind: Source['kind'],
): {
  readonly kind: 'failed';
  readonly reason: ClipReason;
  readonly error: Error | null;
} {
  if (!(error instanceof HeadstartError)) {
    return { kind: 'failed', reason: 'unplayable', error: error instanceof Error ? error : new Error(String(error)) };
  }
  const hasStatus = error instanceof NotFoundError || error instanceof GoneError || error instanceof InputError;
  return { kind: 'failed', reason: reasonOf(error.code, isTorrent(kind)), error: hasStatus ? error : null };
}

function isTorrent(kind: Source['kind']): boolean {
  return kind === 'torrent' || kind === 'torrent-url';
}
