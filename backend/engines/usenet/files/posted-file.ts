// One file of an NZB as bytes that can be read anywhere. Knows its segments and where they lie; asks the store for them.

import { UnplayableError } from '../../../content/index.js';
import type { ByteRange, ContentId, OpenOptions } from '../../../content/index.js';
import type { RandomAccessFile, ReadOptions } from '../../../archive/index.js';
import type { ArticleRequest, FetchOptions } from '../article.js';
import type { NzbFile, NzbSegment } from '../nzb/nzb.js';
import type { ArticleStore, HeldArticle } from '../store/article-store.js';
import { SegmentMap } from './segment-map.js';
import { readSegments } from './segment-stream.js';
import type { SegmentedFile } from './segment-stream.js';

export interface PostedFileOptions {
  readonly nzbFile: NzbFile;
  /** Its place in the NZB. */
  readonly place: number;
  readonly name: string;
  readonly contentId: ContentId;
  readonly store: Pick<ArticleStore, 'get'>;
  /** Part size of the post's other files. */
  readonly partBytesHint: () => number | null;
  /** An article of this file told the size of its parts. */
  readonly onPartBytes?: (partBytes: number) => void;
  readonly windowLimit: () => number;
}

/** What its first article holds and says. */
export interface FileHead {
  /** At most `HEAD_BYTES` of its beginning, a copy. */
  readonly bytes: Uint8Array;
  /** The name that the poster's program wrote beside the bytes. */
  readonly postedName: string | null;
}

/** Enough for the headers of every archive and for PAR2's fingerprint of 16 KiB. */
const HEAD_BYTES = 64 * 1024;
/** yEnc's overhead, roughly. */
const ENCODED_PER_BYTE = 1.03;

export class PostedFile implements RandomAccessFile, SegmentedFile {
  readonly map: SegmentMap;
  readonly place: number;
  name: string;

  constructor(private readonly o: PostedFileOptions) {
    const { nzbFile } = o;
    this.place = o.place;
    this.name = o.name;
    const last = nzbFile.segments.at(-1)?.number ?? 0;
    const count = Math.max(nzbFile.segmentCount, last);
    const encoded = new Array<number>(count).fill(0);
    for (const { number, sizeBytes } of nzbFile.segments) encoded[number - 1] = sizeBytes;
    this.map = new SegmentMap(encoded, o.partBytesHint);
  }

  get sizeBytes(): number {
    return this.map.sizeBytes;
  }

  get segmentCount(): number {
    return this.map.count;
  }

  /** The request for a segment; null where the NZB has none. */
  request(index: number): ArticleRequest | null {
    const segment = segmentAt(this.o.nzbFile.segments, index + 1);
    if (segment === undefined) return null;
    return {
      messageId: segment.messageId,
      sizeBytes: segment.sizeBytes,
      contentId: this.o.contentId,
      check: ({ part, bytes }) => this.map.learn(index, part, bytes.length),
    };
  }

  /** A segment, decoded, its place learnt. @throws {UnplayableError} `ARTICLE_MISSING`; what the store throws */
  async fetch(index: number, options: FetchOptions): Promise<HeldArticle> {
    const request = this.request(index);
    if (request === null) throw new UnplayableError('The NZB lacks an article of this file.', 'ARTICLE_MISSING');
    const held = await this.o.store.get(request, options);
    try {
      this.map.learn(index, held.part, held.bytes.length);
      if (this.map.partBytes !== null) this.o.onPartBytes?.(this.map.partBytes);
      return held;
    } catch (error) {
      held.release();
      throw error;
    }
  }

  /** Decoded size, as far as is known. */
  estimateBytes(index: number): number {
    return (
      this.map.partBytes ??
      Math.ceil((segmentAt(this.o.nzbFile.segments, index + 1)?.sizeBytes ?? 0) / ENCODED_PER_BYTE)
    );
  }

  async learnFirst(options: ReadOptions): Promise<void> {
    (await this.#fetchAlone(0, options)).release();
  }

  async measure(options: ReadOptions): Promise<number> {
    if (!this.map.isSizeExact) await this.learnFirst(options);
    if (!this.map.isSizeExact) (await this.#fetchAlone(this.map.count - 1, options)).release();
    return this.map.sizeBytes;
  }

  async head(options: ReadOptions): Promise<FileHead> {
    const held = await this.#fetchAlone(0, options);
    try {
      return { bytes: Uint8Array.from(held.bytes.subarray(0, HEAD_BYTES)), postedName: held.part.fileName };
    } finally {
      held.release();
    }
  }

  open(range: ByteRange, { signal, priority = 'play' }: OpenOptions): AsyncIterable<Uint8Array> {
    const sliceAt = (offset: number) =>
      Promise.resolve({
        file: this,
        range: { start: offset, end: Math.max(this.sizeBytes, offset + 1) },
        confirm: null,
      });
    return readSegments({ sliceAt, range, signal, priority, windowLimit: this.o.windowLimit });
  }

  #fetchAlone(index: number, { signal, priority = 'prepare' }: ReadOptions): Promise<HeldArticle> {
    return this.fetch(index, { signal, demand: { owner: this, urgency: () => ({ rank: priority, distance: 0 }) } });
  }
}

/** They are in order, so the one of this number stands in its place, or before it where there are gaps. */
function segmentAt(segments: readonly NzbSegment[], number: number): NzbSegment | undefined {
  let [low, high] = [0, Math.min(number, segments.length) - 1];
  if (segments[high]?.number === number) return segments[high];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle]!;
    if (segment.number === number) return segment;
    if (segment.number < number) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
