// Preparations in the database: what is written comes back, over a restart, and nobody reads a source without the key.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InfoHash } from '../../../backend/content/index.js';
import type { JobStore as WantedStore } from '../../../backend/jobs/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { JobStore, openDatabase, type Database, type KeptJob } from '../../../backend/storage/index.js';

const sealer = new Sealer('k'.repeat(32));
let folder: string;
let database: Database;
let store: WantedStore;

function open(): void {
  database = openDatabase(join(folder, 'test.sqlite'), { sealer });
  store = new JobStore(database);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'job-store-'));
  open();
});

afterEach(async () => {
  database.close();
  await rm(folder, { recursive: true });
});

const infoHash = 'a'.repeat(40) as InfoHash;

function job(more: Partial<KeptJob> = {}): KeptJob {
  return {
    id: `${infoHash}:1:1`,
    contentId: infoHash,
    fileIndex: 1,
    source: {
      kind: 'torrent',
      infoHash,
      trackers: ['http://tracker.example/secret-passkey'],
      webSeeds: [],
      peers: [],
      info: Uint8Array.of(1, 2),
    },
    wish: {
      fileIndex: 1,
      episode: { season: 1, episode: 2, absolute: 14, airDate: '2017-03-05', releaseSeason: 2 },
      titleId: 'tt1',
      priority: 'play',
    },
    state: 'connecting',
    progress: 30,
    message: 'Asking peers',
    method: null,
    fileName: 'film.mkv',
    fileSizeBytes: 2 ** 40,
    error: null,
    createdAt: 1_000,
    usedAt: 2_000,
    aliasOf: null,
    ...more,
  };
}

describe('job store', () => {
  it('job store - gives back what was written, after a restart too', () => {
    const jobs = [
      job(),
      job({
        id: 'b',
        createdAt: 1_001,
        contentId: null,
        fileIndex: null,
        wish: {},
        source: { kind: 'http', url: 'http://a.example/' },
      }),
      job({
        id: 'c',
        createdAt: 1_002,
        state: 'failed',
        progress: 0,
        error: { code: 'NO_PEERS', message: 'no peers' },
      }),
      job({ id: 'd', createdAt: 1_003, state: 'completed', progress: 100, method: 'p2p', aliasOf: 'c' }),
    ];
    for (const each of [...jobs].reverse()) store.insert(each);
    expect(store.list()).toEqual(jobs);
    database.close();
    open();
    expect(store.list()).toEqual(jobs);
  });

  it('job store - an update changes the course, not what was asked for', () => {
    store.insert(job());
    const changed = job({ state: 'streamable', progress: 100, method: 'p2p', usedAt: 9_000, wish: {}, createdAt: 5 });
    store.update(changed);
    expect(store.list()).toEqual([{ ...changed, wish: job().wish, createdAt: 1_000 }]);
  });

  it('job store - an update of what is not there, and a second deletion, do nothing', () => {
    store.update(job());
    store.delete(job().id);
    expect(store.list()).toEqual([]);
  });

  it('job store - keeps no source in the clear', async () => {
    store.insert(job());
    database.close();
    const files = ['test.sqlite', 'test.sqlite-wal'].map((name) =>
      readFile(join(folder, name)).catch(() => Buffer.alloc(0)),
    );
    expect(Buffer.concat(await Promise.all(files)).includes('secret-passkey')).toBe(false);
    open();
  });
});
