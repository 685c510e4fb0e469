// The files one source contains, as every engine reports them.

import type { ContentId } from './content-id.js';
import type { Source } from './source.js';

/** One file of a release. `index` is its place in the source's own order, padding files included. */
export interface ReleaseFile {
  readonly index: number;
  /** Path inside the release, `/`-separated, already cleaned of `..`, absolute parts and control characters. */
  readonly path: string;
  /** Last part of `path`. */
  readonly name: string;
  readonly sizeBytes: number;
  /** BEP 47 padding: hidden from lists, never chosen. */
  readonly isPadding: boolean;
  /** It lies inside an archive of the release; its path leads through the archive's first volume. Absent for all others. */
  readonly isMember?: true;
}

/** What one source contains. */
export interface Release {
  readonly contentId: ContentId;
  readonly name: string;
  readonly files: readonly ReleaseFile[];
  /** The source it can be had from again, completed with what was learnt (a torrent's `info`, say). */
  readonly source: Source;
}
