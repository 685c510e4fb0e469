import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContentId } from '../../../backend/content/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { ItemIndex, ItemStore, Library, openDatabase } from '../../../backend/storage/index.js';
import type { Database, KeptItem } from '../../../backend/storage/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { nzbRelease } from '../../support/nzb-lab.js';

const DAY_MS = 86400e3;
let clock: ManualClock;
let database: Database;
let library: Library;
let store: ItemStore;
let index: ItemIndex;

beforeEach(() => {
  clock = new ManualClock();
  database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
  library = new Library(database, clock);
  store = new ItemStore(database);
  index = new ItemIndex(database);
});

afterEach(() => database.close());

/** An item of this name, its content in the library unless it says otherwise. */
function keep(name: string, more: Partial<KeptItem> = {}, isInLibrary = true): KeptItem {
  const { contentId, source, ...release } = nzbRelease(name, [[`${name}.mkv`, 10]]);
  if (isInLibrary) library.remember({ contentId, source, ...release });
  const made = { itemKey: `key ${name}`, nzoId: `nzo ${name}`, contentId, name, folder: name, ...more };
  const status = { status: 'completed', stage: 'completed', percentage: 100, jobId: null } as const;
  const times = { createdAt: clock.now(), completedAt: clock.now(), error: null, failedAt: null };
  return store.insert(
    { kind: 'nzb', category: 'stremio', isFavourite: false, ...status, ...times, ...made },
    { source },
  );
}

const all = { words: [], limit: 50, offset: 0 };
const namesOf = (wish: Partial<Parameters<ItemIndex['library']>[0]>): string[] =>
  index.library({ ...all, ...wish }).items.map(({ name }) => name);

describe('the library, listed', () => {
  it('library - what plays, newest first, a page at a time, with the number of all', () => {
    for (const name of ['One', 'Two', 'Three']) keep(name);
    keep('Failed', { status: 'failed' });
    keep('Gone', {}, false);
    expect(namesOf({})).toEqual(['Three', 'Two', 'One']);
    const page = index.library({ ...all, limit: 2, offset: 2 });
    expect([page.items.map(({ name }) => name), page.total]).toEqual([['One'], 3]);
    const after = (id: number | null): string[] =>
      index.libraryAfter({ words: ['e'], limit: 2, after: id }).map(({ name }) => name);
    expect([after(null), after(page.items[0]?.id ?? null)]).toEqual([['Three', 'One'], []]);
  });

  it('library - by words in any order, case and accents left aside', () => {
    keep('The.Öpen.Harbour.2024.1080p');
    keep('Öpen 100%_sure');
    for (const words of [['open', 'HARBOUR'], ['harbour', 'Öpen'], ['2024.1080P']])
      expect(namesOf({ words })).toEqual(['The.Öpen.Harbour.2024.1080p']);
    expect(namesOf({ words: ['100%_'] })).toEqual(['Öpen 100%_sure']);
    expect(namesOf({ words: ['%'] })).toEqual(['Öpen 100%_sure']);
    expect(namesOf({ words: ['open', 'nothing'] })).toEqual([]);
  });

  it('library - by kind, category and favourites', () => {
    const one = keep('One', { category: 'tv' });
    keep('Two', { kind: 'torrent' });
    store.setFavourite(one.id, true);
    expect([namesOf({ kind: 'torrent' }), namesOf({ category: 'tv' }), namesOf({ isFavourite: true })]).toEqual([
      ['Two'],
      ['One'],
      ['One'],
    ]);
    expect(index.library({ ...all, kind: 'http' })).toEqual({ items: [], total: 0 });
  });

  it('listed - tells when it came, was used and played, and its title; any item, and none of another id', async () => {
    const addedAt = clock.now();
    const film = nzbRelease('Film', [['Film.mkv', 10]]);
    library.remember(film, { titleId: 'tt0000001' });
    await clock.advance(DAY_MS);
    const { id } = keep('Film');
    library.notePlayed(film.contentId);
    const playedAt = clock.now();
    expect(index.listed(id)).toMatchObject({ addedAt, usedAt: playedAt, playedAt, titleId: 'tt0000001' });
    const gone = keep('Gone', { status: 'failed' }, false);
    expect(index.listed(gone.id)).toMatchObject({ addedAt: clock.now(), usedAt: null, playedAt: null, titleId: null });
    expect([index.listed(99), index.listed(0.5)]).toEqual([null, null]);
  });

  it('playable - in the order of ids, after one of them', () => {
    const [one, , three] = [keep('One'), keep('Gone', {}, false), keep('Three')];
    expect(index.playable({ limit: 5 }).map(({ id }) => id)).toEqual([one?.id, three?.id]);
    expect(index.playable({ after: one?.id ?? 0, limit: 1 }).map(({ id }) => id)).toEqual([three?.id]);
  });

  it('pages by id - are read in that order, none sorts what is in the library', () => {
    const prepare = database.sql.prepare.bind(database.sql);
    const seen: string[] = [];
    database.sql.prepare = (text: string) => (seen.push(text), prepare(text));
    new ItemIndex(database);
    const paged = seen.filter((text) => /ORDER BY items\.id\b[^,]*LIMIT/.test(text));
    const plans = paged.flatMap((text) => {
      const given = text.includes('?') ? [...text.matchAll(/\?/g)].map(() => 1) : [{}];
      const names = [...text.matchAll(/@(\w+)/g)].map(([, name]) => [name, 1] as const);
      const values: unknown[] = names.length > 0 ? [Object.fromEntries(names)] : given;
      return prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`).all(...values);
    });
    expect(paged.length).toBeGreaterThan(2);
    expect(plans.filter(({ detail }) => detail.includes('TEMP B-TREE'))).toEqual([]);
  });
});

describe('what nobody uses', () => {
  it('unused - the longest unused first; no favourites, nothing that waits or is used', async () => {
    const before = clock.now() + DAY_MS;
    const [one, two, three] = ['One', 'Two', 'Three'].map((name) => keep(name));
    keep('Waiting', { status: 'queued' });
    store.setFavourite(keep('Favourite').id, true);
    await clock.advance(1_000_000);
    if (one !== undefined) library.touch(one.contentId);
    const unused = (): number[] => index.unusedSince(before, { limit: 2 }).map(({ id }) => id);
    expect(unused()).toEqual([two?.id, three?.id]);
    await clock.advance(DAY_MS);
    if (two !== undefined) library.notePlayed(two.contentId);
    expect(unused()).toEqual([three?.id, one?.id]);
    expect([one, two].map((item) => index.isUnusedSince(item?.id ?? 0, before))).toEqual([true, false]);
  });

  it('unused - what failed goes by when it ended', async () => {
    const failed = keep('Failed', { status: 'failed' }, false);
    expect(index.unusedSince(clock.now(), { limit: 5 })).toEqual([]);
    expect(index.unusedSince(clock.now() + 1, { limit: 5 }).map(({ id }) => id)).toEqual([failed.id]);
  });
});

describe('contents without an item', () => {
  it('contents - the oldest first; a place in the list can be passed over', async () => {
    const ids: ContentId[] = [];
    for (const name of ['One', 'Two', 'Three']) {
      const release = nzbRelease(name, [['a.mkv', 1]]);
      library.remember(release);
      ids.push(release.contentId);
      await clock.advance(1);
    }
    expect(index.contentsWithoutItem({ limit: 2 })).toEqual(ids.slice(0, 2));
    expect(index.contentsWithoutItem({ limit: 2, offset: 2 })).toEqual(ids.slice(2));
    keep('Two');
    expect(index.contentsWithoutItem({ limit: 5 })).toEqual([ids[0], ids[2]]);
  });
});
