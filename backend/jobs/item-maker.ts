// Makes items: their keys, ids and folders, and room for them. Knows nothing of how an item goes on. Bound: 100 000 items;
// when full, the oldest failed one is forgotten, and with none failed a new one is refused.

import { StorageFullError, type ContentId, type Source } from '../content/index.js';
import type { Clock, Logger } from '../platform/index.js';
import { countedFolder, folderNameOf } from './item-folder.js';
import { atStart, finished } from './item-progress.js';
import type { Item, ItemKind, ItemLibrary, ItemRequest, ItemStore } from './item-store.js';
import { contentKeyOf } from './job-key.js';

export interface ItemMakerOptions {
  readonly store: ItemStore;
  readonly library: ItemLibrary;
  readonly clock: Clock;
  readonly log: Logger;
  /** Default 100,000. */
  readonly maxItems?: number;
}

type NewItem = Pick<Item, 'itemKey' | 'contentId' | 'kind' | 'name' | 'category'> &
  Partial<Item> & { readonly source: Source };

const DEFAULT_MAX_ITEMS = 100_000;
const NZO_ID_DIGITS = 24;
/** Of what was prepared without being submitted. */
const CATEGORIES: Readonly<Record<ItemKind, string>> = { nzb: 'stremio', torrent: 'torrents', http: 'http' };

export class ItemMaker {
  constructor(private readonly o: ItemMakerOptions) {}

  /** A new item of this NZB. @throws {StorageFullError} when full */
  make({ source, name = source.name, category }: ItemRequest, itemKey: string): Item {
    const { contentId } = source;
    return this.#insert({ itemKey, contentId, kind: 'nzb', name, category, source });
  }

  /** See `Items.adopt`. */
  adopt(contentId: ContentId): Item | null {
    const { store, library, clock, log } = this.o;
    const release = library.get(contentId);
    if (release === null || store.countOfContent(contentId) > 0) return null;
    const { source, name } = release;
    const kind = kindOf(source);
    const made = { itemKey: contentKeyOf(source), contentId, kind, name, category: CATEGORIES[kind] };
    try {
      return this.#insert({ ...made, ...finished(clock.now()), source });
    } catch (err) {
      // What plays goes on playing; it is not listed.
      log.warn({ err, contentId }, 'What plays could not be kept as an item');
      return null;
    }
  }

  /** Under which addresses, and for whom: a program that files things by category looks for it there, and for
   * all of it. */
  noteSubmission(item: Item, request: ItemRequest): void {
    const { store } = this.o;
    const { id } = item;
    const { category, isFiledByCategory, addressMd5s = [] } = request;
    for (const sum of addressMd5s) store.noteAddress(id, sum);
    if (isFiledByCategory !== true) return;
    store.restoreFiles(id);
    if (store.placesOf(id).some((place) => place.category === category)) return;
    store.together(() => store.addPlace(id, { category, folder: this.#takeFolder(category, item.folder) }));
  }

  #insert({ source, ...made }: NewItem): Item {
    const { store, clock } = this.o;
    this.#makeRoom();
    const nzoId = `SABnzbd_nzo_${made.itemKey.slice(0, NZO_ID_DIGITS)}`;
    return store.together(() => {
      const folder = this.#takeFolder(made.category, folderNameOf(made.name, made.contentId));
      return store.insert({ ...atStart(clock.now()), ...made, nzoId, folder }, { source });
    });
  }

  #makeRoom(): void {
    const { store, clock, maxItems = DEFAULT_MAX_ITEMS } = this.o;
    if (store.count() < maxItems) return;
    const failed = store.oldestFailed();
    if (failed === null) throw new StorageFullError('There are too many items; remove some.');
    store.remove(failed.id, clock.now());
  }

  /** The first folder of this name that nothing stands in but, maybe, what failed: that gives way to the next free one. */
  #takeFolder(category: string, folder: string): string {
    const { store } = this.o;
    for (let count = 1; ; count += 1) {
      const counted = countedFolder(folder, count);
      const holder = store.byFolder(category, counted);
      if (holder?.status === 'failed') {
        store.movePlace(holder.id, { category, folder: this.#freeFolder(category, folder, count + 1) });
      }
      if (holder === null || holder.status === 'failed') return counted;
    }
  }

  #freeFolder(category: string, folder: string, from: number): string {
    for (let count = from; ; count += 1) {
      const counted = countedFolder(folder, count);
      if (this.o.store.byFolder(category, counted) === null) return counted;
    }
  }
}

function kindOf({ kind }: Source): ItemKind {
  if (kind === 'http') return kind;
  return kind === 'nzb' || kind === 'nzb-url' ? 'nzb' : 'torrent';
}
