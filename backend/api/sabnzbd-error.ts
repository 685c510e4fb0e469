// Errors as SABnzbd's clients read them: `{status: false, error}` in an answer that went well as HTTP. They show nothing of
// what comes with another number, and know a wrong key by its words.

import type { ErrorRequestHandler, NextFunction, Request, Response } from 'express';
import { AccessError, HeadstartError, UnsupportedError } from '../content/index.js';
import { httpStatusOf, publicErrorOf } from '../delivery/index.js';
import type { Logger } from '../platform/index.js';

const KEY_MISSING = 'API Key Required';
const KEY_WRONG = 'API Key Incorrect';

/** `isGiven`: some key was shown. */
export function keyRefused({ isGiven }: { readonly isGiven: boolean }): AccessError {
  return new AccessError(isGiven ? KEY_WRONG : KEY_MISSING, 'UNAUTHORIZED');
}

export function foreignPage(): AccessError {
  return new AccessError('This was asked by a page of another site.', 'FORBIDDEN');
}

export function notImplemented(): UnsupportedError {
  return new UnsupportedError('not implemented', { code: 'NOT_IMPLEMENTED' });
}

/** Ends the dialect's routes. */
export function sabnzbdErrorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, req: Request, res: Response, _next: NextFunction) => {
    if (res.destroyed || res.headersSent) {
      res.destroy();
      return;
    }
    const isOurs = error instanceof HeadstartError || httpStatusOf(error) < 500;
    if (!isOurs) log.error({ err: error, path: req.path }, 'a request failed');
    res.setHeader('Cache-Control', 'no-store');
    res.status(isOurs ? 200 : httpStatusOf(error)).json({ status: false, error: publicErrorOf(error).message });
  };
}
