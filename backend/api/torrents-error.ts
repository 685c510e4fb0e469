// Errors in this dialect's words.

import type { NextFunction, Request, Response } from 'express';
import type { Audience, ErrorBody } from '../delivery/index.js';
import { httpStatusOf, sendError } from '../delivery/index.js';
import type { Logger } from '../platform/index.js';

/** The JSON of every error below `/torrents`. */
export const torrentsErrorBody: ErrorBody = ({ code, message, status }) => ({
  error_kind: code.toLowerCase(),
  human_readable: message,
  status,
});

/** Answers what a route threw, and logs what is the server's own fault. */
export function torrentsErrorHandler(log: Logger, audience: Audience) {
  // Express tells error handlers by their four parameters.
  return (error: unknown, _req: Request, res: Response, _next: NextFunction): void => {
    if (httpStatusOf(error, audience) === 500) log.error({ err: error }, 'A torrents request failed.');
    sendError(res, error, { audience, body: torrentsErrorBody });
  };
}
