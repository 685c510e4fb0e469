// The engine among its neighbours: a worker that is played, a real cache, a real folder.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { InfoHash, TorrentSource } from '../../../../backend/content/index.js';
import { TorrentEngine } from '../../../../backend/engines/torrent/engine.js';
import type { FromWorker } from '../../../../backend/engines/torrent/protocol.js';
import { createLogger } from '../../../../backend/platform/index.js';
import { DiskCache } from '../../../../backend/storage/index.js';
import { HttpLab } from '../../../support/http-lab.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { Resources } from '../../../support/resources.js';
import { DiskLab } from './host/disk-lab.js';
import { numbersOf, settled } from './host/entry-lab.js';
import { FakeWorker } from './host/fake-worker.js';

const mebibyte = 1024 * 1024;
const report = (): void => undefined;

describe('torrent engine', () => {
  let resources: Resources;
  let clock: ManualClock;
  let cache: DiskCache;
  let workers: FakeWorker[];
  let disk: DiskLab;
  let engine: TorrentEngine;
  let infoHash: InfoHash;
  beforeEach(async () => {
    resources = new Resources();
    clock = new ManualClock();
    cache = new DiskCache({ maxBytes: 64 * mebibyte });
    workers = [];
    const cacheDir = await resources.folder();
    disk = new DiskLab({ folder: join(cacheDir, 'torrents'), pieces: 16, pieceLength: 16_384 });
    infoHash = disk.metadata.infoHash;
    engine = createEngine(cacheDir);
    resources.use(engine);
  });
  afterEach(() => resources.close());

  function createEngine(cacheDir: string): TorrentEngine {
    return new TorrentEngine({
      cacheDir,
      cache,
      http: new HttpLab().client(),
      clock,
      log: createLogger({ level: 'silent', format: 'json' }),
      readAheadBytes: mebibyte,
      idleMs: 60_000,
      worker: {
        connectionLimit: 10,
        downloadLimit: 0,
        uploadLimit: 0,
        isDiscoveryDisabled: true,
        port: 0,
        host: '127.0.0.1',
        portMapping: false,
        allowPrivate: true,
        proxyUrl: null,
      },
      trackers: () => [],
      isPaused: () => false,
      knownSince: () => new Date(5),
      createWorker: () => {
        const worker = new FakeWorker();
        workers.push(worker);
        return worker.asWorker();
      },
    });
  }

  const source = (): TorrentSource => ({
    kind: 'torrent',
    infoHash,
    info: disk.info,
    trackers: [],
    webSeeds: [],
    peers: [],
  });

  /** The newest worker, listening. */
  function ready(): FakeWorker {
    engine.warm();
    const worker = workers.at(-1)!;
    worker.say({ type: 'ready' });
    return worker;
  }

  /** A file of the torrent, and the worker that serves it. */
  async function open() {
    await engine.start();
    const worker = ready();
    const { signal } = new AbortController();
    const release = await engine.resolve(source(), { signal, report });
    const file = await engine.open(release, release.files[0]!, { signal });
    return { worker, release, file, signal };
  }

  /** The worker wrote these pieces. */
  async function verified(worker: FakeWorker, ...pieces: readonly number[]): Promise<void> {
    const opened = worker.messages.find((message) => message.type === 'open')!;
    for (const piece of pieces) {
      await disk.write(piece);
      const words = new Int32Array(opened.type === 'open' ? opened.bits : new SharedArrayBuffer(4));
      Atomics.or(words, piece >>> 5, 1 << (piece & 31));
    }
    worker.say({ type: 'verified', infoHash, pieces });
  }

  it('torrent engine - needs no worker for what only has to be read', async () => {
    await disk.leave([...Array(16).keys()], { isClean: true });
    await engine.start();
    const { signal } = new AbortController();
    const release = await engine.resolve(source(), { signal, report });
    const file = await engine.open(release, release.files[0]!, { signal });
    expect(release).toMatchObject({ contentId: infoHash, name: 'film.mkv' });
    expect([file.id, file.name, file.sizeBytes, file.modifiedAt.getTime()]).toEqual([
      `${infoHash}:0`,
      'film.mkv',
      disk.content.length,
      5,
    ]);
    expect(workers).toEqual([]);
  });

  it('torrent engine - prepares a file: first piece, then head and tail', async () => {
    const { worker, release, signal } = await open();
    const preparing = engine.prepare(release, release.files[0]!, { signal, priority: 'prepare', report });
    await settled();
    expect(worker.types).toEqual(['open', 'demand']);
    await verified(worker, 0);
    const { method, completed } = await preparing;
    expect(method).toBe('p2p');
    await verified(worker, ...[...Array(16).keys()].slice(1));
    await completed;
    const again = await engine.prepare(release, release.files[0]!, { signal, priority: 'prepare', report });
    expect(again.method).toBe('cache');
  });

  it('torrent engine - grants the worker room, counts it once, and takes it back when the worker dies', async () => {
    const { worker, file, signal } = await open();
    const chunks = file.open({ start: 0, end: 1000 }, { signal })[Symbol.asyncIterator]();
    const first = chunks.next();
    await settled();
    worker.say({ type: 'needSpace', bytes: 4 * mebibyte });
    await settled();
    expect(worker.messages.at(-1)).toEqual({ type: 'space', bytes: 4 * mebibyte });
    expect(cache.usedBytes).toBe(4 * mebibyte);
    await verified(worker, 0);
    expect((await first).done).toBe(false);
    expect(cache.usedBytes).toBe(4 * mebibyte);
    worker.say({ type: 'freed', bytes: mebibyte });
    expect(cache.usedBytes).toBe(3 * mebibyte);
    worker.die();
    expect(cache.usedBytes).toBe(16_384);
    await chunks.return!();
  });

  it('torrent engine - a reader outlives the worker', async () => {
    const { worker, file, signal } = await open();
    const chunks = file.open({ start: 0, end: 40_000 }, { signal })[Symbol.asyncIterator]();
    const first = chunks.next();
    await settled();
    worker.die();
    await clock.advance(50);
    const next = ready();
    expect(next.types).toEqual(['open', 'demand']);
    await verified(next, 0);
    const chunk = await first;
    expect(Buffer.from(chunk.value as Uint8Array).equals(disk.content.subarray(0, 16_384))).toBe(true);
    await chunks.return!();
  });

  it('torrent engine - tells a torrent what the worker tells of it', async () => {
    const { worker, release, file, signal } = await open();
    const waiting = file.open({ start: 0, end: 10 }, { signal })[Symbol.asyncIterator]().next();
    await settled();
    const numbers = numbersOf(infoHash, {
      peersConnected: 3,
      peersSeen: 4,
      receivedBytes: 9,
      downloadBytesPerSecond: 2,
    });
    worker.say({ type: 'numbers', torrents: [numbers], refusedPeers: 7 });
    expect(engine.blockedPeers).toBe(7);
    expect(engine.status(infoHash)).toMatchObject({
      state: 'live',
      totalBytes: disk.content.length,
      receivedBytes: 9,
      downloadBytesPerSecond: 2,
      peers: { connected: 3, queued: 0, seen: 4 },
      included: [],
    });
    worker.say({ type: 'failed', infoHash, code: 'STORAGE_FULL', message: 'ENOSPC' });
    await expect(waiting).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    expect(engine.status(infoHash)).toMatchObject({ state: 'error', error: 'STORAGE_FULL' });
    engine.setPaused(infoHash, true);
    await verified(worker, 2);
    expect(engine.status(infoHash)).toMatchObject({ state: 'paused', haveBytes: 16_384, fileHaveBytes: [16_384] });
    expect(release.files).toHaveLength(1);
  });

  it('torrent engine - fails readers when there can be no room', async () => {
    const { worker, file, signal } = await open();
    const waiting = file.open({ start: 0, end: 10 }, { signal })[Symbol.asyncIterator]().next();
    await settled();
    worker.say({ type: 'needSpace', bytes: 65 * mebibyte });
    await expect(waiting).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  });

  it('torrent engine - fetches included files in the background, and forgets with the torrent', async () => {
    const { worker } = await open();
    await engine.setIncluded(infoHash, [0]);
    await settled();
    expect(worker.messages.at(-1)).toMatchObject({
      type: 'demand',
      demands: [{ kind: 'background', start: 0, end: disk.content.length }],
    });
    expect(engine.status(infoHash)?.included).toEqual([0]);
    await expect(engine.setIncluded(infoHash, [1])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await engine.remove(infoHash, { deleteFiles: true });
    expect([engine.status(infoHash), existsSync(disk.folder)]).toEqual([null, false]);
    expect(worker.messages.at(-1)).toMatchObject({ type: 'close', deletesFiles: true });
  });

  it('torrent engine - lets go of what nobody uses when another needs the room', async () => {
    await disk.leave([...Array(16).keys()], { isClean: true });
    await engine.start();
    expect(cache.usedBytes).toBeGreaterThanOrEqual(disk.content.length);
    await cache.reserve(64 * mebibyte, { signal: new AbortController().signal });
    expect(await disk.extentsOnDisk()).toEqual([]);
  });

  it('torrent engine - idle torrents leave the worker', async () => {
    const { worker, file, signal } = await open();
    const chunks = file.open({ start: 0, end: 10 }, { signal })[Symbol.asyncIterator]();
    const first = chunks.next();
    await settled();
    await verified(worker, 0);
    await first;
    await clock.advance(300_000);
    expect(worker.types).not.toContain('close');
    await chunks.return!();
    await clock.advance(120_000);
    expect(worker.types.at(-1)).toBe('close');
  });

  it('torrent engine - closed, fails those who wait and stops the worker, once', async () => {
    const { worker, file, signal } = await open();
    const waiting = file.open({ start: 0, end: 10 }, { signal })[Symbol.asyncIterator]().next();
    await settled();
    await Promise.all([engine.close(), engine.close()]);
    await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
    expect(worker.types.filter((type) => type === 'stop')).toHaveLength(1);
    expect([worker.isTerminated, clock.pending]).toEqual([true, 0]);
  });

  it('torrent engine - hears of torrents it does not know without harm', async () => {
    const { worker } = await open();
    const unknown = 'e'.repeat(40) as InfoHash;
    const messages: FromWorker[] = [
      { type: 'verified', infoHash: unknown, pieces: [1] },
      { type: 'failed', infoHash: unknown, code: 'INTERNAL', message: '' },
      { type: 'numbers', torrents: [numbersOf(unknown)], refusedPeers: 0 },
      { type: 'log', level: 'debug', message: 'hello', infoHash: null },
    ];
    for (const message of messages) worker.say(message);
    expect(engine.status(unknown)).toBeNull();
  });
});
