// Puts fetched articles on disk in the background. Nobody waits for it: what finds no room or no time is left out.

import { ClosedError } from '../../../content/index.js';
import type { ContentId } from '../../../content/index.js';
import type { Clock, Logger } from '../../../platform/index.js';
import type { DiskCache } from '../../../storage/index.js';
import { roomOf } from './article-record.js';
import type { ArticleHold } from './article-memory.js';
import type { ContentFolder } from './content-folder.js';
import type { StoredContents } from './stored-contents.js';

export interface ArticleWriterOptions {
  readonly contents: Pick<StoredContents, 'use'>;
  readonly cache: Pick<DiskCache, 'reserve'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Articles that wait to be written. When full (of bytes, or of 128 articles), further ones are not written. Default 16 MiB. */
  readonly maxPendingBytes?: number;
}

interface Waiting {
  readonly key: string;
  readonly contentId: ContentId;
  readonly hold: ArticleHold;
  readonly controller: AbortController;
}

/** Three at once keep up with a fast line; of Node's four threads one is left to readers, however slow the disk. */
const MAX_WRITING = 3;
/** Each keeps a whole slot, however small it is. */
const MAX_QUEUED = 128;
/** So long an article waits for room: longer than an eviction takes, and not for a reader to leave. */
const ROOM_MS = 5000;
/** After a write failed, the disk is left alone so long. */
const REST_MS = 10_000;
const LOG_EVERY_MS = 60_000;
const DRAIN_MS = 5000;

export class ArticleWriter {
  readonly #queue: Waiting[] = [];
  readonly #writing = new Set<Waiting>();
  #pendingBytes = 0;
  #restUntilMs = 0;
  #logAfterMs = 0;
  #failures = 0;
  #isClosed = false;
  readonly #drained: (() => void)[] = [];

  constructor(private readonly options: ArticleWriterOptions) {}

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Takes the hold over: it is released when the article is written, or is not going to be. */
  offer(key: string, contentId: ContentId, hold: ArticleHold): void {
    const size = hold.bytes.length;
    const isFull =
      this.#pendingBytes + size > (this.options.maxPendingBytes ?? 16 * 1024 * 1024) ||
      this.#queue.length >= MAX_QUEUED;
    const isResting = this.options.clock.now() < this.#restUntilMs;
    if (isFull || isResting || this.#isClosed || this.#isPending(key, contentId)) return hold.release();
    this.#pendingBytes += size;
    this.#queue.push({ key, contentId, hold, controller: new AbortController() });
    this.#pump();
  }

  /** What waits of a content is not written; what is being written is not waited for. */
  forget(contentId: ContentId): void {
    for (const waiting of [...this.#queue, ...this.#writing]) {
      if (waiting.contentId === contentId) waiting.controller.abort(new ClosedError());
    }
  }

  /** Finishes what waits, within a limit. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#pendingBytes === 0) return;
    const drained = new Promise<void>((resolve) => this.#drained.push(resolve));
    const limit = this.options.clock.after(DRAIN_MS, () => {
      for (const waiting of [...this.#queue, ...this.#writing]) waiting.controller.abort(new ClosedError());
    });
    await drained;
    limit.cancel();
  }

  #isPending(key: string, contentId: ContentId): boolean {
    return [...this.#queue, ...this.#writing].some((one) => one.key === key && one.contentId === contentId);
  }

  #pump(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) void this.#run(next);
  }

  #next(): Waiting | undefined {
    return this.#writing.size < MAX_WRITING ? this.#queue.shift() : undefined;
  }

  async #run(waiting: Waiting): Promise<void> {
    this.#writing.add(waiting);
    const { contentId, controller, hold } = waiting;
    try {
      if (!controller.signal.aborted)
        await this.options.contents.use(contentId, (folder) => this.#write(waiting, folder));
    } catch (error) {
      if (!controller.signal.aborted) this.#noteFailure(error);
    }
    this.#writing.delete(waiting);
    this.#pendingBytes -= hold.bytes.length;
    hold.release();
    this.#pump();
    if (this.#pendingBytes === 0) for (const resolve of this.#drained.splice(0)) resolve();
  }

  async #write({ key, hold, controller }: Waiting, folder: ContentFolder): Promise<void> {
    const { cache, clock } = this.options;
    const { signal } = controller;
    if (folder.has(key)) return;
    const patience = clock.after(ROOM_MS, () => controller.abort(new ClosedError('No room in time.')));
    await cache.reserve(roomOf(hold.bytes.length), { signal }).finally(() => patience.cancel());
    await folder.write(key, hold.article, clock.now());
  }

  #noteFailure(error: unknown): void {
    const now = this.options.clock.now();
    this.#failures += 1;
    this.#restUntilMs = now + REST_MS;
    if (now < this.#logAfterMs) return;
    this.options.log.warn({ err: error, articles: this.#failures }, 'Articles could not be kept on disk.');
    this.#logAfterMs = now + LOG_EVERY_MS;
    this.#failures = 0;
  }
}
