// What stands in folders, and what was submitted, as listings read it.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { ContentId, NzbSource } from '../../../backend/content/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { ItemIndex, ItemStore, Library, openDatabase } from '../../../backend/storage/index.js';
import type { Database, KeptItem } from '../../../backend/storage/index.js';
import { ManualClock } from '../../support/manual-clock.js';

let database: Database;
let items: ItemStore;
let library: Library;
let index: ItemIndex;
let clock: ManualClock;
let count = 0;

beforeEach(() => {
  clock = new ManualClock();
  count = 0;
  database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
  items = new ItemStore(database);
  library = new Library(database, clock);
  index = new ItemIndex(database);
});

afterEach(() => database.close());

interface Kept extends Partial<KeptItem> {
  readonly isInLibrary?: boolean;
}

function keep(category: string, folder: string, { isInLibrary = true, ...more }: Kept = {}): KeptItem {
  const number = ++count;
  const contentId = createHash('sha256').update(String(number)).digest('hex') as ContentId;
  const source: NzbSource = { kind: 'nzb', contentId, name: folder, passwords: [] };
  if (isInLibrary) library.remember({ contentId, name: folder, files: [], source });
  const item: Omit<KeptItem, 'id'> = {
    ...{ nzoId: `nzo ${number}`, itemKey: `key ${number}`, contentId, kind: 'nzb', name: folder, category, folder },
    ...{ jobId: null, status: 'completed', stage: 'completed', percentage: 100, error: null, failedAt: null },
    ...{ createdAt: 1_000 + number, completedAt: null, isFavourite: false },
    ...more,
  };
  return items.insert(item, { source });
}

function foldersOf(category: string, page: { readonly after?: string; readonly limit: number }): string[] {
  return index.folders(category, page).map(({ folder }) => folder);
}

describe('folders', () => {
  it('categories - of what plays alone, by name, with the moment of their newest', () => {
    keep('tv', 'A');
    keep('tv', 'B', { createdAt: 9_000 });
    keep('movies', 'C');
    keep('failed', 'D', { status: 'failed' });
    keep('waiting', 'E', { status: 'processing' });
    keep('gone', 'F', { isInLibrary: false });
    expect(index.categories()).toEqual([
      { name: 'movies', changedAt: 1_003 },
      { name: 'tv', changedAt: 9_000 },
    ]);
    for (const category of index.categories()) expect(index.category(category.name)).toEqual(category);
    for (const name of ['failed', 'waiting', 'gone', 'none', 'TV']) expect(index.category(name)).toBeNull();
  });

  it('folders - of one category, by name, a page at a time, each once', () => {
    for (const folder of ['b', 'a', 'Z', 'ä', '🎬', 'a (2)']) keep('tv', folder);
    keep('movies', 'c');
    const whole = foldersOf('tv', { limit: 100 });
    expect(whole).toEqual(['Z', 'a', 'a (2)', 'b', 'ä', '🎬']);
    const paged: string[] = [];
    for (
      let page = foldersOf('tv', { limit: 2 });
      page.length > 0;
      page = foldersOf('tv', { after: page.at(-1)!, limit: 2 })
    )
      paged.push(...page);
    expect(paged).toEqual(whole);
    expect(foldersOf('none', { limit: 100 })).toEqual([]);
  });

  it('folders - only of what plays, with the moment its content came', () => {
    keep('tv', 'plays', { status: 'streamable' });
    keep('tv', 'failed', { status: 'failed' });
    keep('tv', 'queued', { status: 'queued' });
    keep('tv', 'not in the library', { isInLibrary: false });
    expect(index.folders('tv', { limit: 10 })).toMatchObject([{ folder: 'plays', addedAt: clock.now() }]);
  });
});

describe('submitted', () => {
  it('submitted - everything of its kind, however it ended, oldest first, a page at a time', () => {
    const ids = [
      keep('tv', 'b'),
      keep('movies', 'a', { status: 'failed' }),
      keep('tv', 'c', { status: 'queued', isInLibrary: false }),
    ].map(({ id }) => id);
    keep('torrents', 'd', { kind: 'torrent' });
    expect(index.submitted('nzb', { limit: 10 }).map(({ id }) => id)).toEqual(ids);
    expect(index.submitted('nzb', { after: ids[0]!, limit: 1 }).map(({ id }) => id)).toEqual([ids[1]]);
    expect(index.submitted('http', { limit: 10 })).toEqual([]);
    expect(index.submitted('torrent', { limit: 10 })).toHaveLength(1);
  });

  it('submitted - knows how large its document is once that was noted', () => {
    const { id } = keep('tv', 'a');
    expect(index.submittedById('nzb', id)?.documentBytes).toBeNull();
    items.setDocumentBytes(id, 123);
    expect(index.submitted('nzb', { limit: 1 })[0]?.documentBytes).toBe(123);
  });

  it('submitted - of equal names across categories the first is told from the others', () => {
    const first = keep('tv', 'Same');
    const second = keep('movies', 'Same');
    keep('torrents', 'Same', { kind: 'torrent' });
    expect(index.submitted('nzb', { limit: 10 }).map(({ isFirstOfName }) => isFirstOfName)).toEqual([true, false]);
    expect(index.firstSubmitted('nzb', 'Same')?.id).toBe(first.id);
    items.remove(first.id, 0);
    expect(index.firstSubmitted('nzb', 'Same')).toMatchObject({ id: second.id, isFirstOfName: true });
    expect([index.firstSubmitted('nzb', 'same'), index.submittedById('torrent', second.id)]).toEqual([null, null]);
    expect(index.submittedById('nzb', 0.5)).toBeNull();
  });
});
