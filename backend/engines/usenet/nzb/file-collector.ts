// Collects the files of an NZB: segments sorted, what stands there twice merged. Bounded: 1,000,000 segments (some 700 GB)
// and 100,000 files; what goes beyond is refused.

import { UnplayableError } from '../../../content/index.js';
import type { NzbFile, NzbSegment } from './nzb.js';
import { fileNameInSubject, segmentCountInSubject, subjectKey } from './subject.js';

export const MAX_SEGMENTS = 1_000_000;
const MAX_FILES = 100_000;

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
  add(listed: ListedFile): void {
    if (listed.segments.length === 0) return;
    const key = subjectKey(listed.subject);
    const file = this.#sameFile(listed, key) ?? this.#open(listed, key);
    for (const segment of listed.segments) {
      const owner = this.#owners.get(segment.messageId);
      if (file.byNumber.has(segment.number) || owner === file) continue;
      file.byNumber.set(segment.number, segment);
      if (owner === undefined) this.#owners.set(segment.messageId, file);
    }
    if (this.#owners.size > MAX_SEGMENTS) throw tooLarge();
  }

  /** Every distinct message id, in no order. */
  messageIds(): string[] {
    return [...this.#owners.keys()];
  }

  /** @throws {UnplayableError} `NZB_INVALID` when the files claim far more segments than an NZB may have */
  files(): NzbFile[] {
    const files = this.#files.map(finished);
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
  #sameFile(listed: ListedFile, key: string): CollectedFile | null {
    const owner = listed.segments
      .map(({ messageId }) => this.#owners.get(messageId))
      .find((other) => other !== undefined);
    if (owner !== undefined) {
      const shared = listed.segments.filter(({ messageId }) => this.#owners.get(messageId) === owner).length;
      return owner.key === key || 2 * shared >= listed.segments.length ? owner : null;
    }
    const file = this.#byKey.get(key);
    if (file === undefined || key === '' || listed.segments.some(({ number }) => file.byNumber.has(number)))
      return null;
    return file.count === null || file.byNumber.size + listed.segments.length <= file.count ? file : null;
  }
}

function finished(file: CollectedFile): NzbFile {
  const segments = [...file.byNumber.values()].sort((a, b) => a.number - b.number);
  const highest = segments.at(-1)?.number ?? 0;
  return {
    subject: file.subject,
    fileName: fileNameInSubject(file.subject),
    postedAt: file.postedAt,
    segments,
    segmentCount: Math.max(highest, Math.min(file.count ?? 0, MAX_SEGMENTS)),
  };
}

function tooLarge(): UnplayableError {
  return new UnplayableError('The NZB lists more files or articles than are taken.', 'NZB_INVALID');
}
