import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContentId, NzbSource } from '../../../backend/content/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { ItemStore, openDatabase } from '../../../backend/storage/index.js';
import type { Database, KeptItem } from '../../../backend/storage/index.js';

const DAY_MS = 86400e3;
const content = 'a'.repeat(64) as ContentId;
const source: NzbSource = { kind: 'nzb', contentId: content, name: 'Film', passwords: ['secret'] };
let database: Database;
let items: ItemStore;

beforeEach(() => {
  database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
  items = new ItemStore(database);
});

afterEach(() => database.close());

function item(number: number, more: Partial<KeptItem> = {}): Omit<KeptItem, 'id'> {
  return {
    nzoId: `nzo_${number}`,
    itemKey: `key ${number}`,
    contentId: content,
    kind: 'nzb',
    name: `Film ${number}`,
    category: 'stremio',
    folder: `Film ${number}`,
    jobId: null,
    status: 'queued',
    stage: 'queued',
    percentage: 0,
    error: null,
    failedAt: null,
    createdAt: 1_000 + number,
    completedAt: null,
    isFavourite: false,
    ...more,
  };
}

describe('item store', () => {
  it('item store - finds an item by id, key and folder, also after a restart', () => {
    const kept = items.insert(
      item(1, { jobId: 'job', error: { code: 'NO_VIDEO', message: 'no video' }, failedAt: 5 }),
      { source },
    );
    const again = new ItemStore(database);
    for (const found of [again.get(kept.id), again.byKey('key 1'), again.byFolder('stremio', 'Film 1')])
      expect(found).toEqual(kept);
    expect([again.get(99), again.get(0.5), again.byKey('key 2'), again.byFolder('tv', 'Film 1')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect([again.count(), again.countOfContent(content), again.countOfContent('b'.repeat(64) as ContentId)]).toEqual([
      1, 1, 0,
    ]);
  });

  it('item store - writes what changes, never what it is', () => {
    const kept = items.insert(item(1), { source });
    const changed = { ...kept, status: 'completed', stage: 'completed', percentage: 100, completedAt: 7 } as const;
    items.update({ ...changed, name: 'Other', folder: 'Other' });
    expect(items.get(kept.id)).toEqual(changed);
  });

  it('item store - refuses a second item of the same key or folder', () => {
    items.insert(item(1), { source });
    expect(() => items.insert(item(1, { folder: 'x', nzoId: 'x' }), { source })).toThrow(/UNIQUE/);
    expect(() => items.insert(item(2, { folder: 'Film 1' }), { source })).toThrow(/UNIQUE/);
    items.insert(item(2, { folder: 'Film 1', category: 'tv' }), { source });
    expect(items.count()).toBe(2);
  });

  it('item store - a folder that is given another name has it in its category alone, and leaves the old one free', () => {
    const kept = items.insert(item(1), { source });
    items.addPlace(kept.id, { category: 'tv', folder: 'Film 1' });
    items.movePlace(kept.id, { category: 'tv', folder: 'Film 1 (2)' });
    expect(items.get(kept.id)?.folder).toBe('Film 1');
    items.movePlace(kept.id, { category: 'stremio', folder: 'Film 1 (3)' });
    expect(items.get(kept.id)?.folder).toBe('Film 1 (3)');
    expect(items.placesOf(kept.id)).toEqual([
      { category: 'stremio', folder: 'Film 1 (3)' },
      { category: 'tv', folder: 'Film 1 (2)' },
    ]);
    expect([items.byFolder('tv', 'Film 1'), items.byFolder('stremio', 'Film 1')]).toEqual([null, null]);
  });

  it('item store - what is done together is kept as a whole, or nothing of it', () => {
    const { id } = items.insert(item(1), { source });
    const failing = (): void =>
      items.together(() => {
        items.movePlace(id, { category: 'stremio', folder: 'Other' });
        throw new Error('The disk fell over.');
      });
    expect(failing).toThrow(/fell over/);
    expect(items.byFolder('stremio', 'Film 1')?.id).toBe(id);
  });

  it('item store - gives no id twice, and remembers for 30 days what was removed', () => {
    const { id } = items.insert(item(1), { source });
    items.remove(id, DAY_MS);
    items.remove(id, DAY_MS);
    expect([items.get(id), items.count()]).toEqual([null, 0]);
    expect(items.isRemovedFolder('stremio', 'Film 1', 31 * DAY_MS - 1)).toBe(true);
    expect(items.isRemovedFolder('stremio', 'Film 1', 31 * DAY_MS)).toBe(false);
    expect(items.isRemovedFolder('stremio', 'Film 2', DAY_MS)).toBe(false);
    expect(items.insert(item(1), { source }).id).toBeGreaterThan(id);
    expect(items.isRemovedFolder('stremio', 'Film 1', DAY_MS)).toBe(false);
  });

  it('item store - lists what is open, and the failed one that was first', () => {
    const states = ['completed', 'queued', 'failed', 'processing', 'failed', 'streamable'] as const;
    for (const [number, status] of states.entries()) items.insert(item(number, { status }), { source });
    expect(items.listOpen().map(({ name }) => name)).toEqual(['Film 1', 'Film 3']);
    expect(items.oldestFailed()?.name).toBe('Film 2');
  });
});
