// `GET /api/events`: updates of jobs and items as they happen (server-sent events), for those who prefer push to polling.

import express, { type Request, type Response, type Router } from 'express';
import { BusyError, type Job } from '../content/index.js';
import type { Item } from '../jobs/index.js';
import type { Clock, Logger } from '../platform/index.js';
import { EventSubscriber, type JobNews } from './event-subscriber.js';
import { requireKey, type RouteAccess } from './guard.js';
import { originCors } from './origin-cors.js';
import { prepareErrorHandler } from './prepare-error.js';
import { formatStatus, statusOf } from './prepare-views.js';
import { formatItem } from './queue.js';

export interface EventsDeps {
  readonly jobs: { list(): readonly Job[]; subscribe(listener: (job: Job) => void): () => void };
  /** What was submitted; default none. */
  readonly items?: { listOpen(): readonly Item[]; subscribe(listener: (item: Item) => void): () => void };
  readonly access: RouteAccess;
  readonly corsOrigins: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
  /** A session of the pages is the admin's too. */
  readonly isSignedIn?: (req: Request) => boolean;
  /** Default 100; further ones are answered 503. */
  readonly maxSubscribers?: number;
}

const HEARTBEAT_MS = 15_000;
const DEFAULT_MAX_SUBSCRIBERS = 100;

export function createEventsRoutes(deps: EventsDeps): Router {
  const router = express.Router();
  const events = new JobEvents(deps);
  const { isSignedIn } = deps;
  router.use('/api/events', originCors(deps.corsOrigins));
  router.get('/api/events', requireKey(deps.access, isSignedIn === undefined ? {} : { isSignedIn }), events.handle);
  router.use('/api/events', prepareErrorHandler(deps.log, 'api'));
  return router;
}

class JobEvents {
  readonly #deps: EventsDeps;
  #subscribers = 0;

  constructor(deps: EventsDeps) {
    this.#deps = deps;
  }

  /** First where every job and every item under way stands, then what changes, until the client goes. */
  readonly handle = (_req: Request, res: Response): void => {
    const { clock, items, jobs, maxSubscribers = DEFAULT_MAX_SUBSCRIBERS } = this.#deps;
    if (this.#subscribers >= maxSubscribers) throw new BusyError('Too many listen to events already.', 30);
    res.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    const subscriber = new EventSubscriber(res);
    subscriber.beat();
    for (const job of jobs.list()) subscriber.tell(this.#news(job));
    for (const item of items?.listOpen() ?? []) subscriber.tell(newsOf(item));
    const unsubscribes = [
      jobs.subscribe((job) => subscriber.tell(this.#news(job))),
      items?.subscribe((item) => subscriber.tell(newsOf(item))),
    ];
    const heartbeat = clock.every(HEARTBEAT_MS, () => subscriber.beat());
    this.#subscribers += 1;
    res.once('close', () => {
      this.#subscribers -= 1;
      heartbeat.cancel();
      for (const unsubscribe of unsubscribes) unsubscribe?.();
    });
  };

  #news(job: Job): JobNews {
    const status = statusOf(job);
    const streamable = status === 'ready';
    const fields = { ...formatStatus(this.#deps.access, job), state: job.state, streamable };
    return { jobId: job.id, isSettled: streamable || status === 'failed', json: JSON.stringify(fields) };
  }
}

function newsOf(item: Item): JobNews {
  const isSettled = item.status === 'streamable' || item.status === 'completed' || item.status === 'failed';
  return { jobId: `item:${item.id}`, event: 'item', isSettled, json: JSON.stringify(formatItem(item)) };
}
