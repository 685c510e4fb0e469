// Short reads of one volume, as header walking needs them: each asks for a little more than is wanted, and what is at
// hand is not read again.

import type { RandomAccessFile, ReadOptions } from '../archive.js';
import { readBytes } from '../read-bytes.js';
import { corruptArchive } from './corrupt-archive.js';

/** The first read: all headers of most volumes lie in it. */
const FIRST_READ_BYTES = 16 * 1024;
const NEXT_READ_BYTES = 4 * 1024;
/** Headers of more than this in one volume are none. */
const MAX_READ_BYTES = 64 * 1024 * 1024;
/** A size may be an estimate that is 3 % too large: closer to the end it is measured first. */
const SURE_SHARE = 0.96;

/** One stretch of `file` in memory, at most as long as the longest header asked for. */
export class VolumeWindow {
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #readBytes = 0;

  constructor(
    private readonly file: RandomAccessFile,
    private readonly options: ReadOptions,
  ) {}

  /** A view of `count` bytes from `offset`, fewer where the file ends. @throws what reading throws; `ARCHIVE_CORRUPT` past the bound */
  async read(offset: number, count: number): Promise<Uint8Array> {
    if (offset < this.#start || offset + count > this.#start + this.#bytes.length) await this.#move(offset, count);
    const from = offset - this.#start;
    return this.#bytes.subarray(from, from + count);
  }

  async #move(offset: number, count: number): Promise<void> {
    const length = Math.max(count, offset === 0 ? FIRST_READ_BYTES : NEXT_READ_BYTES);
    const isNearEnd = offset + length > this.file.sizeBytes * SURE_SHARE;
    const sizeBytes = isNearEnd ? await this.file.measure(this.options) : this.file.sizeBytes;
    const end = Math.min(sizeBytes, offset + length);
    this.#readBytes += Math.max(0, end - offset);
    if (this.#readBytes > MAX_READ_BYTES) throw corruptArchive('its headers do not end');
    this.#bytes = end > offset ? await readBytes(this.file, { start: offset, end }, this.options) : new Uint8Array(0);
    this.#start = offset;
  }
}
