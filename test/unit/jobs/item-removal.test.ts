import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContentId } from '../../../backend/content/index.js';
import { Items, type Item, type ItemsOptions } from '../../../backend/jobs/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { ItemStore, Library, openDatabase } from '../../../backend/storage/index.js';
import type { Database } from '../../../backend/storage/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { NotedLog } from '../../support/noted-log.js';
import { nzbRelease } from '../../support/nzb-lab.js';

const film = nzbRelease('Film.2024', [['Film.2024.mkv', 2_000]]);
const { contentId } = film;
const clock = new ManualClock();
let database: Database;
let library: Library;
let store: ItemStore;
let items: Items;
let removed: (readonly [ContentId, { readonly keepsDocument: boolean }])[];
let cancelled: ContentId[];

beforeEach(() => {
  database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
  library = new Library(database, clock);
  store = new ItemStore(database);
  [removed, cancelled] = [[], []];
  const removeContent: ItemsOptions['removeContent'] = (...removal) => {
    removed.push(removal);
    return Promise.resolve();
  };
  const jobs: Pick<ItemsOptions['jobs'], 'get' | 'cancelContent'> = {
    get: () => null,
    cancelContent: (id) => cancelled.push(id),
  };
  items = new Items({
    ...{ store, library, removeContent, clock },
    jobs: jobs as ItemsOptions['jobs'],
    log: new NotedLog(),
  });
  library.remember(film);
});

afterEach(() => {
  items.close();
  database.close();
});

/** The film's item, and a twin with other passwords. */
function twins(status: Item['status']): readonly [Item, Item] {
  const item = items.adopt(contentId);
  if (item === null) throw new Error('It is no item.');
  const other = { nzoId: 'twin', itemKey: 'twin', folder: 'Twin', status, stage: status };
  return [item, store.insert({ ...item, ...other }, { source: film.source })];
}

describe('removing one item of a content', () => {
  it('items - what played is gone also where a twin with other passwords failed, which can be tried again', async () => {
    const [item, twin] = twins('failed');
    await items.remove(item.id);
    expect([library.get(contentId), library.isUnwanted(contentId), cancelled]).toEqual([null, true, [contentId]]);
    expect(removed).toEqual([[contentId, { keepsDocument: true }]]);
    await items.remove(twin.id);
    expect(removed.at(-1)).toEqual([contentId, { keepsDocument: false }]);
  });

  it.each(['queued', 'processing', 'streamable', 'completed'] as const)(
    'items - the content stays while a twin is %s',
    async (status) => {
      const [item] = twins(status);
      await items.remove(item.id);
      expect([library.get(contentId)?.name, removed, cancelled]).toEqual(['Film.2024', [], []]);
    },
  );
});

describe('a removal that is cut short', () => {
  const fallOver = (): never => {
    throw new Error('The disk fell over.');
  };

  it('items - is none: neither the item nor its content is gone', async () => {
    const told: string[] = [];
    items.subscribeRemovals(({ name }) => told.push(name));
    const item = items.adopt(contentId);
    library.remove = fallOver;
    await expect(items.remove(item?.id ?? 0)).rejects.toThrow(/fell over/);
    expect([items.get(item?.id ?? 0), store.count(), told]).toEqual([item, 1, []]);
  });

  it('items - is none where the content goes with all its items', () => {
    const [item, twin] = twins('completed');
    const remove = store.remove.bind(store);
    store.remove = (id, now) => (id === twin.id ? fallOver() : remove(id, now));
    expect(() => items.forgetContent(contentId)).toThrow(/fell over/);
    expect([items.get(item.id), library.get(contentId)?.name]).toEqual([item, 'Film.2024']);
    store.remove = remove;
    items.forgetContent(contentId);
    expect([store.count(), library.isUnwanted(contentId)]).toEqual([0, true]);
  });
});
