// The buffers articles are decoded into, used again and again so that a download does not fault in new memory for each one.

import type { Clock, Timer } from '../../platform/index.js';
import type { SlotPool } from './article.js';

export interface SlotBuffersOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** Size of the buffers that are kept; larger ones are allocated and dropped. Default 1 MiB: nearly all posts fit. */
  readonly slotBytes?: number;
  /** Free buffers kept at most; further ones are dropped. Default 64: as many as are under way at once, so that none becomes garbage. */
  readonly maxFree?: number;
  /** What was not needed for so long is dropped. Default 5 s. */
  readonly idleMs?: number;
}

/** Keeps up to `maxFree` free slots while they are in use, none at rest. */
export class SlotBuffers implements SlotPool {
  readonly #free: Uint8Array[] = [];
  /** How few were free at once since the last look: so many were not needed. */
  #leastFree = 0;
  #timer: Timer | null = null;

  constructor(private readonly options: SlotBuffersOptions) {}

  /** Memory held by slots that nobody uses. */
  get freeBytes(): number {
    return this.#free.length * this.#slotBytes;
  }

  take(sizeBytes: number): Uint8Array {
    if (sizeBytes > this.#slotBytes) return allocate(sizeBytes);
    const slot = this.#free.pop() ?? allocate(this.#slotBytes);
    this.#leastFree = Math.min(this.#leastFree, this.#free.length);
    return slot;
  }

  give(slot: Uint8Array): void {
    if (slot.length !== this.#slotBytes || this.#free.length >= (this.options.maxFree ?? 64)) return;
    this.#free.push(slot);
    this.#timer ??= this.options.clock.after(this.options.idleMs ?? 5000, () => this.#shrink());
  }

  get #slotBytes(): number {
    return this.options.slotBytes ?? 1024 * 1024;
  }

  #shrink(): void {
    this.#timer = null;
    this.#free.splice(0, this.#leastFree);
    this.#leastFree = this.#free.length;
    if (this.#free.length > 0) {
      this.#timer = this.options.clock.after(this.options.idleMs ?? 5000, () => this.#shrink());
    }
  }
}

/** No Buffer: its `slice` is a view where every other array's is a copy, and a view of a slot is only lent. */
function allocate(sizeBytes: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(sizeBytes).buffer);
}
