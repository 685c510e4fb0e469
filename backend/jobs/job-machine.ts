// The states of a job and every way from one to the next. Pure: no clock, no I/O; nothing else assigns a job's state.

import type { JobMethod } from '../content/index.js';
import type { StageReport } from './engine.js';

/** Stable code, and a sentence that may be shown to anyone. */
export interface JobError {
  readonly code: string;
  readonly message: string;
}

export interface ActiveStatus {
  readonly state: 'queued' | 'resolving' | 'connecting' | 'downloading';
  readonly progress: number;
  readonly message: string;
}

export interface ReadyStatus {
  readonly state: 'streamable' | 'completed';
  readonly progress: 100;
  readonly message: string;
  readonly method: JobMethod;
}

export interface FailedStatus {
  readonly state: 'failed' | 'cancelled';
  readonly progress: 0;
  readonly message: string;
  readonly error: JobError;
}

export type JobStatus = ActiveStatus | ReadyStatus | FailedStatus;

export type JobEvent =
  | { readonly type: 'stageReported'; readonly report: StageReport; readonly method: JobMethod }
  | { readonly type: 'becameStreamable'; readonly method: JobMethod }
  | { readonly type: 'completed' }
  | { readonly type: 'failed'; readonly error: JobError }
  | { readonly type: 'cancelled' };

/** Each stage's share of the progress bar: `preparing` 0–10, `connecting` 10–50, `downloading` 50–100. */
const SHARE = { resolving: [0, 10], connecting: [10, 50], downloading: [50, 99] } as const;
const RANK = { queued: 0, resolving: 1, connecting: 2, downloading: 3 } as const;

/** Where every job begins. */
export const QUEUED: ActiveStatus = Object.freeze({ state: 'queued', progress: 0, message: 'Waiting to start' });

/** True while the outcome is open. */
export function isActive(status: JobStatus): status is ActiveStatus {
  return status.state in RANK;
}

/** True when the file can be read. */
export function isReady(status: JobStatus): status is ReadyStatus {
  return status.state === 'streamable' || status.state === 'completed';
}

/** True when nothing follows but a new attempt. */
export function isFailed(status: JobStatus): status is FailedStatus {
  return status.state === 'failed' || status.state === 'cancelled';
}

/** The status after `event`; the very same object where the event changes nothing (it came too late). */
export function transition(status: JobStatus, event: JobEvent): JobStatus {
  if (isFailed(status) || status.state === 'completed') return status;
  switch (event.type) {
    case 'stageReported':
      return isActive(status) ? advance(status, event.report, event.method) : status;
    case 'becameStreamable':
      return isActive(status) ? ready('streamable', event.method) : status;
    case 'completed':
      return isReady(status) ? ready('completed', status.method) : status;
    case 'failed':
      return {
        state: 'failed',
        progress: 0,
        message: `Stream preparation failed: ${event.error.message}`,
        error: event.error,
      };
    case 'cancelled':
      return {
        state: 'cancelled',
        progress: 0,
        message: 'Cancelled',
        error: { code: 'CANCELLED', message: 'Cancelled' },
      };
  }
}

/** Neither the state nor the progress ever goes back: a late report of an earlier stage only speaks. */
function advance(status: ActiveStatus, report: StageReport, method: JobMethod): ActiveStatus {
  const state = RANK[report.stage] > RANK[status.state] ? report.stage : status.state;
  const [from, to] = SHARE[report.stage];
  const fraction = Number.isFinite(report.fraction) ? Math.min(1, Math.max(0, report.fraction)) : 0;
  const progress = Math.max(status.progress, Math.floor(from + (to - from) * fraction));
  const message = state === 'downloading' ? `Downloading from ${method}…` : report.message;
  if (state === status.state && progress === status.progress && message === status.message) return status;
  return { state, progress, message };
}

function ready(state: ReadyStatus['state'], method: JobMethod): ReadyStatus {
  return { state, progress: 100, message: `Stream ready via ${method}`, method };
}
