// A provider's counters and meters, and what they add up to for people. Knows no connection.

import type { HeadstartError } from '../../../content/index.js';
import { RateMeter } from '../../../platform/index.js';
import { LatencyMeter } from './latency.js';
import type { ProviderFailure } from './provider-status.js';

export class ProviderNumbers {
  readonly latency = new LatencyMeter();
  readonly rate = new RateMeter(0);
  articles = 0;
  bytes = 0;
  misses = 0;
  errors = 0;
  /** Of one connection while it delivers, smoothed; null until an article came. */
  bytesPerConnectionMs: number | null = null;
  /** What a dial took last, until logged in. */
  dialMs = 100;
  #receivedAt = -Infinity;
  #lastError: ProviderFailure | null = null;

  get lastError(): ProviderFailure | null {
    return this.#lastError;
  }

  delivered(bytes: number, tookMs: number): void {
    this.articles += 1;
    this.latency.add(tookMs);
    const rate = bytes / Math.max(1, tookMs);
    this.bytesPerConnectionMs =
      this.bytesPerConnectionMs === null ? rate : this.bytesPerConnectionMs * 0.9 + rate * 0.1;
  }

  /** Not a byte came in the last `ms`. */
  isSilentFor(ms: number, now: number): boolean {
    return now - this.#receivedAt >= ms;
  }

  received(bytes: number, now: number): void {
    if (bytes > 0) this.#receivedAt = now;
    this.bytes += bytes;
    this.rate.add(bytes, now);
  }

  failed({ code, message }: HeadstartError, at: number): void {
    this.errors += 1;
    this.#lastError = { code, message, at };
  }
}
