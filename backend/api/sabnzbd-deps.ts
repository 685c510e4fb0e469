// What the SABnzbd dialect needs of the rooms below. The rooms' own classes fit as they are.

import type { ContentId, NzbSource, Release } from '../content/index.js';
import type { Item, ItemRequest, Submission } from '../jobs/index.js';
import type { Clock, Logger } from '../platform/index.js';
import type { KeyAccess } from './guard.js';
import type { NzbIntake } from './nzb-deps.js';

export interface SabnzbdItems {
  submit(request: ItemRequest): Promise<Submission>;
  bySource(source: NzbSource): Item | null;
  byNzoId(nzoId: string): Item | null;
  /** Every category it was submitted for, with its folder there. */
  placesOf(id: number): readonly Pick<Item, 'category' | 'folder'>[];
  /** Oldest first. */
  listOpen(): Item[];
  /** False when there is nothing to pause. */
  pause(id: number): boolean;
  /** Prepares what was paused or failed; false for others. */
  resume(id: number): Promise<boolean>;
  /** Forgets it and its content. */
  remove(id: number): Promise<boolean>;
}

/** One line of the history: an item or, with a sum, an address it came with. */
export interface SabnzbdEntry {
  readonly item: Item;
  readonly addressMd5: string | null;
  /** It does not play, and something else does in a folder of its name. */
  readonly hasNamesake: boolean;
}

export interface SabnzbdListings {
  history(wish: {
    readonly kind: 'nzb';
    readonly category?: string | null;
    readonly search?: string;
    readonly isFailed?: true;
    readonly nzoIds?: readonly string[];
    readonly limit: number;
    readonly offset: number;
  }): { readonly entries: readonly SabnzbdEntry[]; readonly total: number };
  categoriesOf(kind: 'nzb'): readonly string[];
  list(id: number, o: { readonly now: number }): void;
  unlist(id: number): void;
  forgetAddress(id: number, addressMd5: string): void;
}

export interface SabnzbdDeps {
  readonly usenet: NzbIntake;
  readonly items: SabnzbdItems;
  readonly itemListings: SabnzbdListings;
  readonly library: { get(contentId: ContentId): Release | null };
  readonly access: KeyAccess;
  /** Pages of these origins may read the answers. */
  readonly corsOrigins: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
}
