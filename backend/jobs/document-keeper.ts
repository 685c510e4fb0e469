// Keeps the NZBs of releases that came to nothing from staying for ever: those that failed, or were tried beside another and
// left. A week is time enough to try again; what an address leads to is fetched anew after that. A look every few hours, one
// document after another. Knows no files.

import type { ContentId } from '../content/index.js';
import type { Clock, Logger, Timer } from '../platform/index.js';

export interface DocumentKeeperOptions {
  /** Every document with the moment it came, epoch ms; in no order. */
  readonly list: () => AsyncIterable<{ readonly contentId: ContentId; readonly keptAt: number }>;
  /** An item, a content of the library, a preparation or a link of a list is made from it. */
  readonly isNeeded: (contentId: ContentId) => boolean;
  readonly remove: (contentId: ContentId) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

const KEPT_MS = 7 * 86400e3;
const LOOK_MS = 6 * 3600e3;

/** Works from `start` until `close`. */
export class DocumentKeeper {
  readonly #options: DocumentKeeperOptions;
  #timer: Timer | null = null;
  #running: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: DocumentKeeperOptions) {
    this.#options = options;
  }

  /** Begins with a look. Once. */
  start(): void {
    this.#timer = this.#options.clock.every(LOOK_MS, () => this.#look());
    this.#look();
  }

  /** Finishes the document it is at. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#running;
  }

  #look(): void {
    this.#running ??= this.#removeUnneeded()
      .catch((err: unknown) => this.#options.log.warn({ err }, 'NZBs that nothing is made from could not be removed'))
      .finally(() => (this.#running = null));
  }

  async #removeUnneeded(): Promise<void> {
    const { clock, isNeeded, list, log, remove } = this.#options;
    const before = clock.now() - KEPT_MS;
    let count = 0;
    for await (const { contentId, keptAt } of list()) {
      if (this.#isClosed) break;
      if (keptAt > before || isNeeded(contentId)) continue;
      await remove(contentId);
      count += 1;
    }
    if (count > 0) log.info({ count }, 'NZBs that nothing was made from were removed');
  }
}
