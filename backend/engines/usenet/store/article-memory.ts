// Decoded articles in memory: held by whoever uses them, kept a little while for the next one who does. Knows neither disk
// nor network.

import type { ContentId } from '../../../content/index.js';
import type { Clock, Timer } from '../../../platform/index.js';
import type { ArticlePart, DecodedArticle, SlotPool } from '../article.js';

/** An article somebody uses. Its bytes are valid, and must not be changed, until `release`. */
export interface HeldArticle {
  readonly bytes: Uint8Array;
  readonly part: ArticlePart;
  /** Idempotent. */
  release(): void;
}

/** A hold that can be handed on. */
export interface ArticleHold extends HeldArticle {
  readonly article: DecodedArticle;
  /** Another hold of the same article; only while this one is not released. */
  share(): ArticleHold;
}

export interface ArticleMemoryOptions {
  readonly slots: SlotPool;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** Slots held and kept. When full, what nobody holds goes, the longest unused first; what is held may pass it. */
  readonly maxBytes: number;
  /** Somebody let go of an article. */
  readonly released: () => void;
}

interface Entry {
  readonly key: string;
  readonly contentId: ContentId;
  readonly article: DecodedArticle;
  holders: number;
  /** No longer to be found: goes with its last holder. */
  isDetached: boolean;
  releasedAt: number;
}

/** How long an article that nobody holds is kept. */
const KEEP_MS = 5000;

export class ArticleMemory {
  readonly #entries = new Map<string, Entry>();
  /** Those nobody holds, the longest unused first. */
  readonly #kept = new Set<Entry>();
  #bytes = 0;
  #timer: Timer | null = null;
  #isClosed = false;

  constructor(private readonly options: ArticleMemoryOptions) {}

  /** Memory taken by slots, held and kept. */
  get bytes(): number {
    return this.#bytes;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** True while somebody uses it. */
  isHeld(key: string): boolean {
    return (this.#entries.get(key)?.holders ?? 0) > 0;
  }

  /** Null when it is not here. */
  hold(key: string): ArticleHold | null {
    const entry = this.#entries.get(key);
    return entry === undefined ? null : this.#holdOf(entry);
  }

  /** Takes the article over, slot and all; where one of this key is here, that is held instead. */
  add(key: string, contentId: ContentId, article: DecodedArticle): ArticleHold {
    const known = this.hold(key);
    if (known !== null) {
      this.options.slots.give(article.slot);
      return known;
    }
    const entry: Entry = { key, contentId, article, holders: 0, isDetached: this.#isClosed, releasedAt: 0 };
    if (!entry.isDetached) this.#entries.set(key, entry);
    this.#bytes += article.slot.length;
    const hold = this.#holdOf(entry);
    this.#trim();
    return hold;
  }

  /** It is not to be found any more; who holds it keeps it. */
  drop(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#detach(entry);
  }

  forget(contentId: ContentId): void {
    for (const entry of this.#entries.values()) if (entry.contentId === contentId) this.#detach(entry);
  }

  /** Gives back what nobody holds; the rest follows as it is released. */
  close(): void {
    this.#isClosed = true;
    for (const entry of this.#entries.values()) this.#detach(entry);
    this.#timer?.cancel();
    this.#timer = null;
  }

  #holdOf(entry: Entry): ArticleHold {
    entry.holders += 1;
    this.#kept.delete(entry);
    let isReleased = false;
    return {
      bytes: entry.article.bytes,
      part: entry.article.part,
      article: entry.article,
      share: () => this.#holdOf(entry),
      release: () => {
        if (isReleased) return;
        isReleased = true;
        this.#release(entry);
      },
    };
  }

  #release(entry: Entry): void {
    entry.holders -= 1;
    if (entry.holders > 0) return;
    if (entry.isDetached) {
      this.#giveBack(entry);
    } else {
      entry.releasedAt = this.options.clock.now();
      this.#kept.add(entry);
      this.#trim();
      this.#timer ??= this.options.clock.after(KEEP_MS, () => this.#sweep());
    }
    this.options.released();
  }

  #trim(): void {
    for (const entry of this.#kept) {
      if (this.#bytes <= this.options.maxBytes) return;
      this.#detach(entry);
    }
  }

  #sweep(): void {
    this.#timer = null;
    const now = this.options.clock.now();
    for (const entry of this.#kept) {
      const restMs = entry.releasedAt + KEEP_MS - now;
      // A clock set back would keep it for good: no rest is longer than the whole.
      if (restMs > 0 && restMs <= KEEP_MS) {
        this.#timer = this.options.clock.after(restMs, () => this.#sweep());
        return;
      }
      this.#detach(entry);
    }
  }

  #detach(entry: Entry): void {
    this.#entries.delete(entry.key);
    entry.isDetached = true;
    if (entry.holders === 0) this.#giveBack(entry);
  }

  #giveBack(entry: Entry): void {
    this.#kept.delete(entry);
    this.#bytes -= entry.article.slot.length;
    this.options.slots.give(entry.article.slot);
  }
}
