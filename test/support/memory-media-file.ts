// A MediaFile in memory that can be told to wait, to fail, to lie; it notes who opened it and who let go.

import { EventEmitter } from 'node:events';

import type { ByteRange, MediaFile, OpenOptions } from '../../backend/content/index.js';

/** What happens before the chunk at `position` is handed out: wait, or throw what the reader shall meet. */
export type BeforeChunk = (position: number, signal: AbortSignal) => Promise<void> | void;

export interface MemoryMediaFileOptions {
  readonly id?: string;
  readonly name?: string;
  readonly modifiedAt?: Date;
  /** Default 64 KiB. */
  readonly chunkBytes?: number;
  readonly beforeChunk?: BeforeChunk;
  /** Claimed instead of the true size. */
  readonly sizeBytes?: number;
}

/** Emits `opened`, `pulled` and `released` (with the reader), so that tests need not sleep. */
export class MemoryMediaFile extends EventEmitter implements MediaFile {
  readonly id: string;
  readonly name: string;
  readonly modifiedAt: Date;
  readonly readers: MemoryReader[] = [];
  protected claimedBytes: number;

  constructor(
    readonly bytes: Uint8Array,
    private readonly options: MemoryMediaFileOptions = {},
  ) {
    super();
    this.setMaxListeners(0);
    this.id = options.id ?? 'memory:1';
    this.name = options.name ?? 'film.mkv';
    this.claimedBytes = options.sizeBytes ?? bytes.length;
    this.modifiedAt = options.modifiedAt ?? new Date('2024-05-06T07:08:09.123Z');
  }

  get sizeBytes(): number {
    return this.claimedBytes;
  }

  open(range: ByteRange, { signal }: OpenOptions): AsyncIterable<Uint8Array> {
    const reader = new MemoryReader(this, range, signal, this.options);
    this.readers.push(reader);
    this.emit('opened', reader);
    return reader;
  }

  /** Readers that neither came to their end nor were let go. */
  get openReaders(): number {
    return this.readers.filter((reader) => reader.isOpen).length;
  }

  get pulledBytes(): number {
    return this.readers.reduce((sum, reader) => sum + reader.pulledBytes, 0);
  }
}

/** One read. Its one buffer is overwritten at each pull, so that whoever keeps a chunk is found out. */
export class MemoryReader implements AsyncIterableIterator<Uint8Array> {
  isOpen = true;
  isReturned = false;
  pulledBytes = 0;
  readonly #buffer: Uint8Array;

  constructor(
    private readonly file: MemoryMediaFile,
    readonly range: ByteRange,
    readonly signal: AbortSignal,
    private readonly options: MemoryMediaFileOptions,
  ) {
    this.#buffer = new Uint8Array(options.chunkBytes ?? 64 * 1024);
  }

  get position(): number {
    return this.range.start + this.pulledBytes;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.isOpen) return { done: true, value: undefined };
    try {
      this.signal.throwIfAborted();
      this.#buffer.fill(0xee);
      if (this.position < this.range.end) await this.options.beforeChunk?.(this.position, this.signal);
      this.signal.throwIfAborted();
    } catch (error) {
      this.#close();
      throw error;
    }
    return this.#read();
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.isReturned = true;
    this.#close();
    return { done: true, value: undefined };
  }

  #read(): IteratorResult<Uint8Array, undefined> {
    const end = Math.min(this.position + this.#buffer.length, this.range.end);
    const source = this.file.bytes.subarray(this.position, end);
    if (source.length === 0) {
      this.#close();
      return { done: true, value: undefined };
    }
    this.#buffer.set(source);
    this.pulledBytes += source.length;
    this.file.emit('pulled', this);
    return { done: false, value: this.#buffer.subarray(0, source.length) };
  }

  #close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.file.emit('released', this);
  }
}

/** Never resolves; rejects with the signal's reason. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
