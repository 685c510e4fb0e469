// From an NZB to what plays: takes it in, submits it, waits until it is streamable. Whoever waits may leave at any time; what
// was begun goes on, and the same request joins it. Bound: 64 NZBs on their way in at once; further ones are refused.

import {
  AccessError,
  BusyError,
  CorruptDataError,
  GoneError,
  HeadstartError,
  InputError,
  NotFoundError,
  ProtocolError,
  TimeoutError,
  UnplayableError,
  UpstreamError,
  type ContentId,
  type EpisodeWish,
  type Job,
  type NzbSource,
  type ReleaseFile,
} from '../content/index.js';
import type { Item, Submission } from '../jobs/index.js';
import { listFilms, matchEpisodes } from '../naming/index.js';
import type { NzbDeps, NzbIntake } from './nzb-deps.js';
import type { NzbRequest } from './nzb-request.js';

/** What plays. No files: the wished episode is not in it. */
export interface NzbOutcome {
  readonly item: Item;
  readonly status: 'streamable' | 'completed';
  readonly isCached: boolean;
  readonly files: readonly ReleaseFile[];
}

const MAX_AT_ONCE = 64;
/** What is ready already is answered even to who says that they do not wait. */
const MIN_WAIT_MS = 1_000;
/** An NZB that is not here by then does not come. */
const INTAKE_TIMEOUT_MS = 300_000;
const UNFETCHABLE = [AccessError, GoneError, NotFoundError, ProtocolError, TimeoutError, UpstreamError];

export class NzbSubmissions {
  readonly #deps: NzbDeps;
  #running = 0;

  constructor(deps: NzbDeps) {
    this.#deps = deps;
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
    const { nzb } = request;
    if (this.#running >= MAX_AT_ONCE) {
      release(nzb);
      throw new BusyError('Too many NZBs are being taken in at once.');
    }
    const ending = new AbortController();
    const deadline = this.#deps.clock.after(INTAKE_TIMEOUT_MS, () => ending.abort(notYet()));
    this.#running += 1;
    try {
      const source = await takeIn(nzb, this.#deps.usenet, ending.signal).finally(() => release(nzb));
      return { source, submission: await this.#submitSource(source, request, request.episode) };
    } finally {
      this.#running -= 1;
      deadline.cancel();
    }
  }

  #submitSource(source: NzbSource, request: NzbRequest, episode?: EpisodeWish): Promise<Submission> {
    const { category, titleId, isForced } = request;
    return this.#deps.items.submit({
      source,
      category,
      force: isForced,
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

/** @throws {InputError} in place of whatever keeps an NZB from being fetched or unpacked */
async function takeIn(nzb: NzbRequest['nzb'], usenet: NzbIntake, signal: AbortSignal): Promise<NzbSource> {
  try {
    if (nzb.kind === 'url') return await usenet.fetch(nzb.url, { signal });
    const { name, bytes } = nzb.file;
    return await usenet.accept(bytes, { signal, ...(name === null ? {} : { fileName: name }) });
  } catch (cause) {
    if (cause instanceof CorruptDataError) throw new InputError(cause.message, { code: 'NZB_INVALID', cause });
    if (!(cause instanceof HeadstartError) || !UNFETCHABLE.some((type) => cause instanceof type)) throw cause;
    throw new InputError(`The NZB could not be fetched: ${cause.message}`, { code: 'NZB_UNFETCHABLE', cause });
  }
}

function release(nzb: NzbRequest['nzb']): void {
  if (nzb.kind === 'file') nzb.file.release();
}

function notYet(): TimeoutError {
  return new TimeoutError('This is not ready yet; it goes on being prepared, and the same request joins it.');
}

/** `work`'s result, or the signal's reason when that comes first; `work` goes on. */
async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
