// Why a job failed, in words that may be shown. Pure.

import { HeadstartError, TimeoutError, UnplayableError, UpstreamError } from '../content/index.js';
import type { Lack, StageReport } from './engine.js';
import type { JobError } from './job-machine.js';

const REASONS: Readonly<Record<Lack, JobError>> = {
  swarm: { code: 'PEERS_UNKNOWN', message: 'no peers' },
  peers: { code: 'NO_PEERS', message: 'no peers' },
  metadata: { code: 'NO_METADATA', message: 'no metadata' },
  pieces: { code: 'TOO_SLOW', message: 'too slow' },
  articles: { code: 'ARTICLE_MISSING', message: 'articles missing' },
  server: { code: 'NO_ANSWER', message: 'no answer' },
};

/** Codes that say the release will not play, whoever asks again. */
const RELEASE_FAULTS = /^(?:ARTICLE_MISSING|ARCHIVE_|NO_VIDEO|EPISODE_NOT_FOUND|NZB_INVALID|ENCODING_UNSUPPORTED)/;

/** What may be told of an error: its own words where they are ours, nothing of a foreign one. */
export function describeError(error: unknown): JobError {
  if (error instanceof HeadstartError) return { code: error.code, message: error.message };
  return { code: 'INTERNAL', message: 'Something went wrong inside; the log says what.' };
}

/** The reason that fits best when the deadline passes: what the last report lacked, else what its stage waits for. */
export function deadlineError(last: StageReport | null, isReleaseKnown: boolean, isTorrent: boolean): JobError {
  if (last?.lacks !== undefined) return REASONS[last.lacks];
  if (!isTorrent) return REASONS[last?.stage === 'downloading' ? 'pieces' : 'server'];
  if (!isReleaseKnown) return REASONS.metadata;
  return REASONS[last?.stage === 'downloading' ? 'pieces' : 'peers'];
}

/** The error to throw for a job whose own error object is gone (restored after a restart, or out of time). */
export function errorOfFailure(failure: JobError): HeadstartError {
  if (RELEASE_FAULTS.test(failure.code)) return new UnplayableError(failure.message, failure.code);
  if (Object.values(REASONS).some(({ code }) => code === failure.code)) {
    return new TimeoutError(failure.message, { code: failure.code });
  }
  return new UpstreamError(failure.message, failure.code);
}
