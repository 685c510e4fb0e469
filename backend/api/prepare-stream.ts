// Answers with a job's bytes, or with where it stands.

import type { Request, Response } from 'express';
import type { Job } from '../content/index.js';
import type { PrepareDeps } from './prepare-deps.js';
import { failureBody, jobNotFound, prepareErrorBody } from './prepare-error.js';
import { formatNotReady, POLL_SECONDS, statusOf } from './prepare-views.js';

/** `GET|HEAD /stream/ready/:jobId`. */
export class ReadyRoute {
  readonly #deps: PrepareDeps;

  constructor(deps: PrepareDeps) {
    this.#deps = deps;
  }

  readonly handle = async (req: Request, res: Response): Promise<void> => {
    const { access, jobs } = this.#deps;
    const id = String(req.params['jobId']);
    jobs.touch(id);
    const job = jobs.get(id);
    if (job === null) throw jobNotFound();
    if (statusOf(job) === 'failed' || statusOf(job) === 'ready') return answerSettled(this.#deps, job, { req, res });
    res.setHeader('Cache-Control', 'no-store');
    res.setHeader('Retry-After', POLL_SECONDS);
    res.status(202).json(formatNotReady(access, job));
  };
}

/** The bytes of a ready job, the reason of a failed one. Resolves when the answer is over. */
export async function answerSettled(
  deps: PrepareDeps,
  job: Job,
  { req, res }: { readonly req: Request; readonly res: Response },
): Promise<void> {
  if (statusOf(job) === 'failed') {
    res.setHeader('Cache-Control', 'no-store');
    res.status(502).json(failureBody(job));
    return;
  }
  const gone = goneSignal(res);
  const file = await deps.jobs.open(job.id, { signal: gone });
  await deps.delivery.deliver(req, res, file, { isSecretUrl: !deps.access.isOpen, errorBody: prepareErrorBody });
}

/** Aborted when the client has gone, or the answer is over. */
export function goneSignal(res: Response): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  return gone.signal;
}
