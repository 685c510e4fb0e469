// Items of the library as this dialect shows them. Times are epoch ms, sizes bytes.

import type { Release } from '../content/index.js';
import { folderFilesOf, type FolderFile } from '../jobs/index.js';
import { readKeptFacts } from '../media/index.js';
import { formatFileAddress } from './file-address.js';
import type { LibraryDeps, LibraryItem } from './library-deps.js';

type ViewDeps = Pick<LibraryDeps, 'access' | 'holdings' | 'library'>;

/**
 * One item with its first `maxFiles` files; `fileCount` counts all. `files` are what stands in its folder: films and
 * subtitles, each with an address on `origin` that plays by itself.
 */
export function formatLibraryItem(
  deps: ViewDeps,
  item: LibraryItem,
  o: { readonly origin: string; readonly maxFiles: number },
) {
  const { contentId, kind, category, folder } = item;
  const files = filesOf(deps.library.get(contentId));
  return {
    id: item.id,
    nzoId: item.nzoId,
    contentId,
    kind,
    name: item.name,
    category,
    path: `/complete/${category}/${folder}`,
    status: item.status,
    error: item.error,
    sizeBytes: files.reduce((sum, { file }) => sum + file.sizeBytes, 0),
    diskBytes: deps.holdings.diskBytes(contentId, kind),
    health: deps.holdings.healthOf(contentId, kind),
    files: formatFiles(deps, item, files.slice(0, o.maxFiles), o.origin),
    fileCount: files.length,
    titleId: item.titleId,
    isFavourite: item.isFavourite,
    addedAt: item.addedAt,
    usedAt: item.usedAt,
    playedAt: item.playedAt,
  };
}

function formatFiles({ access, library }: ViewDeps, item: LibraryItem, files: readonly FolderFile[], origin: string) {
  const kept = files.length === 0 ? null : library.mediaOf(item.contentId);
  return files.map(({ path, file }) => ({
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    sizeBytes: file.sizeBytes,
    url: formatFileAddress(origin, access, item, path),
    media: readKeptFacts(kept?.get(file.index)),
  }));
}

/** What stands in the folder of a release; nothing where there is none. */
export function filesOf(release: Release | null): readonly FolderFile[] {
  return release === null ? [] : folderFilesOf(release.files);
}
