// Indexers added by hand: what is kept, and that their addresses and keys stand nowhere in words.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CorruptDataError, InputError } from '../../../backend/content/index.js';
import { ConfigError, Sealer } from '../../../backend/platform/index.js';
import { IndexerStore, openDatabase } from '../../../backend/storage/index.js';
import type { Database, IndexerEntry } from '../../../backend/storage/index.js';
import { ManualClock } from '../../support/manual-clock.js';

const sealer = new Sealer('k'.repeat(32));
const lantern: IndexerEntry = {
  id: 'lantern-1',
  kind: 'newznab',
  name: 'Lantern',
  url: 'https://reader:hidden-word@lantern.example/api?passkey=also-hidden',
  apiKey: 'topsecretkey',
  isEnabled: true,
  requestsPerMinute: 30,
};
const bare: IndexerEntry = {
  id: 'bare',
  kind: 'torznab',
  name: 'Bare',
  url: 'http://10.0.0.2:9117/api',
  isEnabled: false,
};

let folder = '';
let clock: ManualClock;
let open: Database[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-indexers-'));
  clock = new ManualClock();
  open = [];
});

afterEach(async () => {
  for (const database of open) database.close();
  await rm(folder, { recursive: true, force: true });
});

function opened(): Database {
  const database = openDatabase(join(folder, 'headstart.sqlite'), { sealer });
  open.push(database);
  return database;
}

describe('indexer store', () => {
  it('indexers - are there after a restart, whole, in the order they were added', async () => {
    const first = opened();
    const store = new IndexerStore(first, clock);
    const createdAt = clock.now();
    store.put(lantern);
    await clock.advance(5);
    store.put(bare);
    first.close();
    const again = new IndexerStore(opened(), clock);
    expect(again.list()).toEqual([
      { ...lantern, createdAt, changedAt: createdAt },
      { ...bare, createdAt: createdAt + 5, changedAt: createdAt + 5 },
    ]);
    expect(again.get('bare')).toMatchObject(bare);
    expect(again.get('nobody')).toBeNull();
  });

  it('an indexer put again - is replaced in its place, and remembers when it was added', async () => {
    const store = new IndexerStore(opened(), clock);
    const createdAt = clock.now();
    store.put(lantern);
    store.put(bare);
    await clock.advance(10);
    const { apiKey: _key, requestsPerMinute: _rate, ...rest } = lantern;
    store.put({ ...rest, name: 'Lantern II', isEnabled: false });
    expect(store.list()[0]).toEqual({
      ...rest,
      name: 'Lantern II',
      isEnabled: false,
      createdAt,
      changedAt: createdAt + 10,
    });
    expect(store.list()).toHaveLength(2);
  });

  it('delete - says whether there was one', () => {
    const store = new IndexerStore(opened(), clock);
    store.put(lantern);
    expect([store.delete('lantern-1'), store.delete('lantern-1')]).toEqual([true, false]);
    expect(store.list()).toEqual([]);
  });

  it('address and key - stand nowhere in words in any file of the database', async () => {
    new IndexerStore(opened(), clock).put(lantern);
    const files = await readdir(folder);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const bytes = await readFile(join(folder, file));
      for (const secret of ['topsecretkey', 'hidden-word', 'also-hidden', 'lantern.example'])
        expect(bytes.includes(secret)).toBe(false);
    }
  });

  it('another key - does not open the database at all', () => {
    new IndexerStore(opened(), clock).put(lantern);
    const file = join(folder, 'headstart.sqlite');
    expect(() => openDatabase(file, { sealer: new Sealer('l'.repeat(32)) })).toThrow(ConfigError);
  });

  it('a row that was changed from outside - is an error without a secret in it', () => {
    const database = opened();
    const store = new IndexerStore(database, clock);
    store.put(lantern);
    database.sql.prepare('UPDATE indexers SET address = ?').run(sealer.seal('topsecretkey {'));
    const caught = errorOf(() => store.list());
    expect(caught).toBeInstanceOf(CorruptDataError);
    expect(JSON.stringify([caught, (caught as Error).message, (caught as Error).cause])).not.toContain('topsecret');
    database.sql.prepare(`UPDATE indexers SET kind = 'carrier-pigeon'`).run();
    expect(() => store.list()).toThrow(CorruptDataError);
  });

  it('indexer store - when full, refuses another and still takes changes', () => {
    const store = new IndexerStore(opened(), clock, { maxIndexers: 2 });
    store.put(lantern);
    store.put(bare);
    expect(() => store.put({ ...bare, id: 'third' })).toThrow(InputError);
    store.put({ ...bare, name: 'Renamed' });
    expect(store.list().map(({ name }) => name)).toEqual(['Lantern', 'Renamed']);
  });

  it('indexer store - holds a hundred when nothing else is said', () => {
    const store = new IndexerStore(opened(), clock);
    for (let number = 0; number < 100; number += 1) store.put({ ...bare, id: `n-${number}` });
    expect(() => store.put({ ...bare, id: 'n-100' })).toThrow('There are 100 indexers already; remove one first.');
  });
});

function errorOf(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}
