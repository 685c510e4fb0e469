// Errors as the preparation API tells them: `{success: false, error, message}`, with the stable code beside it.

import type { ErrorRequestHandler, NextFunction, Request, Response } from 'express';
import { HeadstartError, InputError, NotFoundError, type Job } from '../content/index.js';
import { httpStatusOf, sendError, type Audience, type ErrorBody } from '../delivery/index.js';
import type { Logger } from '../platform/index.js';

const JOB_NOT_FOUND = 'JOB_NOT_FOUND';

/** For an unknown or expired job. */
export function jobNotFound(): NotFoundError {
  return new NotFoundError('Job not found', { code: JOB_NOT_FOUND });
}

/** The body of every error in this dialect. */
export const prepareErrorBody: ErrorBody = ({ code, message }) => ({
  success: false,
  error: message,
  message: code === JOB_NOT_FOUND ? 'This job is unknown or has expired. Prepare the stream again.' : message,
  code,
});

/** What is told of a failed job, wherever one is met. */
export function failureBody(job: Job): Record<string, unknown> {
  return {
    success: false,
    error: job.error?.message ?? 'failed',
    message: job.message,
    code: job.error?.code ?? 'FAILED',
  };
}

/** Ends a router of this dialect. What the framework could not read is the caller's fault. */
export function prepareErrorHandler(log: Logger, audience: Audience): ErrorRequestHandler {
  return (thrown: unknown, req: Request, res: Response, _next: NextFunction) => {
    const error = asInput(thrown);
    if (httpStatusOf(error, audience) === 500) log.error({ err: error, path: req.path }, 'a request failed');
    sendError(res, error, { audience, body: prepareErrorBody });
  };
}

/** A broken `%`, bad JSON, an unknown charset or compression; a body too large stays what it is. */
function asInput(error: unknown): unknown {
  if (error instanceof HeadstartError || !(error instanceof Error) || !('status' in error)) return error;
  const { status } = error;
  const isUnreadable = typeof status === 'number' && status >= 400 && status < 500 && status !== 413;
  return isUnreadable ? new InputError('The request could not be read.', { cause: error }) : error;
}
