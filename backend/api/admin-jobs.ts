// `/api/admin/jobs`: what is being prepared, and an end to it. For whoever has the API key.

import express, { type Request, type Router } from 'express';
import type { Job } from '../content/index.js';
import type { Logger } from '../platform/index.js';
import { requireKey, type KeyAccess } from './guard.js';
import { originCors } from './origin-cors.js';
import { jobNotFound, prepareErrorHandler } from './prepare-error.js';
import { formatAdminJob, statusOf } from './prepare-views.js';

export interface AdminJobsDeps {
  readonly jobs: { list(): readonly Job[]; get(id: string): Job | null; cancel(id: string): boolean };
  readonly access: KeyAccess;
  readonly corsOrigins: readonly string[];
  readonly log: Logger;
  /** A session of the pages is the admin's too. */
  readonly isSignedIn?: (req: Request) => boolean;
}

export function createAdminJobsRoutes(deps: AdminJobsDeps): Router {
  const { access, corsOrigins, isSignedIn, jobs, log } = deps;
  const router = express.Router();
  const admin = requireKey(access, isSignedIn === undefined ? {} : { isSignedIn });
  router.use('/api/admin/jobs', originCors(corsOrigins, ['GET', 'DELETE', 'OPTIONS']));
  router.get('/api/admin/jobs', admin, (_req, res) => {
    const all = jobs.list();
    const active = all.filter((job) => !['ready', 'failed'].includes(statusOf(job)));
    res.setHeader('Cache-Control', 'no-store');
    res.json({ success: true, activeJobs: active.length, jobs: all.map(formatAdminJob) });
  });
  router.delete('/api/admin/jobs/:jobId', admin, (req, res) => {
    const id = String(req.params['jobId']);
    const job = jobs.get(id);
    if (job === null) throw jobNotFound();
    if (jobs.cancel(id) || job.state === 'cancelled') {
      res.json({ success: true, jobId: id, status: 'failed', message: 'Cancelled' });
      return;
    }
    const message = `The job is ${job.state} already; there is nothing to cancel.`;
    res.status(409).json({ success: false, error: 'Nothing to cancel', message, code: 'CONFLICT' });
  });
  router.use('/api/admin/jobs', prepareErrorHandler(log, 'api'));
  return router;
}
