// The lasting address of a file of an item: it authenticates by itself, and works as long as the item is kept.

import type { Item } from '../jobs/index.js';
import type { NzbAccess } from './nzb-deps.js';
import { virtualPathOf } from './nzb-paths.js';

/** `origin` without a slash at the end; `path` inside the release, or as it stands in the item's folder. */
export function formatFileAddress(
  origin: string,
  access: Pick<NzbAccess, 'signPath'>,
  item: Pick<Item, 'category' | 'folder'>,
  path: string,
): string {
  const virtualPath = virtualPathOf(item, path);
  // `%20` for a space: not every player takes `+`.
  const query = `path=${encodeURIComponent(virtualPath)}&download_key=${access.signPath(virtualPath)}`;
  return `${origin}/api/files/stream?${query}`;
}
