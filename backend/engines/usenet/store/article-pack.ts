// One file of up to sixteen articles: each is appended by one write, read by one read and checked then. It goes as a whole.

import { read, readv, stat, unlink, writev } from 'node:fs';
import { promisify } from 'node:util';
import type { DecodedArticle, SlotPool } from '../article.js';
import type { PackRecord } from './article-record.js';
import { BLOCK_BYTES, blocksOf, formatRecordTail, MAX_RECORDS, parseTrailer } from './article-record.js';
import { roomOf, TRAILER_BYTES } from './article-record.js';
import type { PackFiles } from './pack-files.js';

const statFile = promisify(stat);
const readBytes = promisify(read);
const readParts = promisify(readv);
const writeParts = promisify(writev);
const unlinkFile = promisify(unlink);

/** A larger one is alone in its pack. */
const MAX_PACK_BYTES = 16 * 1024 * 1024;
/** How far back from its end a pack is searched for a whole record, in blocks: three half-written articles of 1 MiB. */
const MAX_SEARCHED = 1024;

/** Where an article lies. */
interface Place {
  readonly at: number;
  readonly sizeBytes: number;
}

/** How articles are read: the buffer's owner is whoever gets the article. */
export interface ReadOptions {
  readonly slots: SlotPool;
  readonly crc32: (bytes: Uint8Array) => number;
}

export class ArticlePack {
  readonly #records: PackRecord[] = [];
  readonly #places = new Map<string, Place>();
  readonly #unused = new Set<string>();
  #bytes = 0;
  #isSealed = false;
  #operations = 0;

  /** `path` need not exist: the first write makes it. */
  constructor(
    readonly number: number,
    private readonly path: string,
    private readonly files: PackFiles,
    public usedAt: number,
  ) {}

  /** Room that it takes, or is about to. */
  get bytes(): number {
    return this.#bytes;
  }

  /** True while something is read from it or written to it: it must not be removed. */
  get isBusy(): boolean {
    return this.#operations > 0;
  }

  /** True when it has articles that were not used since it was listed. */
  get hasUnused(): boolean {
    return this.#unused.size > 0;
  }

  /** Keys of what can be read from it. */
  keys(): IterableIterator<string> {
    return this.#places.keys();
  }

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  /** What was found to be no good: the room stays taken. */
  drop(key: string): void {
    this.#places.delete(key);
    this.#unused.delete(key);
  }

  use(key: string, now: number): void {
    this.#unused.delete(key);
    this.usedAt = now;
  }

  /**
   * Learns what it holds; what is written after this goes elsewhere. True when that is nothing of ours.
   * @throws the system's error when it cannot be found out
   */
  async list(): Promise<boolean> {
    this.#isSealed = true;
    this.#bytes = await roomOfPack(this.path);
    await this.files.use(this.path, (file) => this.#list(file), { isMade: false }).finally(() => this.close());
    return this.isEmpty;
  }

  /** True when one more article of this size may be appended. */
  takes(sizeBytes: number, maxRecords: number): boolean {
    const isFull = this.#records.length >= Math.min(maxRecords, MAX_RECORDS);
    return !this.#isSealed && !isFull && (this.#bytes === 0 || this.#bytes + roomOf(sizeBytes) <= MAX_PACK_BYTES);
  }

  /**
   * Appends an article; several may be on their way at once. Its room counts from here on, whatever comes of it. False, and
   * nothing counts, when the article has no form on disk.
   * @throws the system's error, `ENOSPC` among them; nothing more is appended to this pack then
   */
  async write(key: string, { bytes, crc32, part }: DecodedArticle): Promise<boolean> {
    const place = { at: this.#bytes, sizeBytes: bytes.length };
    const record = { key, sizeBytes: bytes.length };
    const tail = formatRecordTail({ crc32, part, records: [...this.#records, record] });
    if (tail === null) return false;
    this.#records.push(record);
    this.#bytes += roomOf(bytes.length);
    this.#operations += 1;
    try {
      await this.files.use(this.path, (file) => writeWhole(file, [bytes, tail], place.at), { isMade: true });
      this.#places.set(key, place);
      return true;
    } catch (error) {
      this.#isSealed = true;
      throw error;
    } finally {
      this.#operations -= 1;
    }
  }

  /** Null when it is not what it was. @throws the system's error when that cannot be found out */
  async read(key: string, options: ReadOptions): Promise<DecodedArticle | null> {
    const place = this.#places.get(key);
    if (place === undefined) return null;
    this.#operations += 1;
    try {
      return await this.files.use(this.path, (file) => readRecord(file, key, place, options), { isMade: false });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    } finally {
      this.#operations -= 1;
    }
  }

  /** Only when it is not busy. False when it is still there. */
  async remove(): Promise<boolean> {
    await this.close();
    return removePack(this.path);
  }

  /** Nothing stays open. */
  close(): Promise<void> {
    return this.files.close(this.path);
  }

  /** A whole record at the end tells all; what a killed run left half-written behind it is passed over. */
  async #list(file: number): Promise<void> {
    const trailer = Buffer.alloc(TRAILER_BYTES);
    for (let end = this.#bytes, tries = 0; end > 0 && tries < MAX_SEARCHED; end -= BLOCK_BYTES, tries += 1) {
      const { bytesRead } = await readBytes(file, trailer, 0, TRAILER_BYTES, end - TRAILER_BYTES);
      const records = bytesRead === TRAILER_BYTES ? parseTrailer(trailer)?.records : null;
      const room = records?.reduce((sum, { sizeBytes }) => sum + roomOf(sizeBytes), 0);
      if (records != null && room === end) return this.#learn(records);
    }
  }

  #learn(records: readonly PackRecord[]): void {
    let at = 0;
    for (const { key, sizeBytes } of records) {
      this.#places.set(key, { at, sizeBytes });
      this.#unused.add(key);
      at += roomOf(sizeBytes);
    }
  }
}

/** Room that a pack takes on disk, 0 when it is not there. */
export function roomOfPack(path: string): Promise<number> {
  return statFile(path).then(
    ({ size }) => blocksOf(size),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 0;
      throw error;
    },
  );
}

/** False when it is still there. */
export function removePack(path: string): Promise<boolean> {
  return unlinkFile(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
}

async function readRecord(
  file: number,
  key: string,
  { at, sizeBytes }: Place,
  { slots, crc32 }: ReadOptions,
): Promise<DecodedArticle | null> {
  const slot = slots.take(sizeBytes);
  let isSound = false;
  try {
    const bytes = slot.subarray(0, sizeBytes);
    const tail = Buffer.allocUnsafe(roomOf(sizeBytes) - sizeBytes);
    const isWhole = await readWhole(file, [bytes, tail], at);
    const said = isWhole ? parseTrailer(tail.subarray(tail.length - TRAILER_BYTES)) : null;
    if (said?.records.at(-1)?.key !== key || crc32(bytes) !== said.crc32) return null;
    isSound = true;
    return { slot, bytes, crc32: said.crc32, part: said.part };
  } finally {
    if (!isSound) slots.give(slot);
  }
}

async function writeWhole(file: number, parts: readonly Uint8Array[], at: number): Promise<void> {
  for (let rest = parts, position = at; rest.length > 0;) {
    const { bytesWritten } = await writeParts(file, rest, position);
    rest = after(rest, bytesWritten);
    position += bytesWritten;
  }
}

/** False when the file ends before the parts are full. */
async function readWhole(file: number, parts: readonly Uint8Array[], at: number): Promise<boolean> {
  for (let rest = parts, position = at; rest.length > 0;) {
    const { bytesRead } = await readParts(file, rest, position);
    if (bytesRead === 0) return false;
    rest = after(rest, bytesRead);
    position += bytesRead;
  }
  return true;
}

/** What of `parts` remains after so many bytes. */
function after(parts: readonly Uint8Array[], done: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let passed = 0;
  for (const part of parts) {
    const skip = Math.min(part.length, done - passed);
    passed += skip;
    if (skip < part.length) rest.push(part.subarray(skip));
  }
  return rest;
}
