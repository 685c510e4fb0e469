// What an NZB says: which files, of which articles. Everything in it was checked when it was read, nothing was believed.

import type { ContentId } from '../../../content/index.js';

/** One article of a file. */
export interface NzbSegment {
  /** From 1 on. */
  readonly number: number;
  /** Of the encoded article as the poster's tool counted it, 0 where it does not say: a hint. */
  readonly sizeBytes: number;
  /** Without angle brackets; visible ASCII only, at most 500 characters, so it may be put into a command line. */
  readonly messageId: string;
}

/** One posted file. */
export interface NzbFile {
  readonly subject: string;
  /** As the subject has it, without folders and control characters; maybe obfuscated. */
  readonly fileName: string | null;
  /** Epoch ms. */
  readonly postedAt: number | null;
  /** Ascending by number, each number once, never empty; there may be gaps. */
  readonly segments: readonly NzbSegment[];
  /** How many there were when it was posted: what the subject's `(1/50)` says, at least the highest number. */
  readonly segmentCount: number;
}

export interface Nzb {
  /** SHA-256 (hex) over the sorted, distinct message ids, joined by line feeds. */
  readonly contentId: ContentId;
  /** The release's name as the head's `meta` says (`name`, else `title`). */
  readonly name: string | null;
  /** In the document's order, each once. */
  readonly passwords: readonly string[];
  readonly category: string | null;
  /** In the document's order, never empty. */
  readonly files: readonly NzbFile[];
}
