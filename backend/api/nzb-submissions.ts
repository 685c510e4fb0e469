// From an NZB to what plays: takes it in, submits it, waits until it is streamable. Whoever waits may leave at any time; what
// was begun goes on, and the same request joins it.

import {
  BusyError,
  GoneError,
  UnplayableError,
  type ContentId,
  type EpisodeWish,
  type Job,
  type NzbSource,
  type ReleaseFile,
} from '../content/index.js';
import type { Item, Submission } from '../jobs/index.js';
import { listFilms, matchEpisodes } from '../naming/index.js';
import { notYet, NzbArrivals, untilAborted } from './nzb-arrivals.js';
import type { NzbDeps } from './nzb-deps.js';
import type { NzbRequest } from './nzb-request.js';

/** What plays. No files: the wished episode is not in it. */
export interface NzbOutcome {
  readonly item: Item;
  readonly status: 'streamable' | 'completed';
  readonly isCached: boolean;
  readonly files: readonly ReleaseFile[];
}

/** What is ready already is answered even to who says that they do not wait. */
const MIN_WAIT_MS = 1_000;

export class NzbSubmissions {
  readonly #deps: NzbDeps;
  readonly #arrivals: NzbArrivals;

  constructor(deps: NzbDeps) {
    this.#deps = deps;
    this.#arrivals = new NzbArrivals(deps);
  }

  /**
   * Resolves as soon as something plays. `signal`: the caller has gone. An upload is released once it was taken in, or not.
   * @throws {TimeoutError} after `waitMs`; {InputError} for an NZB that cannot be had or read; why it does not play
   */
  async submit(request: NzbRequest, { signal }: { readonly signal: AbortSignal }): Promise<NzbOutcome> {
    const late = new AbortController();
    const deadline = this.#deps.clock.after(Math.max(MIN_WAIT_MS, request.waitMs), () => late.abort(notYet()));
    const leaving = AbortSignal.any([signal, late.signal]);
    try {
      return await this.#run(request, leaving);
    } finally {
      deadline.cancel();
    }
  }

  async #run(request: NzbRequest, signal: AbortSignal): Promise<NzbOutcome> {
    const { episode } = request;
    const { source, submission } = await untilAborted(this.#begin(request), signal);
    const outcome = await this.#whenStreamable(submission, episode, signal);
    if (outcome !== null) return outcome;
    // The wished episode is not in it. What is there decides: a single film plays whatever it is called, and with the
    // rest known the next answer needs no work.
    const whole = await untilAborted(this.#submitSource(source, { ...request, isForced: false }), signal);
    const known = await this.#whenStreamable(whole, episode, signal);
    if (known === null) throw new BusyError('This is being prepared again.');
    return known;
  }

  /** Goes on when the caller has gone. */
  async #begin(request: NzbRequest): Promise<{ readonly source: NzbSource; readonly submission: Submission }> {
    const source = await this.#arrivals.take(request.nzb, this.#deps.usenet);
    return { source, submission: await this.#submitSource(source, request, request.episode) };
  }

  #submitSource(source: NzbSource, request: NzbRequest, episode?: EpisodeWish): Promise<Submission> {
    const { nzb, category, titleId, isForced } = request;
    return this.#deps.items.submit({
      source,
      category,
      force: isForced,
      ...(nzb.kind === 'url' ? { addressMd5s: nzb.addressMd5s } : {}),
      ...(episode === undefined ? {} : { episode }),
      ...(titleId === undefined ? {} : { titleId }),
    });
  }

  /** Null when the job failed only for want of the wished episode. @throws why it failed otherwise */
  async #whenStreamable(
    { item, isCached, job: begun }: Submission,
    episode: EpisodeWish | undefined,
    signal: AbortSignal,
  ): Promise<NzbOutcome | null> {
    const { jobs, items } = this.#deps;
    const filesOf = (): readonly ReleaseFile[] => this.#filesOf(item.contentId, episode);
    if (isCached) return { item, status: 'completed', isCached, files: filesOf() };
    const job = await jobs.untilStreamable(begun.id, { signal });
    if (job.state === 'failed' || job.state === 'cancelled') {
      await this.#expectWrongEpisode(job, signal);
      return null;
    }
    const status = job.state === 'completed' ? 'completed' : 'streamable';
    return { item: items.get(item.id) ?? item, status, isCached, files: filesOf() };
  }

  /** Returns when the job failed only for want of the wished episode. @throws why it failed otherwise */
  async #expectWrongEpisode(job: Job, signal: AbortSignal): Promise<void> {
    try {
      await this.#deps.jobs.open(job.id, { signal });
    } catch (error) {
      if (error instanceof UnplayableError && error.code === 'EPISODE_NOT_FOUND') return;
      throw error;
    }
    throw new BusyError('This is being prepared again.');
  }

  /** One film is the one; of several those that hold the episode. */
  #filesOf(contentId: ContentId, episode: EpisodeWish | undefined): readonly ReleaseFile[] {
    const release = this.#deps.library.get(contentId);
    if (release === null) throw new GoneError('This was removed.');
    const films = listFilms(release.files);
    return episode === undefined || films.length === 1 ? films : matchEpisodes(release.files, episode);
  }
}
