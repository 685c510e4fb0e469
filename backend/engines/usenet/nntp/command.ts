// One command on its way through a connection, and how it may end. Knows no socket.

import type { HeadstartError } from '../../../content/index.js';
import type { DecodedArticle } from '../article.js';
import type { ArticleDecoder } from '../yenc/article-decoder.js';
import type { Reply } from './codec.js';

/** How a command ended; commands never throw. `isCulprit`: the connection was lost while it was this command's turn. */
export type Outcome =
  | { readonly kind: 'article'; readonly article: DecodedArticle }
  | { readonly kind: 'bad'; readonly error: HeadstartError }
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'lost'; readonly error: HeadstartError; readonly isCulprit: boolean };

/** Makes the decoder of a body when its first byte is there, so that nobody holds a buffer while waiting in line. */
export type DecoderFactory = () => ArticleDecoder;

/** A command that was sent. */
export interface SentCommand {
  /** Settles once; never rejects. */
  readonly outcome: Promise<Outcome>;
  /** Nobody wants it any more: its outcome may come never. What arrives of it is passed over. Idempotent. */
  cancel(): void;
}

/** What a connection remembers of a command until its answer has been read. */
export class Command implements SentCommand {
  readonly outcome: Promise<Outcome>;
  /** Null for commands that are answered with a line alone. */
  readonly createDecoder: DecoderFactory | null;
  /** About as many bytes will come: the posted size of an article. */
  readonly sizeHint: number;
  readonly #onCancel: () => void;
  #settle: (outcome: Outcome) => void = () => undefined;
  #isCancelled = false;
  #isSettled = false;

  constructor(options: { createDecoder: DecoderFactory | null; sizeHint: number; onCancel: () => void }) {
    this.createDecoder = options.createDecoder;
    this.sizeHint = options.sizeHint;
    this.#onCancel = options.onCancel;
    this.outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  settle(outcome: Outcome): void {
    this.#isSettled = true;
    this.#settle(outcome);
  }

  cancel(): void {
    if (this.#isCancelled || this.#isSettled) return;
    this.#isCancelled = true;
    this.#onCancel();
  }
}
