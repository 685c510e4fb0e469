// Reads a stream of bytes that lies in pieces across several files, in order. The files of the next pieces are opened
// early, so that their engines read ahead across the border.

import type { ByteRange, Priority } from '../content/index.js';
import type { PackedExtent, ReadOptions } from './archive.js';
import { incomplete } from './refusals.js';

/** Bytes that can be found piece by piece: a member's packed stream, or volumes that are one file together. */
export interface LocatedBytes {
  /** The extent that begins at byte `offset`. @throws {UnplayableError} `ARCHIVE_INCOMPLETE` */
  locate(offset: number, options: ReadOptions): Promise<PackedExtent>;
}

export interface LocatedReadOptions {
  readonly signal: AbortSignal;
  readonly priority: Priority;
}

/** Pieces that begin less than this after the reader are opened already, at most `MAX_AHEAD` of them. */
const AHEAD_BYTES = 8 * 1024 * 1024;
const MAX_AHEAD = 4;
/** How often a place may turn out to be another before the archive counts as broken. */
const MAX_MOVES = 8;

/**
 * The bytes of `range`, in the chunks of the files they lie in: each belongs to the reader until it asks for the next.
 * Never yields a byte whose place is not confirmed. Every file it opened is let go when it ends, however it ends.
 * @throws what `locate`, `confirm` and the files throw, or the signal's reason
 */
export async function* readLocated(
  source: LocatedBytes,
  range: ByteRange,
  { signal, priority }: LocatedReadOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  signal.throwIfAborted();
  if (range.start >= range.end) return;
  const ending = new AbortController();
  const follow = (): void => ending.abort(signal.reason);
  signal.addEventListener('abort', follow, { once: true });
  const pieces = new Pieces(source, range, { signal: ending.signal, priority });
  try {
    while (pieces.position < range.end) {
      const chunk = await pieces.next();
      signal.throwIfAborted();
      yield chunk;
      signal.throwIfAborted();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', follow);
    ending.abort(new Error('The reader has left.'));
    await pieces.close();
  }
}

/** An opened extent whose first chunk is under way. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly iterator: AsyncIterator<Uint8Array>;
  first: Promise<IteratorResult<Uint8Array>> | null;
  /** Null once it is known. */
  confirmed: Promise<boolean> | null;
}

class Pieces {
  /** The next byte to be handed out. */
  position: number;
  readonly #queue: Piece[] = [];
  readonly #closing = new Set<Promise<unknown>>();
  #filling: Promise<void> | null = null;
  /** The reader itself waits for the next piece: those after it can wait. */
  #isStarved = false;
  #moves = 0;

  constructor(
    private readonly source: LocatedBytes,
    private readonly range: ByteRange,
    private readonly options: LocatedReadOptions,
  ) {
    this.position = range.start;
  }

  async next(): Promise<Uint8Array> {
    for (;;) {
      const piece = await this.#current();
      if (!(await this.#isConfirmed(piece))) continue;
      const taken = piece.first ?? piece.iterator.next();
      piece.first = null;
      this.#fill();
      const result = await taken;
      if (result.done === true) throw incomplete('A volume of the archive ended early.');
      const chunk = result.value.subarray(0, piece.end - this.position);
      this.position += chunk.length;
      return chunk;
    }
  }

  /** Ends all that is open; waits until it has ended. */
  async close(): Promise<void> {
    this.#dropAll();
    await this.#filling;
    this.#dropAll();
    await Promise.all(this.#closing);
  }

  async #current(): Promise<Piece> {
    const head = this.#queue[0];
    if (head !== undefined && this.position >= head.end) {
      this.#drop(this.#queue.splice(0, 1));
      return this.#current();
    }
    if (head !== undefined) return head;
    this.#isStarved = true;
    await this.#filling;
    this.#isStarved = false;
    // What went wrong ahead goes wrong again here, where somebody waits for it.
    return this.#queue[0] ?? this.#open(this.position);
  }

  async #isConfirmed(piece: Piece): Promise<boolean> {
    if (piece.confirmed === null) return true;
    const isRight = await piece.confirmed;
    piece.confirmed = null;
    if (isRight) return true;
    this.#moves += 1;
    if (this.#moves > MAX_MOVES) throw incomplete('The volumes of the archive do not fit together.');
    this.#dropAll();
    await this.#filling;
    this.#dropAll();
    return false;
  }

  /** Opens what comes next, in the background; failures are left to whoever gets there. */
  #fill(): void {
    if (this.#filling !== null || !this.#hasRoom()) return;
    const filling = this.#openAhead()
      .catch(() => undefined)
      .finally(() => {
        if (this.#filling === filling) this.#filling = null;
      });
    this.#filling = filling;
  }

  async #openAhead(): Promise<void> {
    const moves = this.#moves;
    while (this.#hasRoom() && moves === this.#moves && !this.#isStarved) {
      const last = this.#queue.at(-1);
      if (last === undefined) return;
      await this.#open(last.end);
    }
  }

  #hasRoom(): boolean {
    const last = this.#queue.at(-1);
    return (
      last !== undefined &&
      !this.options.signal.aborted &&
      last.end < this.range.end &&
      last.end - this.position < AHEAD_BYTES &&
      this.#queue.length <= MAX_AHEAD
    );
  }

  async #open(start: number): Promise<Piece> {
    const { signal, priority } = this.options;
    const extent = await this.source.locate(start, this.options);
    signal.throwIfAborted();
    const length = Math.min(extent.range.end - extent.range.start, this.range.end - start);
    if (length <= 0) throw incomplete();
    const range = { start: extent.range.start, end: extent.range.start + length };
    const iterator = extent.file.open(range, { signal, priority })[Symbol.asyncIterator]();
    const piece: Piece = {
      start,
      end: start + length,
      iterator,
      first: quiet(iterator.next()),
      confirmed: extent.confirm === null ? null : quiet(extent.confirm(this.options)),
    };
    this.#queue.push(piece);
    return piece;
  }

  #dropAll(): void {
    this.#drop(this.#queue.splice(0));
  }

  #drop(pieces: readonly Piece[]): void {
    for (const { iterator } of pieces) {
      const closing: Promise<unknown> = Promise.resolve(iterator.return?.())
        .catch(() => undefined)
        .finally(() => this.#closing.delete(closing));
      this.#closing.add(closing);
    }
  }
}

/** The same promise; its rejection is somebody's later. */
function quiet<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}
