// Errors in this dialect's words and numbers: its clients take 404 and 405 for an old server and leave, so those never occur
// where NZBs are submitted.

import type { ErrorRequestHandler, NextFunction, Request, Response } from 'express';
import { HeadstartError, TimeoutError, UnplayableError, UnsupportedError, UpstreamError } from '../content/index.js';
import { httpStatusOf, publicErrorOf, retryAfterOf, sendError, type ErrorBody } from '../delivery/index.js';
import type { Logger } from '../platform/index.js';

/** `{success: false, error: {code, message, details}}`. */
const nzbErrorBody: ErrorBody = ({ code, message }) => ({
  success: false,
  error: { code, message, details: '' },
});

const DEFAULT_RETRY_SECONDS = 5;
/** Its clients would not come back for these. */
const NEVER = new Set([404, 405, 410]);

/** For submissions. What is thrown before there is an NZB was made a 400 or 413 where it was thrown. */
function nzbStatusOf(error: unknown): number {
  if (error instanceof TimeoutError) return 408;
  if (error instanceof UnplayableError) return error.code === 'NZB_INVALID' ? 400 : 422;
  if (error instanceof UpstreamError) return error.code === 'PROVIDER_LIMIT' ? 503 : 502;
  if (error instanceof UnsupportedError) return 503;
  const status = httpStatusOf(error);
  return NEVER.has(status) ? 503 : status;
}

/** Ends the routes of submissions. */
export function nzbErrorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, req: Request, res: Response, _next: NextFunction) => {
    if (res.destroyed || res.headersSent) {
      res.destroy();
      return;
    }
    const status = nzbStatusOf(error);
    if (!(error instanceof HeadstartError) && status >= 500)
      log.error({ err: error, path: req.path }, 'a request failed');
    if (status === 503) res.setHeader('Retry-After', retryAfterOf(error) ?? DEFAULT_RETRY_SECONDS);
    res.setHeader('Cache-Control', 'no-store');
    res.status(status).json(nzbErrorBody({ ...publicErrorOf(error), status }));
  };
}

/** Ends the routes where a 404 means what it says. */
export function queueErrorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, req: Request, res: Response, _next: NextFunction) => {
    if (httpStatusOf(error) === 500) log.error({ err: error, path: req.path }, 'a request failed');
    sendError(res, error, { body: nzbErrorBody });
  };
}
