// Where a file of an item is found: `/complete/<category>/<folder>/<path inside the release>`. Pure.

import type { Item } from '../jobs/index.js';

const ROOT = '/complete/';
const MAX_PATH_CHARACTERS = 8_192;

export interface VirtualPlace {
  readonly category: string;
  readonly folder: string;
  /** Path inside the release. */
  readonly filePath: string;
}

export function virtualPathOf({ category, folder }: Pick<Item, 'category' | 'folder'>, filePath: string): string {
  return `${ROOT}${category}/${folder}/${filePath}`;
}

/** Null for anything `virtualPathOf` does not write. */
export function splitVirtualPath(path: string): VirtualPlace | null {
  if (!path.startsWith(ROOT) || path.length > MAX_PATH_CHARACTERS) return null;
  const [category = '', folder = '', ...rest] = path.slice(ROOT.length).split('/');
  const filePath = rest.join('/');
  return category === '' || folder === '' || filePath === '' ? null : { category, folder, filePath };
}
