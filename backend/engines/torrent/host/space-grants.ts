// Room in the cache that the worker was granted and has not filled with pieces yet. Reserved here, counted here, taken back
// when the worker dies.

import type { Clock } from '../../../platform/index.js';
import type { DiskCache } from '../../../storage/index.js';

export interface SpaceGrantsOptions {
  readonly cache: Pick<DiskCache, 'reserve' | 'release'>;
  readonly clock: Pick<Clock, 'after'>;
  /** Tells the worker; 0 lets it ask again. */
  readonly grant: (bytes: number) => void;
  /** There can be no room. */
  readonly refused: (error: Error) => void;
}

const RETRY_MS = 5000;

export class SpaceGrants {
  private granted = 0;
  /** Ends with the worker that asked. */
  private life = new AbortController();

  constructor(private readonly options: SpaceGrantsOptions) {}

  /** The worker asks for room; answered when it is there. */
  async need(bytes: number): Promise<void> {
    const { cache, clock, grant, refused } = this.options;
    const { signal } = this.life;
    try {
      await cache.reserve(bytes, { signal });
    } catch (error) {
      if (signal.aborted) return;
      refused(error as Error);
      clock.after(RETRY_MS, () => {
        if (!signal.aborted) grant(0);
      });
      return;
    }
    if (signal.aborted) return cache.release(bytes);
    this.granted += bytes;
    grant(bytes);
  }

  /** Granted room was filled with pieces, which count for themselves. */
  filled(bytes: number): void {
    this.granted = Math.max(0, this.granted - bytes);
  }

  /** The worker gives room back. */
  returned(bytes: number): void {
    this.filled(bytes);
    this.options.cache.release(bytes);
  }

  /** The worker is gone, and with it what it was granted and did not fill. */
  lost(): void {
    this.life.abort();
    this.life = new AbortController();
    const { granted } = this;
    this.granted = 0;
    this.options.cache.release(granted);
  }

  close(): void {
    this.life.abort();
  }
}
