// Collects the files of an NZB: segments sorted, what stands there twice merged. Bounded: 500,000 segments (some 350 GB)
// and 100,000 files; what goes beyond is refused. Long work gives way: each `yield` is a place to let others do theirs.

import { UnplayableError } from '../../../content/index.js';
import type { NzbFile, NzbSegment } from './nzb.js';
import { sortInSlices } from './sort-in-slices.js';
import { fileNameInSubject, segmentCountInSubject, subjectKey } from './subject.js';

export const MAX_SEGMENTS = 500_000;
const MAX_FILES = 100_000;
/** Between two places to give way. */
const SLICE_SEGMENTS = 10_000;

/** A file as it stands in the document. */
export interface ListedFile {
  readonly subject: string;
  readonly postedAt: number | null;
  readonly segments: readonly NzbSegment[];
}

interface CollectedFile {
  readonly subject: string;
  readonly key: string;
  readonly count: number | null;
  readonly postedAt: number | null;
  readonly byNumber: Map<number, NzbSegment>;
}

export class FileCollector {
  readonly #files: CollectedFile[] = [];
  readonly #byKey = new Map<string, CollectedFile>();
  readonly #owners = new Map<string, CollectedFile>();

  /** A file without segments is left out. @throws {UnplayableError} `NZB_INVALID` when there are too many */
  *add(listed: ListedFile): Generator<void, void> {
    if (listed.segments.length === 0) return;
    const key = subjectKey(listed.subject);
    const file = (yield* this.#sameFile(listed, key)) ?? this.#open(listed, key);
    for (const [place, segment] of listed.segments.entries()) {
      if (place % SLICE_SEGMENTS === SLICE_SEGMENTS - 1) yield;
      const owner = this.#owners.get(segment.messageId);
      if (file.byNumber.has(segment.number) || owner === file) continue;
      file.byNumber.set(segment.number, segment);
      if (owner === undefined) this.#owners.set(segment.messageId, file);
    }
    if (this.#owners.size > MAX_SEGMENTS) throw tooLarge();
  }

  /** Every distinct message id, sorted by code units. Nothing can be added afterwards. */
  *messageIds(): Generator<void, string[]> {
    const ids = [...this.#owners.keys()];
    this.#owners.clear();
    return yield* sortInSlices(ids);
  }

  /** @throws {UnplayableError} `NZB_INVALID` when the files claim far more segments than an NZB may have */
  *files(): Generator<void, NzbFile[]> {
    const files: NzbFile[] = [];
    for (const [place, file] of this.#files.entries()) {
      if (place % 1_000 === 999) yield;
      files.push(yield* finished(file));
    }
    const claimed = files.reduce((sum, file) => sum + file.segmentCount, 0);
    if (claimed > 2 * MAX_SEGMENTS) throw tooLarge();
    return files;
  }

  #open(listed: ListedFile, key: string): CollectedFile {
    if (this.#files.length >= MAX_FILES) throw tooLarge();
    const { subject, postedAt } = listed;
    const file = { subject, key, postedAt, count: segmentCountInSubject(subject), byNumber: new Map() };
    this.#files.push(file);
    if (!this.#byKey.has(key)) this.#byKey.set(key, file);
    return file;
  }

  /**
   * The file that this one is a repetition or a further piece of: most of its articles are that file's, or it has the same
   * subject and none of its numbers are taken. Obfuscated posts give many files one subject: those stay apart.
   */
  *#sameFile(listed: ListedFile, key: string): Generator<void, CollectedFile | null> {
    let owner: CollectedFile | undefined;
    let shared = 0;
    for (const [place, { messageId }] of listed.segments.entries()) {
      if (place % SLICE_SEGMENTS === SLICE_SEGMENTS - 1) yield;
      const other = this.#owners.get(messageId);
      owner ??= other;
      if (other !== undefined && other === owner) shared += 1;
    }
    if (owner !== undefined) return owner.key === key || 2 * shared >= listed.segments.length ? owner : null;
    const file = this.#byKey.get(key);
    if (file === undefined || key === '' || listed.segments.some(({ number }) => file.byNumber.has(number)))
      return null;
    return file.count === null || file.byNumber.size + listed.segments.length <= file.count ? file : null;
  }
}

function* finished(file: CollectedFile): Generator<void, NzbFile> {
  const segments = yield* inOrder(file.byNumber);
  file.byNumber.clear();
  const highest = segments.at(-1)?.number ?? 0;
  return {
    subject: file.subject,
    fileName: fileNameInSubject(file.subject),
    postedAt: file.postedAt,
    segments,
    segmentCount: Math.max(highest, Math.min(file.count ?? 0, MAX_SEGMENTS)),
  };
}

/** Where the numbers have few gaps, counting them up needs no sorting. */
function* inOrder(byNumber: ReadonlyMap<number, NzbSegment>): Generator<void, NzbSegment[]> {
  let highest = 0;
  for (const number of byNumber.keys()) if (number > highest) highest = number;
  if (highest > 4 * byNumber.size) return [...byNumber.values()].sort((a, b) => a.number - b.number);
  const segments: NzbSegment[] = [];
  for (let number = 1; number <= highest; number += 1) {
    if (number % SLICE_SEGMENTS === 0) yield;
    const segment = byNumber.get(number);
    if (segment !== undefined) segments.push(segment);
  }
  return segments;
}

function tooLarge(): UnplayableError {
  return new UnplayableError(
    'The NZB lists more than 500,000 articles or 100,000 files: that is more than is taken.',
    'NZB_INVALID',
  );
}
