// `GET|HEAD /stream/proxy/:infoHash`: the bytes as soon as they exist, or "not yet" in time; never a silent hang.

import type { Request, RequestHandler, Response } from 'express';
import type { Job } from '../content/index.js';
import type { PrepareDeps } from './prepare-deps.js';
import { readPrepareRequest } from './prepare-request.js';
import { answerSettled, goneSignal } from './prepare-stream.js';
import { formatNotReady, POLL_SECONDS, statusOf } from './prepare-views.js';

export function proxyRoute(deps: PrepareDeps): RequestHandler {
  return async (req: Request, res: Response) => {
    const content = String(req.params['infoHash']);
    const request = readPrepareRequest({ content, query: req.query, body: undefined }, deps.library);
    const started = await deps.jobs.prepare({ ...request, priority: 'play' });
    const job = await waitForJob(deps, started, goneSignal(res));
    if (job === null) return;
    if (statusOf(job) === 'ready' || statusOf(job) === 'failed') return answerSettled(deps, job, { req, res });
    res.setHeader('Cache-Control', 'no-store');
    res.setHeader('Retry-After', POLL_SECONDS);
    res.status(503).json({ ...formatNotReady(deps.access, job), error: 'Not ready yet' });
  };
}

/** The job when its outcome is known or the time is up; null when nobody waits any more. */
async function waitForJob({ clock, jobs, maxWaitMs }: PrepareDeps, job: Job, gone: AbortSignal): Promise<Job | null> {
  const hold = new AbortController();
  const timer = clock.after(maxWaitMs, () => hold.abort());
  const leave = (): void => hold.abort();
  gone.addEventListener('abort', leave, { once: true });
  try {
    return await jobs.untilStreamable(job.id, { signal: hold.signal });
  } catch (error) {
    if (gone.aborted) return null;
    if (!hold.signal.aborted) throw error;
    return jobs.get(job.id) ?? job;
  } finally {
    timer.cancel();
    gone.removeEventListener('abort', leave);
  }
}
