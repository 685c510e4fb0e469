// The one hard limit on disposable bytes, shared by all engines: room is reserved here before anything is written. Knows
// extents only as things that can be evicted, never what is in them.

import { StorageFullError } from '../content/index.js';

/** How little an extent is missed: an idle one goes first, one ahead of a reader last. */
export type EvictionRank = 'idle' | 'behind' | 'ahead';

/** Something on disk that may go now. What is being read, or is about to be, is never offered. */
export interface Evictable {
  readonly rank: EvictionRank;
  /** Epoch ms of its last use; earlier goes first within a rank. */
  readonly usedAt: number;
  /** Removes it and resolves with the bytes that were freed (0 when it is gone or in use again). */
  evict(): Promise<number>;
}

/** An engine's share of the cache. */
export interface CacheTenant {
  /** Everything that may go now, in any order. Called only when room is short. */
  evictable(): readonly Evictable[];
}

export interface DiskCacheOptions {
  readonly maxBytes: number;
  /** Reservations that wait at most; further ones are refused with `STORAGE_FULL`. Default 1,000. */
  readonly maxWaiting?: number;
}

interface Reservation {
  readonly bytes: number;
  readonly resolve: () => void;
}

const RANKS: readonly EvictionRank[] = ['idle', 'behind', 'ahead'];

/** Bytes on disk plus bytes promised never pass `maxBytes`, except what a lowered limit found at start. */
export class DiskCache {
  private readonly tenants: CacheTenant[] = [];
  private readonly waiting: Reservation[] = [];
  private used = 0;
  private isEvicting = false;
  /** Something was let go while an eviction was under way: what it saw is out of date. */
  private isOutdated = false;

  constructor(private readonly options: DiskCacheOptions) {}

  get maxBytes(): number {
    return this.options.maxBytes;
  }

  get usedBytes(): number {
    return this.used;
  }

  addTenant(tenant: CacheTenant): void {
    this.tenants.push(tenant);
  }

  /** Counts bytes that are on disk already. */
  count(bytes: number): void {
    this.used += bytes;
    this.settle();
  }

  /** Bytes were removed, or reserved in vain. */
  release(bytes: number): void {
    this.used = Math.max(0, this.used - bytes);
    this.settle();
  }

  /** Something may be evictable that was not: a reader moved on or left. */
  reconsider(): void {
    this.isOutdated = true;
    if (this.waiting.length > 0) this.settle();
  }

  /**
   * Resolves when `bytes` may be written, in the order of asking. Waits while everything on disk is being read.
   * @throws {StorageFullError} when `bytes` is more than the whole cache, or too many wait already
   */
  async reserve(bytes: number, options: { readonly signal: AbortSignal }): Promise<void> {
    const { signal } = options;
    signal.throwIfAborted();
    if (bytes > this.options.maxBytes) throw new StorageFullError('The cache is smaller than one piece of this file.');
    if (this.waiting.length >= (this.options.maxWaiting ?? 1000)) throw new StorageFullError('The cache is full.');
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        this.waiting.splice(this.waiting.indexOf(reservation), 1);
        reject(signal.reason as Error);
        this.settle();
      };
      const reservation: Reservation = {
        bytes,
        resolve: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiting.push(reservation);
      this.settle();
    });
  }

  private settle(): void {
    for (let first = this.waiting[0]; first !== undefined && this.fits(first.bytes); first = this.waiting[0]) {
      this.waiting.shift();
      this.used += first.bytes;
      first.resolve();
    }
    if (this.shortage() > 0 && !this.isEvicting) void this.evict();
  }

  private fits(bytes: number): boolean {
    return this.used + bytes <= this.options.maxBytes;
  }

  private shortage(): number {
    return this.used + (this.waiting[0]?.bytes ?? 0) - this.options.maxBytes;
  }

  /** Evicts until the first waiting reservation fits, or nothing more may go. */
  private async evict(): Promise<void> {
    this.isEvicting = true;
    let hasFreed = true;
    while ((hasFreed || this.isOutdated) && this.shortage() > 0) {
      hasFreed = false;
      this.isOutdated = false;
      for (const candidate of this.candidates()) {
        if (this.shortage() <= 0) break;
        // What cannot be removed stays counted; its tenant offers it again next time.
        const freed = await candidate.evict().catch(() => 0);
        this.used = Math.max(0, this.used - freed);
        hasFreed ||= freed > 0;
      }
    }
    this.isEvicting = false;
    if (this.shortage() <= 0 && this.waiting.length > 0) this.settle();
  }

  private candidates(): Evictable[] {
    return this.tenants
      .flatMap((tenant) => tenant.evictable())
      .sort((a, b) => RANKS.indexOf(a.rank) - RANKS.indexOf(b.rank) || a.usedAt - b.usedAt);
  }
}
