// Jobs as the preparation API shows them. Pure; the one translation of states into this dialect's words.

import { isInfoHash, type Job } from '../content/index.js';
import { contentKeyOfJobId } from '../jobs/index.js';
import { accessQuery, type RouteAccess } from './guard.js';

/** `preparing` 0–10 · `connecting` 10–50 · `downloading` 50–100 · `ready` 100 · `failed` 0. */
export type PrepareStatus = 'preparing' | 'connecting' | 'downloading' | 'ready' | 'failed';

type Signing = Pick<RouteAccess, 'isOpen' | 'sign'>;

/** Seconds between polls that this server asks for. */
export const POLL_SECONDS = 3;

/** Rough seconds until playable, by what is known: only a hint for a progress bar. */
const ESTIMATED_SECONDS = { preparing: 30, connecting: 20, downloading: 5, ready: 0, failed: 0 } as const;

export function statusOf(job: Job): PrepareStatus {
  switch (job.state) {
    case 'queued':
    case 'resolving':
      return 'preparing';
    case 'connecting':
    case 'downloading':
      return job.state;
    case 'streamable':
    case 'completed':
      return 'ready';
    case 'failed':
    case 'cancelled':
      return 'failed';
  }
}

/** The scope of the signature in a job's own addresses. */
export function jobScope(jobId: string): string {
  return `job:${jobId}`;
}

/** Relative, with its own access: whoever has it may poll. */
export function statusUrlOf(access: Signing, jobId: string): string {
  return `/stream/status/${jobId}${accessQuery(access, jobScope(jobId))}`;
}

/** Relative, with its own access: whoever has it may play, as long as the job lives. */
export function streamUrlOf(access: Signing, jobId: string): string {
  return `/stream/ready/${jobId}${accessQuery(access, jobScope(jobId))}`;
}

/** The infohash or content id; until it is known, the hash of the address. */
export function contentOf(job: Job): string {
  return job.contentId ?? contentKeyOfJobId(job.id) ?? '';
}

/** The answer to a preparation that was started or joined. */
export function formatPrepared(access: Signing, job: Job): Record<string, unknown> {
  const status = statusOf(job);
  return {
    success: true,
    jobId: job.id,
    infoHash: contentOf(job),
    fileIndex: job.fileIndex,
    statusUrl: statusUrlOf(access, job.id),
    streamUrl: streamUrlOf(access, job.id),
    estimatedTime: ESTIMATED_SECONDS[status],
    message: status === 'ready' ? job.message : 'Stream preparation started. Poll statusUrl until it is ready.',
    status,
    progress: job.progress,
  };
}

/** The answer to a poll; also what events carry. */
export function formatStatus(access: Signing, job: Job): Record<string, unknown> {
  const status = statusOf(job);
  const base = {
    jobId: job.id,
    status,
    progress: job.progress,
    message: job.message,
    infoHash: contentOf(job),
    fileIndex: job.fileIndex,
  };
  if (status === 'failed') return { ...base, error: job.error?.message ?? 'failed', code: job.error?.code ?? 'FAILED' };
  if (status !== 'ready') return base;
  return {
    ...base,
    streamUrl: streamUrlOf(access, job.id),
    method: job.method,
    fileName: job.fileName,
    fileSize: job.fileSizeBytes,
    expiresAt: new Date(job.expiresAt).toISOString(),
  };
}

/** The answer to whoever wants bytes that are not there yet. */
export function formatNotReady(access: Signing, job: Job): Record<string, unknown> {
  return {
    success: false,
    status: statusOf(job),
    message: job.message,
    progress: job.progress,
    jobId: job.id,
    statusUrl: statusUrlOf(access, job.id),
  };
}

/** One line of the admin's list. */
export function formatAdminJob(job: Job): Record<string, unknown> {
  return {
    jobId: job.id,
    status: statusOf(job),
    state: job.state,
    progress: job.progress,
    message: job.message,
    startedAt: new Date(job.createdAt).toISOString(),
    lastUsedAt: new Date(job.usedAt).toISOString(),
    expiresAt: new Date(job.expiresAt).toISOString(),
    infoHash: contentOf(job),
    isTorrent: isInfoHash(contentOf(job)),
    fileIndex: job.fileIndex,
    fileName: job.fileName,
    fileSize: job.fileSizeBytes,
    method: job.method,
    ...(job.error === null ? {} : { error: job.error.message, code: job.error.code }),
  };
}
