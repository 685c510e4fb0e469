// What an item becomes as its job goes on. Pure.

import { UnplayableError, type ContentId, type Job, type JobState, type Release } from '../content/index.js';
import { holdsSeveral } from '../naming/index.js';
import type { Item, ItemStatus } from './item-store.js';

const STATUSES: Readonly<Record<JobState, ItemStatus>> = {
  queued: 'queued',
  resolving: 'processing',
  connecting: 'processing',
  downloading: 'processing',
  streamable: 'streamable',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'failed',
};

/** Says something of what was wished for, nothing of the release. */
const WRONG_WISH = 'EPISODE_NOT_FOUND';
const PAUSED = 'paused';

/** Of a file that was chosen these say nothing of the other files of a pack. */
const FILE_FAULT = /^(?:ARTICLE_MISSING|ENCODING_UNSUPPORTED)$/;

/** What a new item begins with. */
export function atStart(
  now: number,
): Omit<Item, 'id' | 'nzoId' | 'itemKey' | 'contentId' | 'kind' | 'name' | 'category' | 'folder'> {
  return {
    ...{ jobId: null, status: 'queued', stage: 'queued', percentage: 0 },
    ...{ error: null, failedAt: null, createdAt: now, completedAt: null, isFavourite: false },
  };
}

/**
 * `item` as `job` has it. `isPlayable`: the library has it, so that what played before plays on while it is prepared once
 * more, and where that fails: whether the release is to blame says `afterFailure`.
 */
export function followed(item: Item, job: Job, o: { readonly now: number; readonly isPlayable: boolean }): Item {
  const { state } = job;
  if (job.error?.code === WRONG_WISH && o.isPlayable && item.status !== 'failed')
    return { ...item, ...finished(o.now), completedAt: item.completedAt ?? o.now };
  const status = STATUSES[state];
  if (isPlaying(item) && o.isPlayable && !isPlaying({ status })) return item;
  const isOver = status === 'completed' || status === 'failed';
  return {
    ...item,
    status,
    stage: state,
    percentage: job.progress,
    error: status === 'failed' ? (job.error ?? { code: 'INTERNAL', message: job.message }) : null,
    failedAt: null,
    completedAt: isOver ? (item.completedAt ?? o.now) : null,
  };
}

/** `item`, whose job failed, once it is known with which error: whether the release is to blame. */
export function afterFailure(item: Item, error: unknown, now: number): Item {
  if (!(error instanceof UnplayableError) || error.code === WRONG_WISH) return item;
  if (!isPlaying(item)) return { ...item, failedAt: now };
  const { code, message } = error;
  const over = { status: 'failed', stage: 'failed', percentage: 0, completedAt: item.completedAt ?? now } as const;
  return { ...item, ...over, error: { code, message }, failedAt: now };
}

/** Whether a job failed by what one file of a pack lacks: its other files may play. `release`: null where it is not known. */
export function isOfOneFile({ error, fileIndex }: Job, release: Pick<Release, 'files'> | null): boolean {
  const isFileFault = fileIndex !== null && FILE_FAULT.test(error?.code ?? '');
  return isFileFault && release !== null && holdsSeveral(release.files);
}

/** True when the job's outcome is known and nothing more follows. */
export function settled({ state }: Job): boolean {
  return state === 'completed' || state === 'failed' || state === 'cancelled';
}

/** True when its file can be read: then it is known what it is of. */
export function isReadable(job: Job): job is Job & { readonly contentId: ContentId } {
  return job.contentId !== null && (job.state === 'streamable' || job.state === 'completed');
}

/** True when nothing came of it. */
export function hasFailed({ state }: Job): boolean {
  return state === 'failed' || state === 'cancelled';
}

/** `item`, which waits to be resumed. */
export function paused(item: Item): Item {
  return { ...item, jobId: null, status: 'queued', stage: PAUSED, percentage: 0, error: null, failedAt: null };
}

export function isPaused({ status, stage }: Item): boolean {
  return status === 'queued' && stage === PAUSED;
}

/** True while the item waits or is worked on. */
export function isOpen({ status }: Item): boolean {
  return status === 'queued' || status === 'processing';
}

/** True when it can be read; the rest of it may still come. */
export function isPlaying({ status }: Pick<Item, 'status'>): boolean {
  return status === 'streamable' || status === 'completed';
}

/** What an item is that plays and has nothing left to do. */
export function finished(
  now: number,
): Pick<Item, 'status' | 'stage' | 'percentage' | 'error' | 'failedAt' | 'completedAt'> {
  return {
    ...{ status: 'completed', stage: 'completed', percentage: 100, error: null, failedAt: null },
    completedAt: now,
  };
}
