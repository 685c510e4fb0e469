import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { InfoHash, TorrentSource } from '../../../../../backend/content/index.js';
import { ColdFolders } from '../../../../../backend/engines/torrent/host/cold-folders.js';
import { TorrentEntries } from '../../../../../backend/engines/torrent/host/torrent-entries.js';
import type { TorrentEntry } from '../../../../../backend/engines/torrent/host/torrent-entry.js';
import type { ToWorker } from '../../../../../backend/engines/torrent/protocol.js';
import { createLogger } from '../../../../../backend/platform/index.js';
import { DiskCache } from '../../../../../backend/storage/index.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { Resources } from '../../../../support/resources.js';
import { DiskLab } from './disk-lab.js';
import { settled } from './entry-lab.js';

const everything = Array.from({ length: 16 }, (_, piece) => piece);
const never = new AbortController().signal;

describe('torrent entries', () => {
  const resources = new Resources();
  let clock: ManualClock;
  let root: string;
  let disk: DiskLab;
  let cache: DiskCache;
  let folders: ColdFolders;
  let entries: TorrentEntries;
  let told: ToWorker[];
  let answer: () => void;
  let isAnswering: boolean;
  beforeEach(async () => {
    clock = new ManualClock();
    root = await resources.folder();
    disk = new DiskLab({ folder: join(root, 'torrents'), pieces: 16, pieceLength: 16_384 });
    cache = new DiskCache({ maxBytes: 1e9 });
    folders = new ColdFolders(join(root, 'torrents'));
    told = [];
    isAnswering = true;
    entries = new TorrentEntries({
      cache,
      folders,
      clock,
      log: createLogger({ level: 'silent', format: 'json' }),
      post: (message) => told.push(message),
      call: (build) => {
        told.push(build(1));
        return isAnswering ? Promise.resolve() : new Promise((resolve) => (answer = resolve));
      },
      spaceFilled: () => undefined,
      trackers: () => [],
      allowsTracker: () => true,
      isPaused: () => false,
    });
    cache.addTenant(entries);
  });
  afterEach(async () => {
    await entries.close();
    await resources.close();
  });

  /** Content of an earlier run, counted as it was found. */
  async function leave(): Promise<void> {
    await disk.leave(everything, { isClean: true });
    cache.count(await folders.load());
  }

  async function open(): Promise<TorrentEntry> {
    const source: TorrentSource = {
      kind: 'torrent',
      infoHash: disk.metadata.infoHash,
      info: disk.info,
      trackers: [],
      webSeeds: [],
      peers: [],
    };
    const entry = entries.of(source);
    await entry.open(await entry.findMetadata(never));
    return entry;
  }

  const { length } = everything;
  const remove = (deleteFiles: boolean): Promise<void> => entries.remove(disk.metadata.infoHash, { deleteFiles });

  it('torrent entries - are one for each torrent', async () => {
    const entry = await open();
    expect(await open()).toBe(entry);
    expect(entries.get(disk.metadata.infoHash)).toBe(entry);
    expect(entries.all()).toEqual([entry]);
  });

  it('torrent entries - count a folder once, whoever looks after it', async () => {
    await leave();
    const found = cache.usedBytes;
    expect(found).toBeGreaterThanOrEqual(length * 16_384 - 1);
    await open();
    expect(cache.usedBytes).toBe(disk.metadata.totalBytes);
    expect(entries.evictable()).toHaveLength(4);
    await remove(false);
    expect([cache.usedBytes, entries.evictable().length]).toEqual([found, 4]);
    await open();
    expect(cache.usedBytes).toBe(disk.metadata.totalBytes);
  });

  it('torrent entries - a torrent removed with its files takes no room, known or cold', async () => {
    await leave();
    await remove(true);
    expect([cache.usedBytes, existsSync(disk.folder)]).toEqual([0, false]);
    await leave();
    await open();
    await remove(true);
    expect([cache.usedBytes, existsSync(disk.folder)]).toEqual([0, false]);
  });

  it('torrent entries - a torrent added again while it is removed, begins when its folder is free', async () => {
    await leave();
    const old = await open();
    old.demands.add('play', 0, 1);
    await settled();
    isAnswering = false;
    const removed = remove(true);
    await settled();
    expect(entries.told(disk.metadata.infoHash)).toBe(old);
    let isOpen = false;
    const opening = open().then((entry) => {
      isOpen = true;
      return entry;
    });
    await settled();
    await settled();
    expect(isOpen).toBe(false);
    answer();
    await removed;
    const entry = await opening;
    expect(entry).not.toBe(old);
    expect(entries.told(disk.metadata.infoHash)).toBe(entry);
    expect([entry.disk?.totalHeldBytes, cache.usedBytes]).toEqual([0, 0]);
  });

  it('torrent entries - pieces written while a torrent is removed are released with it', async () => {
    const entry = await open();
    entry.demands.add('play', 0, 1);
    await settled();
    isAnswering = false;
    const removed = remove(true);
    await settled();
    await cache.reserve(16_384, { signal: never });
    entries.told(disk.metadata.infoHash)!.piecesVerified([3]);
    answer();
    await removed;
    expect(cache.usedBytes).toBe(0);
  });

  it('torrent entries - leave the worker when nobody used them for a while, and not before', async () => {
    const entry = await open();
    const demand = entry.demands.add('play', 0, 1);
    await settled();
    await clock.advance(100_000);
    entries.restIdle(60_000);
    expect(told.map(({ type }) => type)).not.toContain('close');
    demand.close();
    await clock.advance(50_000);
    entries.restIdle(60_000);
    expect(told.map(({ type }) => type)).not.toContain('close');
    await clock.advance(20_000);
    entries.restIdle(60_000);
    await settled();
    expect(told.at(-1)).toMatchObject({ type: 'close', deletesFiles: false });
  });

  it('torrent entries - offer what lies idle, opened or not', async () => {
    await leave();
    expect(entries.evictable()).toHaveLength(4);
    await open();
    expect(entries.evictable()).toHaveLength(4);
    const small = new DiskCache({ maxBytes: 1 });
    expect(small.usedBytes).toBe(0);
    for (const extent of entries.evictable()) cache.release(await extent.evict());
    expect(cache.usedBytes).toBe(0);
  });

  it('torrent entries - of an unknown infohash is nothing, and nothing to remove', async () => {
    const unknown = 'd'.repeat(40) as InfoHash;
    expect(entries.get(unknown)).toBeUndefined();
    await entries.remove(unknown, { deleteFiles: true });
  });
});
