// Reads a stretch of bytes that lies in segments of posted files, in order: a bounded queue of promised segments, verified
// and confirmed at its head, flushed where the articles turn out to lie elsewhere than was assumed.

import { setMaxListeners } from 'node:events';
import { CorruptDataError, UnplayableError } from '../../../content/index.js';
import type { ByteRange, Priority } from '../../../content/index.js';
import type { ArticleDemand, ArticleUrgency, FetchOptions } from '../article.js';
import type { HeldArticle } from '../store/article-store.js';
import type { HoleLedger } from './hole-ledger.js';
import type { SegmentMap } from './segment-map.js';

/** A posted file as far as it is read here. */
export interface SegmentedFile {
  /** Its place in the NZB. */
  readonly place: number;
  readonly map: SegmentMap;
  /** A segment, its place learnt. @throws {UnplayableError} `ARTICLE_MISSING` */
  fetch(index: number, options: FetchOptions): Promise<HeldArticle>;
  /** Makes the size of its parts known. */
  learnFirst(options: { readonly signal: AbortSignal; readonly priority?: Priority }): Promise<void>;
  /** Decoded size, as far as is known. */
  estimateBytes(index: number): number;
}

/** Where a run of the stream lies. `confirm` as in the archive room's `PackedExtent`. */
export interface Slice {
  readonly file: SegmentedFile;
  /** Of the posted file; never empty. */
  readonly range: ByteRange;
  readonly confirm:
    ((options: { readonly signal: AbortSignal; readonly priority?: Priority }) => Promise<boolean>) | null;
}

export interface SegmentStreamOptions {
  /** The slice that begins at this offset of the stream. */
  readonly sliceAt: (
    offset: number,
    options: { readonly signal: AbortSignal; readonly priority: Priority },
  ) => Promise<Slice>;
  /** Of the stream. */
  readonly range: ByteRange;
  readonly priority: Priority;
  readonly signal: AbortSignal;
  /** Most bytes promised ahead of the reader right now, those in its hands included. */
  readonly windowLimit: () => number;
  /** Absent: a missing segment ends the stream. */
  readonly holes?: HoleLedger;
}

/** A slice with its place in the stream. */
interface PlacedSlice extends Slice {
  readonly position: number;
  readonly confirmed: Promise<boolean> | null;
}

interface Piece {
  readonly slice: PlacedSlice;
  readonly index: number;
  readonly sequence: number;
  readonly estimatedBytes: number;
  readonly article: Promise<HeldArticle>;
}

const MAX_CHUNK_BYTES = 1024 * 1024;
const FIRST_WINDOW_PIECES = 2;
const MAX_WINDOW_PIECES = 1024;
/** How often in a row what came may not be what was looked for: a search among uneven parts takes a few. */
const MAX_DETOURS = 40;

/** Yields the range in chunks of at most 1 MiB; a chunk is the reader's until it asks for the next. */
export async function* readSegments(options: SegmentStreamOptions): AsyncGenerator<Uint8Array, void, undefined> {
  if (options.range.end <= options.range.start) return;
  const stream = new SegmentStream(options);
  try {
    for (;;) {
      const bytes = await stream.next();
      if (bytes === null) return;
      for (let at = 0; at < bytes.length; at += MAX_CHUNK_BYTES) {
        options.signal.throwIfAborted();
        yield bytes.subarray(at, at + MAX_CHUNK_BYTES);
      }
    }
  } finally {
    stream.close();
  }
}

class SegmentStream {
  #position: number;
  #queue: Piece[] = [];
  #sequence = 0;
  #windowPieces = FIRST_WINDOW_PIECES;
  #current: HeldArticle | null = null;
  #planning: Promise<void> | null = null;
  #planError: Error | null = null;
  /** What is planned next: a segment of a slice, or (null) whatever lies at the reader's position. */
  #plan: { slice: PlacedSlice; nextIndex: number } | null = null;
  #detours = 0;
  /** Ends the fetches of the present queue. */
  #life = newLife();
  readonly #follow = (): void => this.#life.abort(this.o.signal.reason);

  constructor(private readonly o: SegmentStreamOptions) {
    this.#position = o.range.start;
    o.signal.addEventListener('abort', this.#follow, { once: true });
  }

  /** The next bytes; null at the end of the range. */
  async next(): Promise<Uint8Array | null> {
    this.#letGo();
    // Only who comes back for more is read ahead for.
    if (this.#position > this.o.range.start) this.#windowPieces = Math.min(this.#windowPieces * 2, MAX_WINDOW_PIECES);
    while (this.#position < this.o.range.end) {
      this.o.signal.throwIfAborted();
      const piece = await this.#head();
      const bytes = await this.#take(piece);
      if (bytes !== null) return bytes;
      if (++this.#detours > MAX_DETOURS) throw unreadable('The articles of this file contradict each other.');
      this.#flush();
    }
    return null;
  }

  close(): void {
    this.o.signal.removeEventListener('abort', this.#follow);
    this.#letGo();
    this.#flush();
    this.#life.abort();
  }

  async #head(): Promise<Piece> {
    for (;;) {
      const [piece] = this.#queue;
      if (piece !== undefined) return piece;
      if (this.#planError !== null) throw this.#planError;
      await this.#fill();
      // What was planned fell short of what there is.
      if (this.#queue.length === 0 && this.#planError === null) this.#plan = null;
      this.o.signal.throwIfAborted();
    }
  }

  /** The bytes at the reader's position from the piece at the head; null when they are not in it. */
  async #take(piece: Piece): Promise<Uint8Array | null> {
    const { slice } = piece;
    const { bytes, start } = await this.#bytesOf(piece);
    if (!(await this.#isConfirmed(slice))) return null;
    const offset = slice.range.start + (this.#position - slice.position);
    const end = Math.min(start + bytes.length, slice.range.end, offset + this.o.range.end - this.#position);
    if (offset < start || offset >= end) return null;
    this.#queue.shift();
    this.#detours = 0;
    this.#position += end - offset;
    if (end === slice.range.end) this.#dropRestOf(slice);
    void this.#fill();
    return bytes.subarray(offset - start, end - start);
  }

  async #bytesOf(piece: Piece): Promise<{ bytes: Uint8Array; start: number }> {
    const { slice, index } = piece;
    try {
      const held = await piece.article;
      this.#letGo();
      this.#current = held;
      return { bytes: held.bytes, start: slice.file.map.placeOf(index)?.start ?? 0 };
    } catch (error) {
      const place = slice.file.map.placeOf(index);
      if (!isMissing(error) || place === null) throw error;
      const bytes = place.end - place.start;
      if (this.o.holes?.allow({ file: slice.file.place, index }, bytes) !== true) throw error;
      return { bytes: new Uint8Array(bytes), start: place.start };
    }
  }

  /** Where the volume's own header is lost, its neighbours vouch for it, as far as holes may be played at all. */
  async #isConfirmed(slice: PlacedSlice): Promise<boolean> {
    try {
      return (await slice.confirmed) ?? true;
    } catch (error) {
      const place = slice.file.map.placeOf(0);
      const isPlayable = isMissing(error) && place !== null;
      if (!isPlayable || this.o.holes?.allow({ file: slice.file.place, index: 0 }, place.end - place.start) !== true) {
        throw error;
      }
      return true;
    }
  }

  /** Never rejects: what went wrong is told when the reader gets there. */
  #fill(): Promise<void> {
    if (this.#planning !== null) return this.#planning;
    const { signal } = this.#life;
    const planning = this.#planAhead(signal)
      .catch((error: unknown) => {
        if (!signal.aborted) this.#planError = error as Error;
      })
      .finally(() => {
        if (this.#planning === planning) this.#planning = null;
      });
    this.#planning = planning;
    return planning;
  }

  async #planAhead(signal: AbortSignal): Promise<void> {
    let at = this.#plan === null ? this.#position : null;
    while (this.#hasRoom() && !signal.aborted) {
      if (at !== null) {
        if (at >= this.o.range.end) return;
        const { slice, index } = await this.#planFrom(at, signal);
        if (signal.aborted) return;
        this.#push(slice, index);
        at = null;
        continue;
      }
      const { slice, nextIndex } = this.#plan!;
      if (nextIndex <= this.#lastIndexOf(slice)) this.#push(slice, nextIndex);
      else at = slice.position + (slice.range.end - slice.range.start);
    }
  }

  #push(slice: PlacedSlice, index: number): void {
    this.#queue.push(this.#promise(slice, index));
    this.#plan = { slice, nextIndex: index + 1 };
  }

  async #planFrom(position: number, signal: AbortSignal): Promise<{ slice: PlacedSlice; index: number }> {
    const { priority } = this.o;
    const slice = await this.o.sliceAt(position, { signal, priority });
    const confirmed = slice.confirm?.({ signal, priority }) ?? null;
    confirmed?.catch(() => undefined);
    const placed = { ...slice, position, confirmed };
    let place = slice.file.map.at(slice.range.start);
    if (place === null && slice.file.map.partBytes === null) {
      await slice.file.learnFirst({ signal, priority });
      place = slice.file.map.at(slice.range.start);
    }
    if (place === null) throw unreadable('No article of this file holds these bytes.');
    return { slice: placed, index: place.index };
  }

  /** As far as is known: the reader looks again where that falls short. */
  #lastIndexOf({ file, range, position }: PlacedSlice): number {
    const wanted = Math.min(range.end, range.start + (this.o.range.end - position));
    return file.map.at(Math.max(range.start, wanted - 1))?.index ?? file.map.count - 1;
  }

  #promise(slice: PlacedSlice, index: number): Piece {
    const { file } = slice;
    const sequence = this.#sequence++;
    const demand: ArticleDemand = { owner: this, urgency: () => this.#urgencyOf(sequence) };
    const article = file.fetch(index, { demand, signal: this.#life.signal });
    article.catch(() => undefined);
    return { slice, index, sequence, estimatedBytes: file.estimateBytes(index), article };
  }

  #urgencyOf(sequence: number): ArticleUrgency {
    const distance = sequence - (this.#queue[0]?.sequence ?? sequence);
    const { priority } = this.o;
    return { rank: priority === 'play' && distance > 0 ? 'ahead' : priority, distance };
  }

  /** For one more like the last: with it and what is at the reader's, the limit holds; two are promised whatever it is. */
  #hasRoom(): boolean {
    const last = this.#queue.at(-1);
    if (last === undefined || this.#queue.length < FIRST_WINDOW_PIECES) return true;
    if (this.#queue.length >= this.#windowPieces) return false;
    const held = this.#current?.bytes.length ?? 0;
    const promised = this.#queue.reduce((sum, { estimatedBytes }) => sum + estimatedBytes, held);
    return promised + last.estimatedBytes <= this.o.windowLimit();
  }

  /** The slice is read to its end: what was promised of it beyond that was promised in vain. */
  #dropRestOf(slice: PlacedSlice): void {
    while (this.#queue[0]?.slice === slice) release(this.#queue.shift()!);
  }

  /** Nothing promised holds any more; planning starts anew at the reader's position. */
  #flush(): void {
    this.#life.abort(new CorruptDataError('The layout of this file is another than was assumed.'));
    this.#life = newLife();
    if (this.o.signal.aborted) this.#life.abort(this.o.signal.reason);
    for (const piece of this.#queue) release(piece);
    this.#queue = [];
    this.#plan = null;
    this.#planError = null;
    this.#planning = null;
  }

  #letGo(): void {
    this.#current?.release();
    this.#current = null;
  }
}

/** Each promised segment listens to it: as many as the window holds, and no leak. */
function newLife(): AbortController {
  const life = new AbortController();
  setMaxListeners(0, life.signal);
  return life;
}

function release(piece: Piece): void {
  piece.article.then(
    (held) => held.release(),
    () => undefined,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof UnplayableError && error.code === 'ARTICLE_MISSING';
}

/** What the articles say of themselves does not make a file: as good as missing. */
function unreadable(message: string): UnplayableError {
  return new UnplayableError(message, 'ARTICLE_MISSING');
}
