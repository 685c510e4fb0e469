// CORS for what is not open to every page: only origins that were configured may read the answers.

import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** Sets the CORS headers for `origins` and answers their preflights; others get none, so that browsers refuse. */
export function originCors(
  origins: readonly string[],
  methods: readonly string[] = ['GET', 'OPTIONS'],
): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    const { origin } = req.headers;
    res.vary('Origin');
    if (origin !== undefined && origins.includes(origin)) {
      res.setHeader('Access-Control-Allow-Origin', origin);
      res.setHeader('Access-Control-Allow-Methods', methods.join(', '));
      res.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type, X-Api-Key');
    }
    if (req.method !== 'OPTIONS') return next();
    res.setHeader('Allow', methods.join(', '));
    res.status(204).end();
  };
}
