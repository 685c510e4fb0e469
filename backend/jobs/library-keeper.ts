// Keeps the library from growing for ever: what nobody used for so long goes, favourites never, and nothing that is being read
// or prepared. A look every few minutes, at most 100 items in each, one after another. Knows neither SQL nor bytes.

import type { ContentId } from '../content/index.js';
import type { Clock, Logger, Timer } from '../platform/index.js';

/** An item that may go. */
export interface UnusedItem {
  readonly id: number;
  readonly contentId: ContentId;
  readonly name: string;
}

export interface LibraryKeeperOptions {
  /** How long an item stays that nobody uses; 0: for ever. */
  readonly ttlMs: number;
  /** Least recently used first: no favourites, nothing that waits. `before` is epoch ms. */
  readonly unusedSince: (before: number, options: { readonly limit: number }) => readonly UnusedItem[];
  /** Asked again for each before it goes. */
  readonly isUnused: (id: number, before: number) => boolean;
  readonly isInUse: (contentId: ContentId) => boolean;
  readonly remove: (id: number) => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Logger;
}

const MAX_AT_ONCE = 100;
const MIN_LOOK_MS = 1_000;
const MAX_LOOK_MS = 600_000;

/** Works from `start` until `close`. */
export class LibraryKeeper {
  readonly #options: LibraryKeeperOptions;
  #timer: Timer | null = null;
  #running: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: LibraryKeeperOptions) {
    this.#options = options;
  }

  /** Begins with a look. Does nothing where everything stays for ever. Once. */
  start(): void {
    const { clock, ttlMs } = this.#options;
    if (ttlMs === 0) return;
    const everyMs = Math.min(MAX_LOOK_MS, Math.max(MIN_LOOK_MS, ttlMs / 4));
    this.#timer = clock.every(everyMs, () => this.#look());
    this.#look();
  }

  /** Finishes the item that is on its way out. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#running;
  }

  #look(): void {
    this.#running ??= this.#removeUnused()
      .catch((err: unknown) => this.#options.log.warn({ err }, 'What nobody uses could not be looked for'))
      .finally(() => (this.#running = null));
  }

  async #removeUnused(): Promise<void> {
    const { clock, ttlMs, unusedSince } = this.#options;
    const before = clock.now() - ttlMs;
    for (const item of unusedSince(before, { limit: MAX_AT_ONCE })) {
      if (this.#isClosed) return;
      await this.#remove(item, before);
    }
  }

  async #remove({ id, contentId, name }: UnusedItem, before: number): Promise<void> {
    const { isInUse, isUnused, log, remove } = this.#options;
    if (isInUse(contentId) || !isUnused(id, before)) return;
    try {
      await remove(id);
      log.info({ item: id, name }, 'Nobody used it for long: it was removed from the library');
    } catch (err) {
      log.warn({ err, item: id }, 'What nobody uses could not be removed');
    }
  }
}
