// The answer that carries subtitles. Knows nothing of where they come from.

import type { Response } from 'express';

/** Seconds: the file never changes, but what is private stays out of shared caches. */
const MAX_AGE = 86_400;

/** Ends `res` with `text`, which is WebVTT. */
export function sendWebVtt(res: Response, text: string): void {
  res.setHeader('Content-Type', 'text/vtt; charset=utf-8');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Cache-Control', `private, max-age=${MAX_AGE}`);
  res.end(text);
}
