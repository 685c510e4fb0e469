// Looks at each file once it is completed and notes what is in it (codecs, languages, duration) and its hash in the library.
// A file is looked at once; what cannot be told is left blank. Knows neither the probe's means nor the library's.

import { LRUCache } from 'lru-cache';
import type { ContentId, Job, MediaFile } from '../content/index.js';
import type { Logger } from '../platform/index.js';

export interface MediaNotesOptions {
  readonly jobs: {
    subscribe(listener: (job: Job) => void): () => void;
    openContent(contentId: ContentId, fileIndex: number, options: { readonly signal: AbortSignal }): Promise<MediaFile>;
  };
  /** Null where nothing can be told. */
  readonly probe: (file: MediaFile, options: { readonly signal: AbortSignal }) => Promise<object | null>;
  /** Null where it has none. */
  readonly hash: (file: MediaFile, options: { readonly signal: AbortSignal }) => Promise<string | null>;
  readonly note: (contentId: ContentId, fileIndex: number, media: object) => void;
  readonly log: Logger;
}

/** Files waiting to be looked at; when there are more, a new one is left out. */
const MAX_WAITING = 200;
const MAX_REMEMBERED = 5_000;

interface Completed {
  readonly contentId: ContentId;
  readonly fileIndex: number;
}

export class MediaNotes {
  readonly #seen = new LRUCache<string, true>({ max: MAX_REMEMBERED });
  readonly #waiting: Completed[] = [];
  readonly #life = new AbortController();
  #unsubscribe: () => void = () => undefined;
  #running: Promise<void> | null = null;

  constructor(private readonly o: MediaNotesOptions) {}

  start(): void {
    this.#unsubscribe = this.o.jobs.subscribe((job) => this.#changed(job));
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.#unsubscribe();
    this.#life.abort();
    await this.#running;
  }

  #changed({ state, contentId, fileIndex }: Job): void {
    if (state !== 'completed' || contentId === null || fileIndex === null) return;
    const key = `${contentId}:${fileIndex}`;
    if (this.#seen.has(key) || this.#waiting.length >= MAX_WAITING) return;
    this.#seen.set(key, true);
    this.#waiting.push({ contentId, fileIndex });
    this.#running ??= this.#lookAtAll().finally(() => (this.#running = null));
  }

  async #lookAtAll(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (this.#life.signal.aborted) return;
      await this.#lookAt(next);
    }
  }

  async #lookAt({ contentId, fileIndex }: Completed): Promise<void> {
    const { signal } = this.#life;
    const tell = <Value>(look: Promise<Value | null>): Promise<Value | null> =>
      look.catch((err: unknown) => {
        if (!signal.aborted) this.o.log.debug({ err, contentId, fileIndex }, 'A file could not be looked into');
        return null;
      });
    const file = await tell(this.o.jobs.openContent(contentId, fileIndex, { signal }));
    if (file === null) return;
    const videoHash = await tell(this.o.hash(file, { signal }));
    const media = await tell(this.o.probe(file, { signal }));
    if (signal.aborted || (media === null && videoHash === null)) return;
    this.o.note(contentId, fileIndex, { ...media, ...(videoHash === null ? {} : { videoHash }) });
  }
}
