// What clients want to know of the server before they trust it: its version, its folders and categories. Our own settings
// are none of it.

import type { SabnzbdListings } from './sabnzbd-deps.js';
import { categoryOf, formatCategory, NO_CATEGORY } from './sabnzbd-words.js';

/** The SABnzbd that this dialect is one of, as clients compare it. */
export const SABNZBD_VERSION = '4.5.5';

const COMPLETE_FOLDER = '/complete';
/** What clients are set to when nobody changed it, so that their test finds it. */
const USUAL_CATEGORIES = ['tv', 'movies', 'sonarr', 'radarr', 'stremio'];

export function formatVersion(): Record<string, unknown> {
  return { version: SABNZBD_VERSION };
}

type Categories = Pick<SabnzbdListings, 'categoriesOf'>;

/** `*` first, then by name. */
export function formatCategories(listings: Categories): Record<string, unknown> {
  return { categories: foldersOf(listings).map(formatCategory) };
}

export function formatConfig(listings: Categories): Record<string, unknown> {
  const categories = foldersOf(listings).map((folder, order) => ({
    ...{ name: formatCategory(folder), order, dir: folder },
    ...{ pp: '3', script: 'None', newzbin: '', priority: 0 },
  }));
  // Nothing sorts, checks beforehand or clears the history: clients refuse or warn where something does.
  const misc = {
    ...{ complete_dir: COMPLETE_FOLDER, download_dir: '/incomplete', pre_check: false },
    ...{ enable_tv_sorting: false, enable_movie_sorting: false, enable_date_sorting: false },
    ...{ tv_categories: [], movie_categories: [], date_categories: [] },
    ...{ history_retention: '', history_retention_option: 'all', history_retention_number: 1 },
  };
  return { config: { misc, categories, servers: [], sorters: [] } };
}

export function formatStatus({ isPaused }: { readonly isPaused: boolean }): Record<string, unknown> {
  return {
    status: {
      ...{ version: SABNZBD_VERSION, paused: isPaused, pause_int: '0', uptime: '', warnings: [], servers: [] },
      ...{ completedir: COMPLETE_FOLDER, downloaddir: '/incomplete', folders: [], loadavg: '' },
    },
  };
}

function foldersOf(listings: Categories): string[] {
  // Other dialects know categories that no client of this one can name.
  const used = listings.categoriesOf('nzb').filter((name) => categoryOf(name) === name);
  const named = new Set([...USUAL_CATEGORIES, ...used]);
  named.delete(NO_CATEGORY);
  return [NO_CATEGORY, ...[...named].sort()];
}
