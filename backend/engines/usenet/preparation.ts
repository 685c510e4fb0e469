// Fetches the beginning and the end of a file before anybody plays it: players read both before they show a picture.

import { TimeoutError } from '../../content/index.js';
import type { ByteRange, MediaFile, Priority } from '../../content/index.js';
import type { Clock } from '../../platform/index.js';

const HEAD_BYTES = 2 * 1024 * 1024;
const TAIL_BYTES = 1024 * 1024;

export interface PreparationOptions {
  readonly file: MediaFile;
  readonly signal: AbortSignal;
  readonly priority: Priority;
  readonly clock: Clock;
  /** How long head and tail may take once the file is streamable. */
  readonly completionMs: number;
}

export interface Preparation {
  /** Head and tail were fetched. Handled already: it may be left alone. */
  readonly completed: Promise<void>;
  /** Stops fetching what is still on its way. */
  readonly abandon: (reason: Error) => void;
}

/** Resolves when the first bytes are here and verified, the rest of head and tail being on their way. */
export async function prepareEnds(o: PreparationOptions): Promise<Preparation> {
  const { file, signal } = o;
  const headEnd = Math.min(file.sizeBytes, HEAD_BYTES);
  const tailStart = Math.max(headEnd, file.sizeBytes - TAIL_BYTES);
  const life = new AbortController();
  const stop = (): void => life.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', stop, { once: true });
  const behind: Priority = o.priority === 'background' ? 'background' : 'prepare';
  const head = new Run(file, { start: 0, end: headEnd }, { signal: life.signal, priority: o.priority });
  const tail = new Run(file, { start: tailStart, end: file.sizeBytes }, { signal: life.signal, priority: behind });
  try {
    await head.first;
  } catch (error) {
    life.abort(error);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const deadline = o.clock.after(o.completionMs, () =>
    life.abort(new TimeoutError('The beginning and the end of the file did not come in time.')),
  );
  const completed = Promise.all([head.whole, tail.whole])
    .then(() => undefined)
    .finally(() => deadline.cancel());
  completed.catch(() => undefined);
  return { completed, abandon: (reason) => life.abort(reason) };
}

/** One range read to its end. */
class Run {
  readonly first: Promise<void>;
  readonly whole: Promise<void>;

  constructor(
    file: MediaFile,
    range: ByteRange,
    options: { readonly signal: AbortSignal; readonly priority: Priority },
  ) {
    const chunks = file.open(range, options)[Symbol.asyncIterator]();
    this.first = chunks.next().then(() => undefined);
    this.whole = this.first.then(async () => {
      while ((await chunks.next()).done !== true);
    });
    this.first.catch(() => undefined);
    this.whole.catch(() => undefined);
  }
}
