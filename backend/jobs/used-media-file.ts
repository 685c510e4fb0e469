// A media file that tells when it is being read: an open reader keeps its job alive, and who plays is noted.

import type { ByteRange, MediaFile, OpenOptions, Priority } from '../content/index.js';

/** Both are called exactly once per reader, `ended` however the reading ends. */
export interface ReadingObserver {
  started(priority: Priority): void;
  ended(): void;
}

export class UsedMediaFile implements MediaFile {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
  readonly #file: MediaFile;
  readonly #observer: ReadingObserver;

  constructor(file: MediaFile, observer: ReadingObserver) {
    this.id = file.id;
    this.name = file.name;
    this.sizeBytes = file.sizeBytes;
    this.modifiedAt = file.modifiedAt;
    this.#file = file;
    this.#observer = observer;
  }

  /** The reader counts from the first chunk asked for to the end of the iteration. */
  async *open(range: ByteRange, options: OpenOptions): AsyncGenerator<Uint8Array, void, undefined> {
    this.#observer.started(options.priority ?? 'play');
    try {
      yield* this.#file.open(range, options);
    } finally {
      this.#observer.ended();
    }
  }
}
