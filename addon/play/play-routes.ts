// `GET|HEAD /stremio/:key/play/:sourceId/:file/:name`: prepares what the address stands for and serves it on that very
// address. Holds a request only so long, then redirects it to itself, and at the end of the wait shows a clip that says
// why. Keeps no state between hops; the key was looked at before, except that a wrong one ends here too, with its clip.

import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Router, type Request, type Response } from 'express';
import {
  BusyError,
  GoneError,
  HeadstartError,
  InputError,
  NotFoundError,
  isInfoHash,
} from '../../backend/content/index.js';
import { byteCors, sendError, setMediaHeaders } from '../../backend/delivery/index.js';
import type { AddonDeps } from '../addon-deps.js';
import { callerOf, isViewer } from '../caller.js';
import type { TitleListsDeps } from '../stremio/title-lists.js';
import { Alternatives } from './alternatives.js';
import { ClipMemory } from './clip-memory.js';
import { ClipShelf } from './clip-shelf.js';
import { isPassing, reasonOf, type ClipReason } from './failure-reason.js';
import { holdOf, nextHop, readHop, withHop } from './hop.js';
import { endOf } from './job-end.js';
import type { NextEpisodes } from './next-episodes.js';
import type { AttemptEnd, PlayAttempt } from './play-attempt.js';
import { PlayAttempts } from './play-attempts.js';
import { PlayTargets, type ForgottenTarget, type PlayTarget, type PlayTargetsDeps } from './play-target.js';
import { outlookOf } from './swarm-outlook.js';

export type PlayDeps = PlayTargetsDeps &
  TitleListsDeps &
  Pick<AddonDeps, 'clock' | 'config' | 'delivery' | 'jobs' | 'log' | 'packageDir' | 'usenet'> & {
    readonly nextEpisodes: Pick<NextEpisodes, 'noteStarted'>;
  };

/** Requests that may wait at once; one more is told that the server is busy. */
const MAX_WAITING = 500;
/** A failure is still an answer this long after the preparation had to be over. */
const FAILURE_KEPT_MS = 30_000;

/** The play route, under the path the addon's address gives out. */
export function createPlayRoutes(deps: PlayDeps): Router {
  const player = new Player(deps);
  const router = Router();
  const path = '/stremio/:key/play/:sourceId/:file/:name';
  router.options(path, byteCors());
  router.get(path, (req: Request<PlayParams>, res) => player.answer(req, res));
  return router;
}

interface PlayParams {
  readonly [name: string]: string;
  readonly key: string;
  readonly sourceId: string;
  readonly file: string;
  readonly name: string;
}

class Player {
  readonly #targets: PlayTargets;
  readonly #clips: ClipShelf;
  readonly #memory: ClipMemory;
  readonly #attempts: PlayAttempts;
  readonly #alternatives: Alternatives;
  readonly #failureKeptMs: number;
  /** Epoch ms: with other news servers what failed before may go well. */
  #newsServersSinceMs = 0;
  #waiting = 0;

  constructor(private readonly deps: PlayDeps) {
    this.#targets = new PlayTargets(deps);
    this.#clips = new ClipShelf(join(deps.packageDir, 'addon', 'clips'));
    this.#memory = new ClipMemory(deps.clock);
    this.#failureKeptMs = deps.config.prepareTimeoutMs + FAILURE_KEPT_MS;
    this.#alternatives = new Alternatives(deps);
    this.#attempts = new PlayAttempts({
      ...deps,
      alternatives: deps.config.failover === 'next' ? this.#alternatives : null,
      outlookOf: (job) => outlookOf(job, deps),
      isRemoved: (contentId) => deps.library.isUnwanted(contentId),
      limitMs: deps.config.playDeadlineMs + deps.config.playHoldMs,
      failureKeptMs: this.#failureKeptMs,
    });
    deps.usenet.onProvidersReplaced(() => {
      this.#newsServersSinceMs = deps.clock.now();
      this.#attempts.forgetFailures();
    });
  }

  /** Never rejects. */
  async answer(req: Request<PlayParams>, res: Response): Promise<void> {
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    try {
      if (!isViewer(req.params.key, this.deps.access)) return await this.#showClip(req, res, 'unauthorised');
      const meant = this.#meantBy(req);
      if (req.method === 'HEAD')
        return await this.#answerHead(req, res, 'request' in meant ? meant : null, gone.signal);
      const target = 'request' in meant ? meant : await this.#alternatives.findAgain(meant, { signal: gone.signal });
      await this.#play(req, res, target, gone.signal);
    } catch (error) {
      if (gone.signal.aborted) return;
      await this.#answerError(req, res, error);
    }
  }

  /** What was forgotten is looked for once: its seeks stay on what was found. */
  #meantBy(req: Request<PlayParams>): PlayTarget | ForgottenTarget {
    const { sourceId, file } = req.params;
    const forgotten = this.#targets.findForgotten(sourceId, file);
    if (forgotten === null) return this.#targets.find(sourceId, file);
    return this.#attempts.targetOf(addressOf(req)) ?? forgotten;
  }

  /** At once, from what is known: players send it first and wait for it. `target` null: it has to be looked for. */
  async #answerHead(
    req: Request<PlayParams>,
    res: Response,
    target: PlayTarget | null,
    gone: AbortSignal,
  ): Promise<void> {
    const chosen = this.#attempts.chosenFor(addressOf(req));
    const job = chosen ?? (target === null ? null : this.deps.jobs.find(target.request));
    if (job !== null && endOf(job)?.kind === 'streamable') {
      // What cannot be opened any more may have another play in its place, which a GET finds out.
      const file = await this.deps.jobs.open(job.id, { signal: gone }).catch((error: unknown) => {
        if (error instanceof GoneError) throw error;
        return null;
      });
      gone.throwIfAborted();
      if (file !== null) return this.deps.delivery.deliver(req, res, file, { isSecretUrl: true, signal: gone });
    }
    const sizeBytes = target?.sizeBytes ?? null;
    setMediaHeaders(res, { name: req.params.name, isSecretUrl: true, ...(sizeBytes === null ? {} : { sizeBytes }) });
    res.end();
  }

  async #play(req: Request<PlayParams>, res: Response, target: PlayTarget, gone: AbortSignal): Promise<void> {
    const address = addressOf(req);
    const shown = this.#memory.recallSeek(address, req.headers.range) ?? this.#knownEnd(address, target);
    if (shown !== null) return this.#showClip(req, res, shown);
    const { clock, config } = this.deps;
    const hop = readHop(req.query, clock.now(), config.playDeadlineMs);
    const limits = { holdMs: config.playHoldMs, deadlineMs: config.playDeadlineMs };
    const attempt = this.#attempts.join(address, target, this.#knownFailure(target));
    const end = await this.#counted(() => attempt.wait({ gone, holdMs: holdOf(hop, clock.now(), limits) }));
    if (end !== null) return this.#answerEnd(req, res, end, gone);
    const next = nextHop(hop, clock.now(), config.playDeadlineMs);
    if (next === null) return this.#showClip(req, res, this.#lateReason(attempt));
    this.#redirect(req, res, withHop(req.originalUrl, next));
  }

  async #answerEnd(req: Request, res: Response, end: AttemptEnd, gone: AbortSignal): Promise<void> {
    if (end.kind === 'failed') {
      if (end.error !== null) throw end.error;
      return this.#showClip(req, res, end.reason);
    }
    const file = await this.deps.jobs.open(end.job.id, { signal: gone });
    this.#memory.forget(addressOf(req));
    this.deps.nextEpisodes.noteStarted(end.target);
    await this.deps.delivery.deliver(req, res, file, { isSecretUrl: true, signal: gone });
  }

  /** Nothing has failed yet, but whoever waits should know when there was nobody to get it from. */
  #lateReason({ firstJob }: PlayAttempt): ClipReason {
    const contentId = firstJob?.contentId ?? null;
    const status = contentId !== null && isInfoHash(contentId) ? this.deps.torrents.status(contentId) : null;
    return status?.peers?.connected === 0 ? 'no-peers' : 'preparing';
  }

  #redirect(req: Request, res: Response, location: string): void {
    byteCors()(req, res, () => undefined);
    res.setHeader('Cache-Control', 'private, no-store');
    res.redirect(307, `${callerOf(req, this.deps).origin}${location}`);
  }

  async #showClip(req: Request, res: Response, reason: ClipReason): Promise<void> {
    const clip = await this.#clips.get(reason);
    if (reason !== 'unauthorised') this.#memory.note(addressOf(req), reason, clip.sizeBytes);
    await this.deps.delivery.deliver(req, res, clip, { isSecretUrl: true });
  }

  /** What is unknown or was removed has a status of its own; every other reason is shown. */
  async #answerError(req: Request<PlayParams>, res: Response, error: unknown): Promise<void> {
    const isKnown = error instanceof HeadstartError;
    if (!isKnown) this.deps.log.error({ err: error, sourceId: req.params.sourceId }, 'A play request failed');
    const hasStatus = error instanceof NotFoundError || error instanceof GoneError || error instanceof InputError;
    byteCors()(req, res, () => undefined);
    if (hasStatus || res.headersSent || req.method === 'HEAD') return sendError(res, error, { audience: 'bytes' });
    try {
      await this.#showClip(req, res, isKnown ? reasonOf(error.code, true) : 'unplayable');
    } catch (clipError) {
      this.deps.log.error({ err: clipError }, 'A failure clip could not be shown');
      sendError(res, error, { audience: 'bytes' });
    }
  }

  async #counted<T>(wait: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) throw new BusyError('Too many players are waiting.');
    this.#waiting += 1;
    try {
      return await wait();
    } finally {
      this.#waiting -= 1;
    }
  }

  /** The clip that a request from the start deserves without a wait, if any. */
  #knownEnd(address: string, target: PlayTarget): ClipReason | null {
    const end = endOf(this.#attempts.chosenFor(address) ?? this.deps.jobs.find(target.request));
    if (end?.kind === 'streamable') return null;
    const failure = this.#attempts.failureOf(address);
    const isNews = failure === null && end?.kind === 'failed' && !isPassing(end.reason);
    return failure ?? (isNews ? null : this.#memory.recallBurst(address));
  }

  /** A preparation that failed lately could only end the same way; later it is tried anew. */
  #knownFailure(target: PlayTarget): ClipReason | null {
    const job = this.deps.jobs.find(target.request);
    const end = endOf(job);
    if (job === null || end?.kind !== 'failed' || job.state === 'cancelled' || isPassing(end.reason)) return null;
    if (end.error !== null || job.createdAt < this.#newsServersSinceMs) return null;
    return this.deps.clock.now() < job.createdAt + this.#failureKeptMs ? end.reason : null;
  }
}

/** The address without its query: every hop of one play is the same address. */
function addressOf(req: IncomingMessage & { readonly originalUrl: string }): string {
  return req.originalUrl.split('?', 1)[0] ?? '';
}
