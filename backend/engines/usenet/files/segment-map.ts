// Where the segments of one posted file lie in it: by arithmetic while all parts are of one size, by what the articles say
// of themselves where they are not. Pure; proportional to the segments only when the file is uneven.

import { CorruptDataError } from '../../../content/index.js';
import type { ArticlePart } from '../article.js';

/** A segment's place: `index` counts from 0, `start` and `end` are bytes of the posted file. */
export interface SegmentPlace {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  /** An article has said so itself, or it follows from one that did and the size of all parts. */
  readonly isCertain: boolean;
}

interface Known {
  readonly start: number;
  readonly end: number;
}

/** Encoded sizes of parts of one size differ by less than this share of their median. */
const EVEN_SHARE = 0.05;
/** So many parts have to contradict one size of all before that is believed rather than the arithmetic. */
const MIN_CONTRADICTIONS = 2;

export class SegmentMap {
  readonly count: number;
  readonly #encodedBytes: number;
  readonly #looksUneven: boolean;
  readonly #contradicting = new Set<number>();
  /** The last part known to lie where one size of all parts puts it: then those before it do so too. */
  #evenUpTo = 0;
  readonly #known = new Map<number, Known>();
  #partBytes: number | null = null;
  #isUneven = false;
  #sizeBytes: number | null = null;
  /** The size that articles name, while it was not found to be false. */
  #saidSizeBytes: number | null = null;

  /**
   * `encoded`: what the NZB says of each segment's size, 0 where it says nothing or has no such segment. `partBytesHint` is
   * the part size of other files of the same post, used until an article of this file says better.
   */
  constructor(
    private readonly encoded: readonly number[],
    private readonly partBytesHint: () => number | null = () => null,
  ) {
    this.count = encoded.length;
    this.#encodedBytes = encoded.reduce((sum, bytes) => sum + bytes, 0);
    this.#looksUneven = areUneven(encoded.slice(0, -1).filter((bytes) => bytes > 0));
  }

  /** Exact once `isSizeExact`; until then an estimate. */
  get sizeBytes(): number {
    return this.#sizeBytes ?? this.#estimate();
  }

  get isSizeExact(): boolean {
    return this.#sizeBytes !== null;
  }

  /** What an article of this file has said; null until one came. */
  get partBytes(): number | null {
    return this.#partBytes;
  }

  /** The segment that holds byte `offset`, as far as is known. Null when nothing is known yet but that it is not the first. */
  at(offset: number): SegmentPlace | null {
    if (this.count === 1) return { ...this.#firstPlace(), end: Math.max(this.sizeBytes, offset + 1) };
    if (this.#isUneven) return this.#unevenAt(offset);
    const partBytes = this.#partBytes ?? this.partBytesHint();
    if (partBytes === null) return offset === 0 ? this.#firstPlace() : null;
    const index = Math.min(this.count - 1, Math.floor(offset / partBytes));
    const start = index * partBytes;
    const end = index === this.count - 1 ? Math.max(this.sizeBytes, offset + 1) : start + partBytes;
    return { index, start, end, isCertain: this.#known.has(index) };
  }

  /** The place of a segment, if it is known well enough to stand for it when it is missing. */
  placeOf(index: number): SegmentPlace | null {
    const known = this.#known.get(index);
    if (known !== undefined) return { index, ...known, isCertain: true };
    if (this.#isUneven) {
      const start = index === 0 ? 0 : this.#known.get(index - 1)?.end;
      const end = index === this.count - 1 ? this.#sizeBytes : this.#known.get(index + 1)?.start;
      if (start === undefined || end === undefined || end === null || end <= start) return null;
      return { index, start, end, isCertain: false };
    }
    if (this.#partBytes === null || (index === this.count - 1 && this.#sizeBytes === null)) return null;
    return this.at(index * this.#partBytes);
  }

  /**
   * Segment `index` was decoded: `bytes` long, saying `part` of itself.
   * @throws {CorruptDataError} when that contradicts what other articles have proven
   */
  learn(index: number, part: ArticlePart, bytes: number): void {
    const start = part.begin ?? this.#startWithoutWord(index);
    if (start === null) throw contradiction('Its place in the file is not known.');
    const known = this.#known.get(index);
    if (known !== undefined) {
      if (known.start !== start || known.end !== start + bytes)
        throw contradiction('It names another place than before.');
      return;
    }
    this.#checkNeighbours(index, start, start + bytes);
    this.#checkSize(index, start + bytes, part.fileSizeBytes);
    this.#checkFit(index, start, bytes);
    this.#known.set(index, { start, end: start + bytes });
    this.#fit(index, start, bytes);
    this.#settleSize(part.fileSizeBytes);
  }

  /** Uuencoded articles do not say where they belong: all parts are taken to be of one size. */
  #startWithoutWord(index: number): number | null {
    if (index === 0) return 0;
    const partBytes = this.#partBytes ?? this.partBytesHint();
    return partBytes === null ? null : index * partBytes;
  }

  #checkNeighbours(index: number, start: number, end: number): void {
    const before = this.#known.get(index - 1);
    const after = this.#known.get(index + 1);
    if ((before !== undefined && before.end !== start) || (after !== undefined && after.start !== end)) {
      throw contradiction('It does not join its neighbours.');
    }
    if (index === 0 && start !== 0) throw contradiction('The first part does not begin the file.');
    if (index > 0 && start === 0) throw contradiction('A later part claims to begin the file.');
    if (!this.#isUneven) return;
    for (const [other, place] of this.#known) {
      if (other < index ? place.end > start : place.start < end) throw contradiction('It overlaps another part.');
    }
  }

  #checkSize(index: number, end: number, saidBytes: number | null): void {
    if (this.#sizeBytes !== null && end > this.#sizeBytes) throw contradiction('It lies behind the end of the file.');
    const provenBytes = this.#known.get(this.count - 1)?.end;
    const isKnown = saidBytes === null || saidBytes === this.#saidSizeBytes || saidBytes === provenBytes;
    const isOther = this.#saidSizeBytes !== null && !isKnown;
    if (isOther && this.#known.size > 0 && index !== this.count - 1) throw contradiction('It names another file size.');
  }

  /** One part alone that breaks the one size of all parts is a bad copy, unless the NZB's own numbers are as uneven. */
  #checkFit(index: number, start: number, bytes: number): void {
    if (this.#isUneven || this.#partBytes === null) return;
    const isLast = index === this.count - 1;
    if (start === index * this.#partBytes && (isLast ? bytes <= this.#partBytes : bytes === this.#partBytes)) {
      this.#evenUpTo = Math.max(this.#evenUpTo, index);
      this.#contradicting.delete(index);
      return;
    }
    if (index < this.#evenUpTo && bytes === this.#partBytes)
      throw contradiction('It is not where those behind it show it to be.');
    this.#contradicting.add(index);
    if (!this.#looksUneven && this.#contradicting.size < MIN_CONTRADICTIONS) {
      throw contradiction('It is not where its number puts it.');
    }
    this.#isUneven = true;
  }

  /** The first part that came proves the size of all of them, or that there is none. */
  #fit(index: number, start: number, bytes: number): void {
    if (this.#isUneven || this.#partBytes !== null || this.count === 1) return;
    const isLast = index === this.count - 1;
    const proven = index === 0 ? bytes : start % index === 0 ? start / index : 0;
    if (proven === 0 || (isLast ? bytes > proven : bytes !== proven)) this.#isUneven = true;
    else this.#partBytes = proven;
  }

  #settleSize(saidBytes: number | null): void {
    this.#saidSizeBytes ??= saidBytes;
    const last = this.#known.get(this.count - 1);
    if (last !== undefined) {
      this.#sizeBytes = last.end;
    } else if (this.#sizeBytes === null && saidBytes !== null && this.#isPlausible(saidBytes)) {
      this.#sizeBytes = saidBytes;
    } else if (
      this.#isUneven &&
      this.#sizeBytes !== null &&
      this.#known.size > 1 &&
      !this.#isPlausible(this.#sizeBytes)
    ) {
      this.#sizeBytes = null;
    }
  }

  /** A file of `count` parts of one size has a size between those of `count - 1` and of `count` of them. */
  #isPlausible(sizeBytes: number): boolean {
    if (this.#isUneven) return sizeBytes > 0 && sizeBytes <= this.#encodedBytes * 1.05 + 4096;
    if (this.#partBytes === null) return true;
    return sizeBytes > (this.count - 1) * this.#partBytes && sizeBytes <= this.count * this.#partBytes;
  }

  #firstPlace(): SegmentPlace {
    const end = this.count === 1 ? this.sizeBytes : Math.max(1, Math.floor(this.sizeBytes / this.count));
    return { index: 0, start: 0, end, isCertain: this.#known.has(0) };
  }

  /** yEnc makes about 3 % of what it encodes, headers included. */
  #estimate(): number {
    const partBytes = this.#partBytes ?? this.partBytesHint();
    const byNzb = Math.floor(this.#encodedBytes / 1.03);
    if (partBytes === null) return Math.max(1, byNzb);
    return Math.min(this.count * partBytes, Math.max((this.count - 1) * partBytes + 1, byNzb));
  }

  /** Between what is known the NZB's sizes guess. Null when no segment can hold the byte. */
  #unevenAt(offset: number): SegmentPlace | null {
    let low = -1;
    let high = this.count;
    let lowEnd = 0;
    let highStart = Math.max(this.sizeBytes, offset + 1);
    for (const [index, { start, end }] of this.#known) {
      if (start <= offset && offset < end) return { index, start, end, isCertain: true };
      if (end <= offset && index > low) [low, lowEnd] = [index, end];
      if (start > offset && index < high) [high, highStart] = [index, start];
    }
    if (high - low < 2) return null;
    const index = this.#guess({ low, high }, (offset - lowEnd) / (highStart - lowEnd));
    const start = index === low + 1 ? lowEnd : offset;
    return { index, start, end: index === high - 1 ? highStart : offset + 1, isCertain: false };
  }

  #guess({ low, high }: { readonly low: number; readonly high: number }, share: number): number {
    const between = this.encoded.slice(low + 1, high);
    const sum = between.reduce((all, bytes) => all + Math.max(1, bytes), 0);
    let left = share * sum;
    const found = between.findIndex((bytes) => (left -= Math.max(1, bytes)) < 0);
    return found < 0 ? high - 1 : low + 1 + found;
  }
}

function areUneven(sizes: readonly number[]): boolean {
  const sorted = [...sizes].sort((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) return false;
  return sorted.some((bytes) => Math.abs(bytes - median) > median * EVEN_SHARE);
}

function contradiction(why: string): CorruptDataError {
  return new CorruptDataError(`An article does not fit its file. ${why}`, { code: 'ARTICLE_PART' });
}
