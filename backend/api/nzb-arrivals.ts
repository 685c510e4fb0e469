// NZBs on their way in: uploads are unpacked, addresses fetched, each address once however many ask for it. What was begun
// goes on when those who asked have gone. Bound: 64 at once; further ones are refused.

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
  UpstreamError,
  type NzbSource,
} from '../content/index.js';
import type { Clock } from '../platform/index.js';
import type { NzbIntake } from './nzb-deps.js';
import type { NzbRequest } from './nzb-request.js';

const MAX_AT_ONCE = 64;
/** An NZB that is not here by then does not come. */
const INTAKE_TIMEOUT_MS = 300_000;
const UNFETCHABLE = [AccessError, GoneError, NotFoundError, ProtocolError, TimeoutError, UpstreamError];

export class NzbArrivals {
  readonly #clock: Clock;
  readonly #fetches = new Map<string, Promise<NzbSource>>();
  #running = 0;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  /**
   * The NZB, kept. An upload is released once it was taken in, or not.
   * @throws {BusyError} when full; {InputError} for what cannot be fetched or unpacked; {UnplayableError} `NZB_INVALID`
   */
  take(nzb: NzbRequest['nzb'], usenet: NzbIntake): Promise<NzbSource> {
    if (nzb.kind === 'file') {
      const { name, bytes } = nzb.file;
      const options = name === null ? {} : { fileName: name };
      return this.#begin((signal) => usenet.accept(bytes, { signal, ...options })).finally(() => nzb.file.release());
    }
    const { url } = nzb;
    const joined = this.#fetches.get(url);
    if (joined !== undefined) return joined;
    const fetching = this.#begin((signal) => usenet.fetch(url, { signal })).finally(() => this.#fetches.delete(url));
    this.#fetches.set(url, fetching);
    return fetching;
  }

  async #begin(work: (signal: AbortSignal) => Promise<NzbSource>): Promise<NzbSource> {
    if (this.#running >= MAX_AT_ONCE) throw new BusyError('Too many NZBs are being taken in at once.');
    const ending = new AbortController();
    const deadline = this.#clock.after(INTAKE_TIMEOUT_MS, () => ending.abort(notYet()));
    this.#running += 1;
    try {
      return await work(ending.signal);
    } catch (error) {
      throw asInputError(error);
    } finally {
      this.#running -= 1;
      deadline.cancel();
    }
  }
}

/** What whoever waited too long is told. */
export function notYet(): TimeoutError {
  return new TimeoutError('This is not ready yet; it goes on being prepared, and the same request joins it.');
}

/** `work`'s result, or the signal's reason when that comes first; `work` goes on. */
export async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
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

/** An InputError in place of whatever keeps an NZB from being fetched or unpacked. */
function asInputError(cause: unknown): unknown {
  if (cause instanceof CorruptDataError) return new InputError(cause.message, { code: 'NZB_INVALID', cause });
  if (!(cause instanceof HeadstartError) || !UNFETCHABLE.some((type) => cause instanceof type)) return cause;
  return new InputError(`The NZB could not be fetched: ${cause.message}`, { code: 'NZB_UNFETCHABLE', cause });
}
