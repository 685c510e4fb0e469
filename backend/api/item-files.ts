// A file of an item: found by the path it is called by, opened when somebody reads it. One place for every address that
// leads to items.

import { BusyError, GoneError, NotFoundError } from '../content/index.js';
import type { ContentId, MediaFile, Release, ReleaseFile } from '../content/index.js';
import { folderFilesOf } from '../jobs/index.js';
import type { Item } from '../jobs/index.js';
import type { Clock } from '../platform/index.js';

export interface FolderItems {
  byFolder(category: string, folder: string): Item | null;
  isRemovedFolder(category: string, folder: string): boolean;
}

export interface ItemContents {
  get(contentId: ContentId): Release | null;
  isRemoved(contentId: ContentId): boolean;
}

/** The item of a folder. @throws {GoneError} for what was removed; {NotFoundError} */
export function itemAt(
  { items, library }: { readonly items: FolderItems; readonly library: Pick<ItemContents, 'isRemoved'> },
  { category, folder }: Pick<Item, 'category' | 'folder'>,
): Item {
  const item = items.byFolder(category, folder);
  const isRemoved = item === null ? items.isRemovedFolder(category, folder) : library.isRemoved(item.contentId);
  if (isRemoved) throw new GoneError('This was removed.');
  if (item === null) throw new NotFoundError('There is no such file here.');
  return item;
}

/** By its path in the release, else by the one in its item's folder: addresses of both kinds were handed out. */
export function fileAt(files: readonly ReleaseFile[], path: string): ReleaseFile | null {
  const own = files.find((one) => one.path === path && !one.isPadding);
  return own ?? folderFilesOf(files).find((one) => one.path === path)?.file ?? null;
}

export interface FileOpening {
  readonly jobs: {
    openContent(contentId: ContentId, fileIndex: number, options: { readonly signal: AbortSignal }): Promise<MediaFile>;
  };
  readonly clock: Clock;
  /** How long a request for bytes waits for its file to open. */
  readonly maxWaitMs: number;
}

/** Opens a file lazily, restarts or not. @throws {BusyError} after `maxWaitMs`; and what `openContent` throws */
export async function openItemFile(
  { clock, jobs, maxWaitMs }: FileOpening,
  place: { readonly contentId: ContentId; readonly fileIndex: number },
  gone: AbortSignal,
): Promise<MediaFile> {
  const late = new AbortController();
  const deadline = clock.after(maxWaitMs, () => late.abort(new BusyError('The file is not open yet.')));
  try {
    const signal = AbortSignal.any([gone, late.signal]);
    return await jobs.openContent(place.contentId, place.fileIndex, { signal });
  } finally {
    deadline.cancel();
  }
}
