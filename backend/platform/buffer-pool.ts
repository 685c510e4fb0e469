// Buffers used again and again, so that a stream does not fault in new memory for every chunk of it, in memory that is the
// system's again the moment the pool lets go of it.
//
// An ordinary buffer that is dropped stays until V8 collects, which at rest is minutes, and then until glibc gives its pages
// back, which may be never: what it once had to free it serves from its heap from then on. (Measured after fifty players had
// left: 230 MB for a minute, 210 after it.) A resizable buffer lies in pages of its own, of which only those written to take
// memory, and resizing it to nothing returns them at once. Its price: JavaScript that goes over it byte for byte takes nearly
// twice as long; system calls and addons do not notice. Rejected: a collection at rest, which stops everybody and helps only
// the first half; glibc's settings, which must be in the environment before the process begins.

import type { Clock, Timer } from './clock.js';

export interface BufferPoolOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** Of the buffers that are kept. */
  readonly sizeBytes: number;
  /** Free buffers kept at most; further ones are dropped. */
  readonly maxFree: number;
  /** What was not needed for so long is dropped. Default 1 s: that is soon enough for whoever looks at memory at rest. */
  readonly idleMs?: number;
}

/** ES2024, in Node since 20; TypeScript's library has it only together with what Node 20 has not. */
interface PagedBuffer extends ArrayBuffer {
  readonly resizable: boolean;
  resize(byteLength: number): void;
}
type PagedBufferConstructor = new (byteLength: number, options: { readonly maxByteLength: number }) => PagedBuffer;

/** Smaller ones are ordinary: a mapping of its own for each would be many, and a process may have some ten thousand. */
const MIN_PAGED_BYTES = 128 * 1024;

/** Keeps up to `maxFree` free buffers while they are in use, none at rest. */
export class BufferPool {
  readonly #free: Uint8Array[] = [];
  /** What is taken: nothing comes back twice, and nothing that was never taken. */
  readonly #taken = new WeakSet<ArrayBufferLike>();
  /** How few were free at once since the last look: so many were not needed. */
  #leastFree = 0;
  #timer: Timer | null = null;
  #isClosed = false;

  constructor(private readonly options: BufferPoolOptions) {}

  /** Room of the buffers that nobody uses. */
  get freeBytes(): number {
    return this.#free.length * this.options.sizeBytes;
  }

  /** A buffer of the pool's size; where more is asked for, one of that size, which will not be kept. What it holds is arbitrary. */
  take(sizeBytes: number): Uint8Array {
    const isLarge = sizeBytes > this.options.sizeBytes;
    const buffer = isLarge ? allocate(sizeBytes) : (this.#free.pop() ?? allocate(this.options.sizeBytes));
    this.#taken.add(buffer.buffer);
    this.#leastFree = Math.min(this.#leastFree, this.#free.length);
    return buffer;
  }

  /**
   * Once for each that was taken, itself or a view of it, when neither the caller nor the system uses it any more: every view
   * of it may have other bytes from here on, or none. What is not taken is left alone.
   */
  give(view: Uint8Array): void {
    const { buffer } = view;
    if (!this.#taken.delete(buffer)) return;
    const { maxFree, sizeBytes } = this.options;
    if (buffer.byteLength !== sizeBytes || this.#free.length >= maxFree || this.#isClosed) return release(buffer);
    this.#free.push(view.length === sizeBytes ? view : new Uint8Array(buffer, 0, sizeBytes));
    this.#timer ??= this.#lookLater();
  }

  /** Keeps nothing from here on; what is taken stays valid until it is given. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    for (const { buffer } of this.#free.splice(0)) release(buffer);
  }

  #shrink(): void {
    for (const { buffer } of this.#free.splice(0, this.#leastFree)) release(buffer);
    this.#leastFree = this.#free.length;
    this.#timer = this.#free.length > 0 ? this.#lookLater() : null;
  }

  #lookLater(): Timer {
    return this.options.clock.after(this.options.idleMs ?? 1000, () => this.#shrink());
  }
}

/** No Buffer: its `slice` is a view where every other array's is a copy, and a view of what is used again is only lent. */
function allocate(sizeBytes: number): Uint8Array {
  if (sizeBytes < MIN_PAGED_BYTES) return new Uint8Array(sizeBytes);
  const buffer = new (ArrayBuffer as unknown as PagedBufferConstructor)(sizeBytes, { maxByteLength: sizeBytes });
  // A view of fixed length: once the buffer is resized it has no bytes, so nobody can see what is not theirs.
  return new Uint8Array(buffer, 0, sizeBytes);
}

/** What is not paged is left to the collector. */
function release(buffer: ArrayBufferLike): void {
  if ((buffer as PagedBuffer).resizable) (buffer as PagedBuffer).resize(0);
}
