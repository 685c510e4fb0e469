// `history` and `retry`: the NZBs that play, and those that do not. A dead release has a line under its name and one for
// each sum of its addresses, by which clients leave it out of what they find whatever it is called there.

import { InputError, NotFoundError } from '../content/index.js';
import { folderFilesOf, type Item } from '../jobs/index.js';
import type { SabnzbdDeps, SabnzbdEntry } from './sabnzbd-deps.js';
import { notImplemented } from './sabnzbd-error.js';
import { SABNZBD_VERSION } from './sabnzbd-facts.js';
import type { SabnzbdRequest } from './sabnzbd-request.js';
import { categoryOf, formatCategory, formatEntryId, formatSize, parseEntryId } from './sabnzbd-words.js';

type Deps = Pick<SabnzbdDeps, 'items' | 'itemListings' | 'library'>;

/** Lines of one answer, also where the caller sets no limit; the rest is had with `start`. */
const MAX_LINES = 1_000;
/** Words for several, with what they leave out. */
const SEVERAL: Readonly<Record<string, (item: Item) => boolean>> = {
  all: () => true,
  failed: isFailed,
  completed: (item) => !isFailed(item),
};

export async function answerHistory(deps: Deps, request: SabnzbdRequest): Promise<Record<string, unknown>> {
  if (request.name === '') return { history: formatHistory(deps, request) };
  if (request.name !== 'delete') throw notImplemented();
  if (request.values.length === 0) throw new InputError('expects one parameter');
  for (const value of request.values) await clear(deps, value);
  return { status: true };
}

/** Prepares a failed one again. @throws {NotFoundError} for what did not fail */
export async function answerRetry(deps: Deps, { values }: SabnzbdRequest): Promise<Record<string, unknown>> {
  const item = deps.items.byNzoId(parseEntryId(values[0] ?? '').nzoId);
  if (item === null || !isFailed(item) || !(await deps.items.resume(item.id))) {
    throw new NotFoundError('item does not exist');
  }
  return { status: true, nzo_id: item.nzoId };
}

function formatHistory(deps: Deps, request: SabnzbdRequest): Record<string, unknown> {
  const { start, limit, category, search, isFailedOnly, nzoIds } = request;
  const asked = category === null ? null : categoryOf(category);
  const { entries, total } = deps.itemListings.history({
    kind: 'nzb',
    category: asked,
    search,
    limit: limit === 0 ? MAX_LINES : Math.min(limit, MAX_LINES),
    offset: start,
    ...(isFailedOnly ? { isFailed: true } : {}),
    ...(nzoIds === null ? {} : { nzoIds }),
  });
  // Whoever asks for a category sees what it put there, wherever that stood before; whoever asks for an item, where it is.
  const slots = entries.map((entry) =>
    formatEntry(deps, entry, (nzoIds === null ? asked : null) ?? entry.item.category),
  );
  return { slots, noofslots: total, ppslots: 0, version: SABNZBD_VERSION };
}

function formatEntry(deps: Deps, entry: SabnzbdEntry, category: string): Record<string, unknown> {
  const { item, addressMd5 } = entry;
  const hasFailed = isFailed(item);
  const name = addressMd5 ?? nameOf(entry);
  const storage = hasFailed ? '' : `/complete/${item.category}/${item.folder}`;
  const bytes = hasFailed ? 0 : sizeOf(deps, item);
  const seconds = (epochMs: number): number => Math.floor(epochMs / 1_000);
  const completed = seconds(item.completedAt ?? item.createdAt);
  return {
    ...{ nzo_id: formatEntryId(entry), name, nzb_name: `${name}.nzb`, category: formatCategory(category) },
    ...{ status: hasFailed ? 'Failed' : 'Completed', storage, path: storage, bytes, size: formatSize(bytes) },
    fail_message: hasFailed ? (item.error?.message ?? 'It could not be prepared.') : '',
    ...{ completed, time_added: seconds(item.createdAt), postproc_time: 0, downloaded: bytes },
    download_time: Math.max(0, completed - seconds(item.createdAt)),
    ...{ pp: 'D', script: 'None', script_line: '', action_line: '', stage_log: [], loaded: false, archive: false },
    ...{ url: '', url_info: '', report: '', series: '', md5sum: '', password: '', retry: hasFailed },
  };
}

/**
 * Clients find the line of a folder by its name: what failed leaves the name to what plays under it, as a second folder of
 * one name does.
 */
function nameOf({ item, hasNamesake }: SabnzbdEntry): string {
  if (!isFailed(item)) return item.folder;
  if (!hasNamesake) return item.name;
  return item.folder === item.name ? `${item.name} (2)` : item.folder;
}

function sizeOf({ library }: Deps, { contentId }: Item): number {
  return folderFilesOf(library.get(contentId)?.files ?? []).reduce((bytes, { file }) => bytes + file.sizeBytes, 0);
}

/** What plays stays in the library and only leaves the history, as with SABnzbd; what failed is forgotten. */
async function clear(deps: Deps, value: string): Promise<void> {
  const fits = SEVERAL[value.toLowerCase()];
  if (fits !== undefined) {
    for (const item of allOf(deps).filter(fits)) await clearItem(deps, item);
    return;
  }
  const { nzoId, addressMd5 } = parseEntryId(value);
  const item = deps.items.byNzoId(nzoId);
  if (item?.kind !== 'nzb') return;
  if (addressMd5 === null) await clearItem(deps, item);
  else deps.itemListings.forgetAddress(item.id, addressMd5);
}

async function clearItem({ items, itemListings }: Deps, item: Item): Promise<void> {
  if (isFailed(item)) await items.remove(item.id);
  else if (item.status === 'streamable' || item.status === 'completed') itemListings.unlist(item.id);
}

function allOf({ itemListings }: Deps): Item[] {
  const found: Item[] = [];
  for (let offset = 0; ; offset += MAX_LINES) {
    const { entries } = itemListings.history({ kind: 'nzb', limit: MAX_LINES, offset });
    found.push(...entries.filter(({ addressMd5 }) => addressMd5 === null).map(({ item }) => item));
    if (entries.length < MAX_LINES) return found;
  }
}

function isFailed({ status }: Item): boolean {
  return status === 'failed';
}
