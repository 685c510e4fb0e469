import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ItemMaker } from '../../../backend/jobs/item-maker.js';
import type { Item, ItemRequest } from '../../../backend/jobs/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { ItemIndex, ItemStore, Library, openDatabase } from '../../../backend/storage/index.js';
import type { Database } from '../../../backend/storage/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { NotedLog } from '../../support/noted-log.js';
import { nzbSource } from '../../support/nzb-lab.js';

let database: Database;
let store: ItemStore;
let maker: ItemMaker;

beforeEach(() => {
  const clock = new ManualClock();
  database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
  store = new ItemStore(database);
  maker = new ItemMaker({ store, library: new Library(database, clock), clock, log: new NotedLog() });
});

afterEach(() => database.close());

/** An item called `Repost.2024`, in both categories. */
function make(content: string): Item {
  const source = { ...nzbSource(content), name: 'Repost.2024' };
  const item = maker.make({ source, category: 'movies' }, content);
  const request: ItemRequest = { source, category: 'tv', isFiledByCategory: true };
  maker.noteSubmission(item, request);
  return item;
}

const foldersOf = ({ id }: Item): string[] => store.placesOf(id).map(({ folder }) => folder);

it('items - what failed holds no name: what comes after it under the same one has it, in every category', () => {
  const dead = make('dead');
  store.update({ ...dead, status: 'failed', stage: 'failed' });
  const good = make('good');
  expect(foldersOf(good)).toEqual(['Repost.2024', 'Repost.2024']);
  expect(foldersOf(dead)).toEqual(['Repost.2024 (2)', 'Repost.2024 (2)']);
  expect([good.folder, store.get(dead.id)?.folder]).toEqual(['Repost.2024', 'Repost.2024 (2)']);
  store.update({ ...dead, status: 'completed', stage: 'completed' });
  expect(foldersOf(make('another'))).toEqual(['Repost.2024 (3)', 'Repost.2024 (3)']);
  expect(foldersOf(dead)).toEqual(['Repost.2024 (2)', 'Repost.2024 (2)']);
});

it('items - files that were removed from its folder are back when a program that files it asks for it again', () => {
  const index = new ItemIndex(database);
  const item = make('pack');
  const removed = (): string[] => [...(index.removedFiles([item.id]).get(item.id) ?? [])];
  const request = { source: nzbSource('pack'), category: 'tv' };
  for (const paths of [['one.mkv', 'other.mkv'], ['one.mkv']]) store.removeFiles(item.id, paths);
  maker.noteSubmission(item, request);
  expect(removed()).toEqual(['one.mkv', 'other.mkv']);
  maker.noteSubmission(item, { ...request, isFiledByCategory: true });
  expect(removed()).toEqual([]);
  store.removeFiles(item.id, ['one.mkv']);
  store.remove(item.id, 0);
  expect(removed()).toEqual([]);
});

it('items - what failed under a counted name gives that way, too', () => {
  make('good');
  const dead = make('dead');
  store.update({ ...dead, status: 'failed', stage: 'failed' });
  expect(foldersOf(make('another'))).toEqual(['Repost.2024 (2)', 'Repost.2024 (2)']);
  expect(store.get(dead.id)?.folder).toBe('Repost.2024 (3)');
});
