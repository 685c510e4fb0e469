// `queue`, `pause`, `resume`, `switch`: the NZBs that wait or are worked on. Order and priority are nobody's to change: what
// is played goes first.

import { InputError } from '../content/index.js';
import { folderFilesOf, isPaused, type Item } from '../jobs/index.js';
import type { SabnzbdDeps } from './sabnzbd-deps.js';
import { notImplemented } from './sabnzbd-error.js';
import { SABNZBD_VERSION } from './sabnzbd-facts.js';
import type { SabnzbdRequest } from './sabnzbd-request.js';
import { categoryOf, formatCategory, formatMebibytes, formatSize } from './sabnzbd-words.js';

type Deps = Pick<SabnzbdDeps, 'items' | 'library'>;

/** SABnzbd tells no time for what it cannot foresee. */
const NO_TIME = '0:00:00';

/** Of whatever is listed, or what became of those that `name` was done to. */
export async function answerQueue(deps: Deps, request: SabnzbdRequest): Promise<Record<string, unknown>> {
  const chosen = (): Item[] => openOf(deps).filter((item) => isChosen(item, request.values));
  switch (request.name) {
    case '':
      return { queue: formatQueue(deps, request) };
    case 'delete':
      return changed(await where(chosen(), ({ id }) => deps.items.remove(id)));
    case 'pause':
      return changed(await where(chosen(), ({ id }) => Promise.resolve(deps.items.pause(id))));
    case 'resume':
      return changed(await where(chosen().filter(isPaused), ({ id }) => deps.items.resume(id)));
    case 'priority':
      return { position: positionOf(deps, request.values[0]) };
    default:
      throw notImplemented();
  }
}

/** Everything that is open waits until it is resumed. */
export async function pauseAll(deps: Deps): Promise<Record<string, unknown>> {
  await where(openOf(deps), ({ id }) => Promise.resolve(deps.items.pause(id)));
  return { status: true };
}

export async function resumeAll(deps: Deps): Promise<Record<string, unknown>> {
  await where(openOf(deps).filter(isPaused), ({ id }) => deps.items.resume(id));
  return { status: true };
}

/** Both stay where they are. */
export function answerSwitch(deps: Deps, request: SabnzbdRequest): Record<string, unknown> {
  if (request.values.length === 0 || request.secondValue === '') throw new InputError('expects two parameters');
  return { result: { position: positionOf(deps, request.values[0]), priority: 0 } };
}

/** True while there is something to do and all of it waits to be resumed. */
export function isAllPaused(deps: Pick<Deps, 'items'>): boolean {
  const open = openOf(deps);
  return open.length > 0 && open.every(isPaused);
}

function openOf({ items }: Pick<Deps, 'items'>): Item[] {
  return items.listOpen().filter(({ kind }) => kind === 'nzb');
}

function isChosen({ nzoId }: Item, values: readonly string[]): boolean {
  return values.includes(nzoId) || values.some((value) => value.toLowerCase() === 'all');
}

/** One after the other; those for which it was done. */
async function where(items: readonly Item[], change: (item: Item) => Promise<boolean>): Promise<Item[]> {
  const done: Item[] = [];
  for (const item of items) if (await change(item)) done.push(item);
  return done;
}

function changed(items: readonly Item[]): Record<string, unknown> {
  return { status: true, nzo_ids: items.map(({ nzoId }) => nzoId) };
}

function positionOf(deps: Deps, nzoId: string | undefined): number {
  return openOf(deps).findIndex((item) => item.nzoId === nzoId);
}

function formatQueue(deps: Deps, { start, limit, category, search, nzoIds }: SabnzbdRequest): Record<string, unknown> {
  const open = openOf(deps);
  const asked = category === null ? null : categoryOf(category);
  const fitting = open.filter(
    (item) =>
      (asked === null || deps.items.placesOf(item.id).some((place) => place.category === asked)) &&
      item.name.toLowerCase().includes(search.toLowerCase()) &&
      (nzoIds === null || nzoIds.includes(item.nzoId)),
  );
  const sized = fitting.map((item) => ({ item, ...bytesOf(deps, item) }));
  const sum = (of: 'sizeBytes' | 'leftBytes'): number => sized.reduce((bytes, each) => bytes + each[of], 0);
  const isQueuePaused = isAllPaused(deps);
  const shown = sized.slice(start, limit === 0 ? undefined : start + limit);
  return {
    ...{ version: SABNZBD_VERSION, paused: isQueuePaused, pause_int: '0', paused_all: false, speedlimit: '100' },
    ...{ status: isQueuePaused ? 'Paused' : open.length > 0 ? 'Downloading' : 'Idle', speed: '0', kbpersec: '0.00' },
    ...{ mb: formatMebibytes(sum('sizeBytes')), mbleft: formatMebibytes(sum('leftBytes')), timeleft: NO_TIME },
    ...{ size: formatSize(sum('sizeBytes')), sizeleft: formatSize(sum('leftBytes')) },
    ...{ noofslots: fitting.length, noofslots_total: open.length, start, limit, finish: start + limit },
    // As in the history: whoever asks for a category sees what it put there; whoever asks for an item, where it is.
    slots: shown.map((each, place) =>
      formatSlot(each, { index: start + place, category: (nzoIds === null ? asked : null) ?? each.item.category }),
    ),
  };
}

interface SizedItem {
  readonly item: Item;
  readonly sizeBytes: number;
  readonly leftBytes: number;
}

function formatSlot(
  { item, sizeBytes, leftBytes }: SizedItem,
  { index, category }: { readonly index: number; readonly category: string },
): Record<string, unknown> {
  return {
    ...{ index, nzo_id: item.nzoId, filename: item.name, cat: formatCategory(category), priority: 'Normal' },
    ...{ status: isPaused(item) ? 'Paused' : item.status === 'queued' ? 'Queued' : 'Downloading' },
    ...{ percentage: String(Math.floor(item.percentage)), timeleft: NO_TIME, avg_age: '-' },
    ...{ mb: formatMebibytes(sizeBytes), mbleft: formatMebibytes(leftBytes), mbmissing: '0.00' },
    ...{ size: formatSize(sizeBytes), sizeleft: formatSize(leftBytes) },
    ...{ script: 'None', unpackopts: '3', labels: [], password: '', direct_unpack: '0/0' },
  };
}

/** Nothing is known of what is new. */
function bytesOf({ library }: Deps, item: Item): { readonly sizeBytes: number; readonly leftBytes: number } {
  const files = folderFilesOf(library.get(item.contentId)?.files ?? []);
  const sizeBytes = files.reduce((bytes, { file }) => bytes + file.sizeBytes, 0);
  return { sizeBytes, leftBytes: Math.round(sizeBytes * (1 - item.percentage / 100)) };
}
