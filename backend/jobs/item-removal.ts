// How items go, and what goes with them: a content stays while one of its items plays, or is on its way; the document it is
// made from, while any item may be prepared again. What goes at once stays gone, whenever the server stops.

import type { ContentId } from '../content/index.js';
import type { Clock } from '../platform/index.js';
import type { Item, ItemJobs, ItemLibrary, ItemStore } from './item-store.js';

export interface ItemRemovalOptions {
  readonly store: ItemStore;
  readonly jobs: Pick<ItemJobs, 'cancelContent'>;
  readonly library: Pick<ItemLibrary, 'remove'>;
  /** Forgets what engines hold of a content that no item plays, and its document unless `keepsDocument`. */
  readonly removeContent: (contentId: ContentId, o: { readonly keepsDocument: boolean }) => Promise<void>;
  readonly clock: Clock;
}

export class ItemRemoval {
  constructor(
    private readonly o: ItemRemovalOptions,
    /** Called with each item that is gone, as it was. */
    private readonly gone: (item: Item) => void,
  ) {}

  /** See `Items.forgetContent`. */
  forgetContent(contentId: ContentId): void {
    const { store, library, clock } = this.o;
    const items = store.byContent(contentId);
    store.together(() => {
      library.remove(contentId, { isExpired: false });
      for (const { id } of items) store.remove(id, clock.now());
    });
    items.forEach(this.gone);
  }

  /** See `Items.remove`. */
  async remove(item: Item, { isExpired }: { readonly isExpired: boolean }): Promise<void> {
    const { store, jobs, library, clock, removeContent } = this.o;
    const { id, contentId } = item;
    const others = store.byContent(contentId).filter((other) => other.id !== id);
    const isStillWanted = others.some(({ status }) => status !== 'failed');
    store.together(() => {
      store.remove(id, clock.now());
      if (!isStillWanted) library.remove(contentId, { isExpired });
    });
    this.gone(item);
    if (isStillWanted) return;
    jobs.cancelContent(contentId);
    await removeContent(contentId, { keepsDocument: others.length > 0 });
  }
}
