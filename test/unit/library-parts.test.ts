import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContentId } from '../../backend/content/index.js';
import { createLibraryRooms } from '../../backend/library-parts.js';
import { Items, JobManager } from '../../backend/jobs/index.js';
import { Sealer } from '../../backend/platform/index.js';
import { ItemStore, JobStore, Library, NzbDocuments, openDatabase } from '../../backend/storage/index.js';
import type { Database } from '../../backend/storage/index.js';
import { ManualClock } from '../support/manual-clock.js';
import { NotedLog } from '../support/noted-log.js';
import { FakeUsenet, nzbRelease } from '../support/nzb-lab.js';
import { until } from '../support/until.js';

const HOUR_MS = 3600e3;
const timeouts = { prepareTimeoutMs: 120_000, linkGenerationTimeoutMs: 300_000, progressUpdateIntervalMs: 5_000 };
let clock: ManualClock;
let database: Database;
let library: Library;
let items: Items;
let log: NotedLog;
let dataDir = '';

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'headstart-house-'));
  clock = new ManualClock();
  log = new NotedLog();
  database = openDatabase(':memory:', { sealer: new Sealer('k'.repeat(32)) });
  library = new Library(database, clock);
});

afterEach(async () => {
  items.close();
  database.close();
  await rm(dataDir, { recursive: true });
});

function open(libraryTtlMs = 0, maxItems?: number) {
  const jobs = new JobManager({
    engines: [new FakeUsenet()],
    store: new JobStore(database),
    ...{ library, clock, log, timeouts },
  });
  const removeContent = (): Promise<void> => Promise.resolve();
  const limit = maxItems === undefined ? {} : { maxItems };
  items = new Items({ store: new ItemStore(database), jobs, library, removeContent, clock, log, ...limit });
  const access = { signPath: () => 'f'.repeat(64), sourceId: (identity: string) => identity };
  const listedSources = { isKept: (id: string) => id === `nzb:${'e'.repeat(64)}` };
  return createLibraryRooms({
    config: { dataDir, libraryTtlMs },
    clock,
    log,
    database,
    library,
    items,
    jobs,
    access,
    listedSources,
  });
}

function fill(count: number): void {
  database.durably(() => {
    for (let number = 1; number <= count; number += 1) library.remember(nzbRelease(`Film ${number}`, [['a.mkv', 1]]));
  });
}

const all = { words: [], limit: 5, offset: 0 };

describe('the library at the start', () => {
  it('adoption - what no item stands for becomes one, however much there is, and once', async () => {
    fill(1_203);
    const house = open();
    house.adopt();
    expect(house.itemIndex.library(all).total).toBe(1_203);
    house.adopt();
    expect([house.itemIndex.library(all).total, log.messages]).toEqual([
      1_203,
      ['What was in the library has become items'],
    ]);
    await house.close();
  });

  it('adoption - what cannot be adopted keeps nobody else from it', async () => {
    fill(3);
    database.sql.prepare(`UPDATE contents SET source = x'00' WHERE name = 'Film 2'`).run();
    const house = open();
    house.adopt();
    expect(house.itemIndex.library(all).total).toBe(2);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    await house.close();
  });

  it('adoption - ends where no more items are taken', async () => {
    fill(4);
    const house = open(0, 2);
    house.adopt();
    expect(house.itemIndex.library(all).total).toBe(2);
    await house.close();
  });

  it('time - what was adopted goes when nobody uses it for so long, and a favourite does not', async () => {
    fill(2);
    const house = open(HOUR_MS);
    house.adopt();
    house.start();
    const [kept] = house.itemIndex.library(all).items;
    items.setFavourite(kept?.id ?? 0, true);
    await clock.advance(HOUR_MS);
    expect(house.itemIndex.library(all).total).toBe(2);
    await clock.advance(HOUR_MS);
    expect(house.itemIndex.library(all).items.map(({ id }) => id)).toEqual([kept?.id]);
    await house.close();
    expect(clock.pending).toBe(0);
  });

  it('NZBs - go once nothing is made from them, and stay while an item is, or a list leads to them', async () => {
    const documents = new NzbDocuments({ folder: join(dataDir, 'nzbs'), sealer: database.sealer });
    fill(1);
    const house = open();
    house.adopt();
    const [item] = house.itemIndex.library(all).items;
    const names = [item?.contentId, 'e'.repeat(64), 'f'.repeat(64)].map((contentId) => `${contentId}.nzb`);
    for (const name of names) {
      await documents.keep(name.slice(0, 64) as ContentId, Buffer.from('<nzb/>'));
      await utimes(join(dataDir, 'nzbs', name), 0, (clock.now() - 8 * 24 * HOUR_MS) / 1000);
    }
    house.start();
    await until('one is gone', async () => (await readdir(join(dataDir, 'nzbs'))).length === 2);
    await house.close();
    expect((await readdir(join(dataDir, 'nzbs'))).sort()).toEqual(names.slice(0, 2).sort());
  });
});
