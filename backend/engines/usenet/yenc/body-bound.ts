// How many bytes a body may have before nobody waits for its end any more. Knows nothing of what is in it.

/** A body that nobody described: above what the largest article takes, encoded, with every byte escaped. */
export const MAX_BODY_BYTES = 24 * 1024 * 1024;
/** What may follow a body that failed, and stand around one that did not. */
const SLACK_BYTES = 1024 * 1024;
/** Text before the data. */
const MAX_HEAD_BYTES = 64 * 1024;

/** Where a decoder stands, as far as it bears on how much may still come. */
export interface BodyProgress {
  readonly isHead: boolean;
  readonly hasFailed: boolean;
  /** What the article says it decodes to; 0 where it does not. */
  readonly decodedBytes: number;
}

/** Counts one body. */
export class BodyBound {
  readonly #hintBytes: number;
  #taken = 0;
  #failedAt: number | null = null;

  /** `hintBytes`: what somebody else says the encoded body has, 0 where nobody does. */
  constructor(hintBytes: number) {
    this.#hintBytes = hintBytes > 0 ? hintBytes : 0;
  }

  /** After each chunk: `head` when the text before the data is too long, `end` when no end is to be expected any more. */
  count(bytes: number, progress: BodyProgress): 'head' | 'end' | null {
    this.#taken += bytes;
    if (progress.hasFailed) this.#failedAt ??= this.#taken;
    if (this.#taken > Math.min(this.#limit(progress.decodedBytes), MAX_BODY_BYTES)) return 'end';
    return progress.isHead && !progress.hasFailed && this.#taken > MAX_HEAD_BYTES ? 'head' : null;
  }

  /** Encoding at most doubles; a failed body is read to its expected end, so that the connection can be kept. */
  #limit(decodedBytes: number): number {
    if (this.#failedAt !== null) return Math.max(this.#failedAt, this.#hintBytes) + SLACK_BYTES;
    const expected = Math.max(this.#hintBytes, decodedBytes);
    return expected === 0 ? MAX_BODY_BYTES : 2 * expected + SLACK_BYTES;
  }
}
