// SABnzbd's words for what we call otherwise: categories, ids of lines, sizes. Pure.

import { cleanCategory } from './nzb-request.js';
import type { SabnzbdEntry } from './sabnzbd-deps.js';

/** No category, in SABnzbd's words and as a folder. */
const NONE = '*';
export const NO_CATEGORY = 'default';

const ADDRESS_ID = /^(.+)_([0-9a-f]{32})$/;
const MEBIBYTE = 1024 ** 2;
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** Our category for the one that a client names; a `*` inside it would say more than a name to clients. */
export function categoryOf(name: string | null): string {
  return name === null || /^(?:\*|none|default)?$/i.test(name) ? NO_CATEGORY : cleanCategory(name.replaceAll('*', '_'));
}

export function formatCategory(category: string): string {
  return category === NO_CATEGORY ? NONE : category;
}

/** The id of a line of the history, for ever the same. */
export function formatEntryId({ item, addressMd5 }: Pick<SabnzbdEntry, 'item' | 'addressMd5'>): string {
  return addressMd5 === null ? item.nzoId : `${item.nzoId}_${addressMd5}`;
}

/** What `formatEntryId` wrote: the item's own id, and the sum where there is one. */
export function parseEntryId(id: string): { readonly nzoId: string; readonly addressMd5: string | null } {
  const [, nzoId, addressMd5] = ADDRESS_ID.exec(id) ?? [];
  if (nzoId === undefined || addressMd5 === undefined) return { nzoId: id, addressMd5: null };
  return { nzoId, addressMd5 };
}

/** MiB with two decimals. */
export function formatMebibytes(sizeBytes: number): string {
  return (sizeBytes / MEBIBYTE).toFixed(2);
}

/** For people, like `1.4 GB` (of 1024). */
export function formatSize(sizeBytes: number): string {
  let size = sizeBytes;
  let unit = 0;
  for (; size > 1023 && unit < UNITS.length - 1; unit += 1) size /= 1024;
  return `${size.toFixed(unit < 2 ? 0 : 1)} ${UNITS[unit] ?? ''}`;
}
