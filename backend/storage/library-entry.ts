// One thing of the library as rows become it. Files and source are read when first asked for: a list of ten thousand entries
// costs ten thousand small rows, not their packs and their sealed torrents.

import { z } from 'zod';
import { CorruptDataError } from '../content/index.js';
import type { ContentId, Release, ReleaseFile, Source } from '../content/index.js';

/**
 * A release that is kept. In entries that come from lists, `files` and `source` are getters that read the database on
 * first use, and throw `GoneError` when the entry was removed meanwhile: take what is needed before the next `await`.
 */
export interface LibraryEntry extends Release {
  readonly kind: Source['kind'];
  /** Epoch ms. */
  readonly addedAt: number;
  /** Epoch ms; at most a few seconds behind. */
  readonly usedAt: number;
  /** `tt…` or another catalogue's id, once somebody asked for it under one. */
  readonly titleId: string | null;
  /** Small integer, stable across restarts, never given twice; torrents only. */
  readonly torrentId: number | null;
  readonly isPaused: boolean;
  /** Indexes of the files that are to be fetched whole; empty where nobody chose. */
  readonly included: readonly number[];
}

const indexesForm = z.array(z.int().nonnegative());

/** A row of `contents` joined with `torrents`. */
export interface ContentRow {
  readonly content_id: ContentId;
  readonly kind: Source['kind'];
  readonly name: string;
  readonly title_id: string | null;
  readonly added_at: number;
  readonly used_at: number;
  readonly torrent_id: number | null;
  readonly is_paused: number | null;
  readonly included: string | null;
}

/** A row of `content_files`. */
export interface FileRow {
  readonly file_index: number;
  readonly path: string;
  readonly size_bytes: number;
  readonly is_padding: number;
  readonly is_member: number;
}

/** How the heavy parts of an entry are had. */
export interface EntryParts {
  files(contentId: ContentId): readonly ReleaseFile[];
  source(contentId: ContentId): Source;
}

/** The entry of `row`, its heavy parts still to be read. */
export function entryOf(row: ContentRow, parts: EntryParts): LibraryEntry {
  let files: readonly ReleaseFile[] | undefined;
  let source: Source | undefined;
  return {
    contentId: row.content_id,
    kind: row.kind,
    name: row.name,
    addedAt: row.added_at,
    usedAt: row.used_at,
    titleId: row.title_id,
    torrentId: row.torrent_id,
    isPaused: row.is_paused === 1,
    included: includedOf(row),
    get files() {
      return (files ??= parts.files(row.content_id));
    },
    get source() {
      return (source ??= parts.source(row.content_id));
    },
  };
}

function includedOf({ included }: ContentRow): readonly number[] {
  if (included === null) return [];
  try {
    return indexesForm.parse(JSON.parse(included));
  } catch (cause) {
    throw new CorruptDataError('The kept choice of files cannot be read.', { cause });
  }
}

/** The file of `row`. */
export function fileOf(row: FileRow): ReleaseFile {
  return {
    index: row.file_index,
    path: row.path,
    name: row.path.slice(row.path.lastIndexOf('/') + 1),
    sizeBytes: row.size_bytes,
    isPadding: row.is_padding === 1,
    ...(row.is_member === 1 ? { isMember: true } : {}),
  };
}
