import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContentId, NzbSource } from '../../../backend/content/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { ItemListings, ItemStore, openDatabase } from '../../../backend/storage/index.js';
import type { Database, HistoryWish, KeptItem } from '../../../backend/storage/index.js';

const [one, other] = ['1'.repeat(32), '2'.repeat(32)];
let database: Database;
let store: ItemStore;
let listings: ItemListings;

beforeEach(() => {
  database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
  store = new ItemStore(database);
  listings = new ItemListings(database);
});

afterEach(() => database.close());

/** An item that was completed, or as `more` has it; number gives its name and times. */
function keep(number: number, more: Partial<KeptItem> = {}): KeptItem {
  const contentId = String(number).repeat(64).slice(0, 64) as ContentId;
  const source: NzbSource = { kind: 'nzb', contentId, name: 'Film', passwords: [] };
  const done = { status: 'completed', stage: 'completed', percentage: 100, error: null, failedAt: null } as const;
  return store.insert(
    {
      ...{ nzoId: `nzo_${number}`, itemKey: `key ${number}`, contentId, kind: 'nzb', name: `Film ${number}` },
      ...{ category: 'tv', folder: `Film ${number}`, jobId: null, ...done, isFavourite: false },
      ...{ createdAt: 1_000 + number, completedAt: 2_000 + number, ...more },
    },
    { source },
  );
}

const failed = { status: 'failed', stage: 'failed', failedAt: 5, error: { code: 'NO_VIDEO', message: 'no' } } as const;

/** Names, or sums, in the order listed, and how many there are in all. */
function history(wish: Partial<HistoryWish> = {}): (string | number)[] {
  const { entries, total } = listings.history({ kind: 'nzb', limit: 100, offset: 0, ...wish });
  return [...entries.map(({ item, addressMd5 }) => addressMd5 ?? item.name), total];
}

describe('history', () => {
  it('history - lists what is over of a kind, last finished first, page by page', () => {
    keep(1, { completedAt: 9_000 });
    keep(2, { status: 'streamable', completedAt: null });
    keep(3, { status: 'queued' });
    keep(4, { status: 'processing' });
    keep(5, failed);
    keep(6, { kind: 'torrent' });
    expect(history()).toEqual(['Film 1', 'Film 5', 'Film 2', 3]);
    expect(history({ limit: 1, offset: 1 })).toEqual(['Film 5', 3]);
    expect(history({ isFailed: true })).toEqual(['Film 5', 1]);
    expect(history({ kind: 'torrent' })).toEqual(['Film 6', 1]);
  });

  it('history - what a client asked for again comes first', () => {
    const { id } = keep(1);
    keep(2);
    listings.list(id, { now: 3_000 });
    expect(history()).toEqual(['Film 1', 'Film 2', 2]);
  });

  it('history - a category holds its own and what clients asked for in it', () => {
    const { id } = keep(1);
    keep(2, { category: 'movies' });
    store.addPlace(id, { category: 'movies', folder: 'Film 1 for movies' });
    expect(history({ category: 'movies' })).toEqual(['Film 2', 'Film 1', 2]);
    expect(history({ category: 'tv' })).toEqual(['Film 1', 1]);
    const { entries } = listings.history({ kind: 'nzb', category: 'movies', limit: 9, offset: 0 });
    expect(entries.map(({ item }) => item.folder)).toEqual(['Film 2', 'Film 1 for movies']);
    expect(listings.categoriesOf('nzb')).toEqual(['movies', 'tv']);
    store.remove(id, 0);
    expect([history({ category: 'movies' }), listings.categoriesOf('nzb')]).toEqual([['Film 2', 1], ['movies']]);
    expect(listings.categoriesOf('torrent')).toEqual([]);
  });

  it('history - words are looked for in names whatever their capitals, and in sums', () => {
    const { id } = keep(1, { ...failed, name: 'The Paper Lantern' });
    store.noteAddress(id, one);
    expect(history({ search: 'PAPER' })).toEqual(['The Paper Lantern', 1]);
    expect(history({ search: one.slice(5) })).toEqual([one, 1]);
    expect(history({ search: '%' })).toEqual([0]);
  });

  it('history - those named are listed alone, whatever their category, without their addresses', () => {
    const { id } = keep(1, failed);
    keep(2);
    store.noteAddress(id, one);
    expect(history({ nzoIds: ['nzo_1', 'nzo_9'], category: 'movies' })).toEqual(['Film 1', 1]);
    expect(history({ nzoIds: [] })).toEqual([0]);
  });

  it('history - a dead release is listed by the sums of its addresses too; what failed for another reason is not', () => {
    const [dead, unlucky] = [keep(1, failed), keep(2, { ...failed, failedAt: null })];
    for (const sum of [other, one]) store.noteAddress(dead.id, sum);
    store.noteAddress(unlucky.id, other);
    expect(history()).toEqual(['Film 2', 'Film 1', one, other, 4]);
    expect(history({ limit: 2, offset: 1 })).toEqual(['Film 1', one, 4]);
    listings.forgetAddress(dead.id, one);
    expect(history()).toEqual(['Film 2', 'Film 1', other, 3]);
  });

  it('history - an address under which something else plays stands for no dead release', () => {
    const [dead, alive] = [keep(1, failed), keep(2)];
    store.noteAddress(dead.id, one);
    store.noteAddress(alive.id, one);
    expect(history()).toEqual(['Film 2', 'Film 1', 2]);
    store.remove(alive.id, 0);
    expect(history()).toEqual(['Film 1', one, 2]);
  });

  it('history - what was cleared away is listed again once a client asks for it', () => {
    const { id } = keep(1);
    listings.unlist(id);
    expect([history(), history({ nzoIds: ['nzo_1'] })]).toEqual([[0], [0]]);
    listings.list(id, { now: 1 });
    expect(history()).toEqual(['Film 1', 1]);
  });
});
