// News servers added by hand: what is kept, and that nothing of them stands anywhere in words.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CorruptDataError, InputError } from '../../../backend/content/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { openDatabase, ProviderStore } from '../../../backend/storage/index.js';
import type { Database, ProviderEntry } from '../../../backend/storage/index.js';
import { ManualClock } from '../../support/manual-clock.js';

const sealer = new Sealer('k'.repeat(32));
const pier: ProviderEntry = {
  ...{ id: 'pier-1', name: 'Pier', host: 'pier.example', port: 563, isTls: true, isInsecure: false },
  ...{ user: 'hidden-user', password: 'topsecretword', connections: 20, priority: 1, isBackup: false },
};
const bare: ProviderEntry = {
  ...{ id: 'bare', name: 'Bare', host: '10.0.0.2', port: 119, isTls: false, isInsecure: true },
  ...{ connections: 2, priority: 0, isBackup: true },
};

let folder = '';
let clock: ManualClock;
let open: Database[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-providers-'));
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

describe('provider store', () => {
  it('news servers - are there after a restart, whole, in the order they were added', async () => {
    const first = opened();
    const store = new ProviderStore(first, clock);
    const createdAt = clock.now();
    store.put(pier);
    await clock.advance(5);
    store.put(bare);
    await clock.advance(5);
    const { password: _password, ...rest } = pier;
    store.put({ ...rest, name: 'Pier II' });
    first.close();
    expect(new ProviderStore(opened(), clock).list()).toEqual([
      { ...rest, name: 'Pier II', createdAt, changedAt: createdAt + 10 },
      { ...bare, createdAt: createdAt + 5, changedAt: createdAt + 5 },
    ]);
  });

  it('delete - says whether there was one', () => {
    const store = new ProviderStore(opened(), clock);
    store.put(pier);
    expect([store.delete('pier-1'), store.delete('pier-1')]).toEqual([true, false]);
    expect(store.list()).toEqual([]);
  });

  it('server and account - stand nowhere in words in any file of the database', async () => {
    new ProviderStore(opened(), clock).put(pier);
    const files = await readdir(folder);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const bytes = await readFile(join(folder, file));
      for (const secret of ['topsecretword', 'hidden-user', 'pier.example']) expect(bytes.includes(secret)).toBe(false);
    }
  });

  it('a row that was changed from outside - is an error without a secret in it', () => {
    const database = opened();
    const store = new ProviderStore(database, clock);
    store.put(pier);
    database.sql.prepare('UPDATE providers SET address = ?').run(sealer.seal('topsecretword {'));
    const caught = errorOf(() => store.list());
    expect(caught).toBeInstanceOf(CorruptDataError);
    expect(JSON.stringify([caught, (caught as Error).message, (caught as Error).cause])).not.toContain('topsecret');
  });

  it('provider store - when full, refuses another and still takes changes', () => {
    const store = new ProviderStore(opened(), clock, { maxProviders: 2 });
    store.put(pier);
    store.put(bare);
    expect(() => store.put({ ...bare, id: 'third' })).toThrow(InputError);
    store.put({ ...bare, name: 'Renamed' });
    expect(store.list().map(({ name }) => name)).toEqual(['Pier', 'Renamed']);
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
