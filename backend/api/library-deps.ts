// What the library's dialect needs of the rooms below. The rooms' own classes fit as they are.

import type { ContentId, Release } from '../content/index.js';
import type { Item, ItemKind } from '../jobs/index.js';
import type { Logger } from '../platform/index.js';
import type { AdminAccess } from './admin-guard.js';
import type { ReleaseHealth } from './info.js';
import type { NzbAccess } from './nzb-deps.js';

/** An item with what the library knows of its content. Times are epoch ms. */
export interface LibraryItem extends Item {
  readonly addedAt: number;
  readonly usedAt: number | null;
  readonly playedAt: number | null;
  readonly titleId: string | null;
}

/** Which items are listed. */
export interface LibraryFilter {
  /** What the name holds, all of it. */
  readonly words: readonly string[];
  readonly kind?: ItemKind;
  readonly category?: string;
  readonly isFavourite?: true;
}

/** What plays, newest first. */
export interface LibraryIndex {
  library(wish: LibraryFilter & { readonly limit: number; readonly offset: number }): {
    readonly items: readonly LibraryItem[];
    readonly total: number;
  };
  /** The same without counting, older than the item with this id. */
  libraryAfter(wish: LibraryFilter & { readonly limit: number; readonly after: number | null }): readonly LibraryItem[];
  /** Any item, whether or not it plays. */
  listed(id: number): LibraryItem | null;
}

/** How a torrent is doing that is loaded. */
export interface TorrentHealth {
  readonly state: 'initializing' | 'live' | 'paused' | 'error';
  readonly error: string | null;
  readonly peers: { readonly connected: number; readonly queued: number; readonly seen: number };
}

/** What is known of a content without looking: asked for the page that is shown. */
export interface Holdings {
  /** Room it takes on disk; null where nobody knows. */
  diskBytes(contentId: ContentId, kind: ItemKind): number | null;
  healthOf(contentId: ContentId, kind: ItemKind): ReleaseHealth | TorrentHealth | null;
}

export interface LibraryDeps extends AdminAccess {
  readonly access: Pick<NzbAccess, 'isOpen' | 'isApiKey' | 'signPath'>;
  readonly index: LibraryIndex;
  readonly items: {
    setFavourite(id: number, isFavourite: boolean): boolean;
    remove(id: number): Promise<boolean>;
  };
  readonly library: {
    get(contentId: ContentId): Release | null;
    /** By the file's index, in the form `readKeptFacts` reads. */
    mediaOf(contentId: ContentId): ReadonlyMap<number, unknown>;
  };
  readonly holdings: Holdings;
  readonly corsOrigins: readonly string[];
  readonly log: Logger;
}
