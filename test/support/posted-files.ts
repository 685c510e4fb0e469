// Posted files over a store in memory: articles that come, are missing, lie, or wait until they are let go.

import { UnplayableError } from '../../backend/content/index.js';
import type { ContentId } from '../../backend/content/index.js';
import type {
  ArticlePart,
  ArticleRequest,
  DecodedArticle,
  FetchOptions,
} from '../../backend/engines/usenet/article.js';
import { PostedFile } from '../../backend/engines/usenet/files/posted-file.js';
import type { HeldArticle } from '../../backend/engines/usenet/store/article-store.js';
import { untilAborted } from './memory-media-file.js';

export const testContent = 'c'.repeat(64) as ContentId;

export interface StoredArticle {
  readonly bytes: Uint8Array;
  readonly part: ArticlePart;
}

/** Counts what is held and what was asked for; as strict about `check` as the real one. */
export class MemoryArticles {
  readonly articles = new Map<string, StoredArticle>();
  readonly missing = new Set<string>();
  readonly asked: string[] = [];
  readonly demands = new Map<string, FetchOptions['demand']>();
  held = 0;
  /** While set, nothing is answered. */
  gate: Promise<void> | null = null;

  async get(request: ArticleRequest, { signal, demand }: FetchOptions): Promise<HeldArticle> {
    signal.throwIfAborted();
    this.asked.push(request.messageId);
    this.demands.set(request.messageId, demand);
    await (this.gate === null ? Promise.resolve() : Promise.race([this.gate, untilAborted(signal)]));
    signal.throwIfAborted();
    const article = this.articles.get(request.messageId);
    if (article === undefined || this.missing.has(request.messageId)) throw missing();
    const decoded: DecodedArticle = { slot: article.bytes, crc32: 0, ...article };
    try {
      request.check?.(decoded);
    } catch (cause) {
      throw missing(cause);
    }
    this.held += 1;
    let isHeld = true;
    const release = (): void => {
      if (isHeld) this.held -= 1;
      isHeld = false;
    };
    return { bytes: article.bytes, part: article.part, release };
  }
}

function missing(cause?: unknown): UnplayableError {
  return new UnplayableError('No provider has this article.', 'ARTICLE_MISSING', { cause });
}

export interface PostOptions {
  readonly name?: string;
  readonly place?: number;
  /** Sizes of the parts; default parts of 1,000 bytes. */
  readonly parts?: readonly number[];
  readonly partBytesHint?: () => number | null;
  readonly windowLimit?: () => number;
  /** What the articles say the file's size is. */
  readonly saidSizeBytes?: number;
}

/** Puts `bytes` into articles named `<name>/<index>`. */
export function post(articles: MemoryArticles, bytes: Uint8Array, options: PostOptions = {}): PostedFile {
  const { name = 'film.mkv', place = 0, windowLimit = () => 8_000 } = options;
  const sizes = options.parts ?? evenParts(bytes.length, 1000);
  let begin = 0;
  const segments = sizes.map((size, index) => {
    const messageId = `${name}/${index}`;
    const fileSizeBytes = options.saidSizeBytes ?? bytes.length;
    const part: ArticlePart = {
      encoding: 'yenc',
      begin,
      fileSizeBytes,
      fileName: name,
      partNumber: index + 1,
      partCount: sizes.length,
    };
    articles.articles.set(messageId, { bytes: bytes.subarray(begin, begin + size), part });
    begin += size;
    return { number: index + 1, sizeBytes: Math.round(size * 1.03), messageId };
  });
  return new PostedFile({
    nzbFile: { subject: name, fileName: name, postedAt: null, segments, segmentCount: segments.length },
    place,
    name,
    contentId: testContent,
    store: articles,
    partBytesHint: options.partBytesHint ?? (() => null),
    windowLimit,
  });
}

export function evenParts(total: number, size: number): number[] {
  const parts: number[] = [];
  for (let left = total; left > 0; left -= size) parts.push(Math.min(size, left));
  return parts;
}
