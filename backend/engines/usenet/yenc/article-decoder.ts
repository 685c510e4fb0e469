// Turns the body of an article into the bytes that were posted.

import type { DecodedArticle } from '../article.js';
import { CorruptDataError } from '../../../content/index.js';
import type { YencKernel } from './kernel.js';

export interface ArticleDecoderOptions {
  readonly kernel: YencKernel;
  /** A buffer of at least that many bytes, asked for at most once; what it holds is arbitrary. */
  readonly allocate: (sizeBytes: number) => Uint8Array;
  /** What the NZB says the encoded article has, 0 where it does not. */
  readonly sizeHint: number;
}

export class ArticleDecoder {
  readonly isDone: boolean = false;
  readonly slot: Uint8Array | null = null;

  constructor(private readonly options: ArticleDecoderOptions) {}

  push(chunk: Uint8Array): number {
    return chunk.length;
  }

  finish(): DecodedArticle {
    throw new CorruptDataError('Not decoded.', { cause: this.options });
  }
}
