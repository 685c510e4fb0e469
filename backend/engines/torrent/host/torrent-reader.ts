// Reads one range of a torrent file for one response: publishes where it is and how far ahead it wants, waits for the
// piece under it, and hands out verified bytes from the extents.

import type { ByteRange } from '../../../content/index.js';
import type { BufferPool } from '../../../platform/index.js';
import { windowBytes } from '../demand/window.js';
import type { DemandKind } from '../protocol.js';
import type { TorrentDisk } from './torrent-disk.js';
import type { TorrentEntry } from './torrent-entry.js';

/** A reader holds two buffers of this size: one at its consumer, one being filled. Measured: twice as large is no faster. */
export const READ_BYTES = 512 * 1024;
const FIRST_READ_BYTES = 64 * 1024;
const MAX_READ_TRIES = 3;

export interface ReaderOptions {
  readonly entry: TorrentEntry;
  readonly disk: TorrentDisk;
  /** Bytes of the torrent to read. */
  readonly range: ByteRange;
  readonly kind: DemandKind;
  readonly signal: AbortSignal;
  readonly buffers: BufferPool;
  /** Most bytes this reader may want ahead of itself right now. */
  readonly windowLimit: () => number;
}

/** Yields the range in chunks of at most `READ_BYTES`; a chunk is the consumer's until it asks for the next. */
export async function* readTorrent(options: ReaderOptions): AsyncGenerator<Uint8Array, void, undefined> {
  const { range, buffers } = options;
  if (range.end <= range.start) return;
  const ended = new AbortController();
  const reader = new RangeReader(options, AbortSignal.any([options.signal, ended.signal]));
  const pair = [buffers.take(READ_BYTES), buffers.take(READ_BYTES)] as const;
  let turn = 0;
  let next: Promise<Uint8Array | null> = reader.read(pair[0]);
  try {
    for (let chunk = await next; chunk !== null; chunk = await next) {
      turn = 1 - turn;
      next = reader.read(pair[turn]!);
      next.catch(() => undefined);
      yield chunk;
    }
  } finally {
    ended.abort(new Error('the reader has left'));
    reader.close();
    void next
      .catch(() => undefined)
      .then(() => {
        for (const buffer of pair) buffers.give(buffer);
      });
  }
}

class RangeReader {
  private position: number;
  private readBytes = FIRST_READ_BYTES;
  private readonly demand;

  constructor(
    private readonly options: ReaderOptions,
    private readonly signal: AbortSignal,
  ) {
    this.position = options.range.start;
    this.demand = options.entry.demands.add(options.kind, this.position, this.windowEnd());
  }

  /** Fills `buffer` with the next bytes; null at the end of the range. */
  async read(buffer: Uint8Array): Promise<Uint8Array | null> {
    const { disk, entry, range } = this.options;
    let failures = 0;
    for (;;) {
      if (this.position >= range.end) return null;
      this.signal.throwIfAborted();
      const limit = Math.min(this.readBytes, range.end - this.position);
      const length = disk.readableBytes(this.position, limit);
      if (length === 0) {
        await entry.waitFor(disk.geometry.pieceAt(this.position), this.signal);
        continue;
      }
      try {
        await disk.read(buffer, this.position, length);
      } catch (error) {
        // The extent went between the look and the read, or somebody cut or removed its file: it is fetched again.
        if (++failures >= MAX_READ_TRIES) throw error;
        if (disk.readableBytes(this.position, 1) > 0) await entry.dropDamaged(disk.geometry.pieceAt(this.position));
        continue;
      }
      this.advance(length);
      return buffer.subarray(0, length);
    }
  }

  close(): void {
    this.demand.close();
  }

  private advance(bytes: number): void {
    this.position += bytes;
    this.readBytes = Math.min(READ_BYTES, this.readBytes * 2);
    this.demand.move(this.position, this.windowEnd());
  }

  private windowEnd(): number {
    const { range, windowLimit } = this.options;
    const taken = this.position - range.start;
    return Math.min(range.end, this.position + windowBytes(taken, windowLimit()));
  }
}
