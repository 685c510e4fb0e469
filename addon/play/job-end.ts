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

/** How a preparation ended, for a player. `error`: says more than a clip, where nothing else is to be tried; null where a clip does. */
export type JobEnd =
  | { readonly kind: 'streamable'; readonly job: Job }
  | { readonly kind: 'failed'; readonly reason: ClipReason; readonly error: Error | null };

/** What a job's state already tells; null while it is on its way. */
export function endOf(job: Job | null): JobEnd | null {
  if (job === null) return null;
  if (job.state === 'streamable' || job.state === 'completed') return { kind: 'streamable', job };
  if (job.state !== 'failed' && job.state !== 'cancelled') return null;
  const reason = reasonOf(job.error?.code ?? job.state, isTorrent(job.sourceKind));
  return { kind: 'failed', reason, error: job.error?.code === 'GONE' ? new GoneError(job.error.message) : null };
}

/** The same for an error that was thrown instead; it goes along where no clip says as much as it does. */
export function failureOf(error: unknown, kind: Source['kind']): JobEnd & { readonly kind: 'failed' } {
  if (!(error instanceof HeadstartError)) {
    return { kind: 'failed', reason: 'unplayable', error: error instanceof Error ? error : new Error(String(error)) };
  }
  const hasStatus = error instanceof NotFoundError || error instanceof GoneError || error instanceof InputError;
  return { kind: 'failed', reason: reasonOf(error.code, isTorrent(kind)), error: hasStatus ? error : null };
}

function isTorrent(kind: Source['kind']): boolean {
  return kind === 'torrent' || kind === 'torrent-url';
}
