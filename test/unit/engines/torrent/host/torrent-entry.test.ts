import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PieceIndex } from '../../../../../backend/engines/torrent/geometry.js';
import { Resources } from '../../../../support/resources.js';
import { DiskLab } from './disk-lab.js';
import type { EntryLabOptions } from './entry-lab.js';
import { EntryLab, settled } from './entry-lab.js';

const at = (piece: number): PieceIndex => piece as PieceIndex;
const open = (): AbortSignal => new AbortController().signal;

describe('torrent entry', () => {
  const resources = new Resources();
  let disk: DiskLab;
  beforeEach(async () => {
    disk = new DiskLab({ folder: await resources.folder(), pieces: 16 });
  });
  afterEach(() => resources.close());

  /** An entry whose folder is open and of which the worker was told. */
  async function openLab(options: EntryLabOptions = {}): Promise<EntryLab> {
    const lab = new EntryLab(disk, options);
    resources.defer(() => lab.entry.close());
    await lab.entry.findMetadata(open());
    await lab.open();
    return lab;
  }

  const bytes = (pieces: number): number => pieces * 10_000;

  it('torrent entry - takes metadata from its source at once, or waits for the swarm', async () => {
    expect((await openLab()).types).toEqual([]);
    const bare = new EntryLab(disk, { isBare: true });
    const found = bare.entry.findMetadata(open());
    expect(bare.types).toEqual(['find']);
    bare.entry.metadataArrived(disk.info);
    expect((await found).totalBytes).toBe(disk.metadata.totalBytes);
  });

  it('torrent entry - whoever looks for metadata may leave, fails with the engine, and learns what another knows', async () => {
    const lab = new EntryLab(disk, { isBare: true });
    const controller = new AbortController();
    const leaving = lab.entry.findMetadata(controller.signal);
    controller.abort(new Error('closed the window'));
    await expect(leaving).rejects.toThrow('closed the window');
    expect(lab.entry.isWanted).toBe(false);
    const failing = lab.entry.findMetadata(open());
    lab.entry.failed({ code: 'UPSTREAM', message: 'no port' });
    await expect(failing).rejects.toMatchObject({ code: 'TORRENT' });
    const lucky = lab.entry.findMetadata(open());
    lab.entry.learn({ trackers: [], webSeeds: [], peers: [], info: disk.info });
    expect((await lucky).pieceCount).toBe(16);
  });

  it('torrent entry - tells the worker when something is wanted, and follows what is wanted', async () => {
    const lab = await openLab();
    expect(lab.types).toEqual([]);
    const demand = lab.entry.demands.add('play', 0, bytes(4));
    await settled();
    expect(lab.types).toEqual(['open', 'demand']);
    expect(lab.wanted).toEqual([['play', 0, 4]]);
    demand.move(bytes(2), bytes(6));
    demand.move(bytes(3), bytes(7));
    await settled();
    expect(lab.types).toEqual(['open', 'demand', 'demand']);
    expect(lab.wanted).toEqual([['play', 3, 7]]);
    demand.close();
    await settled();
    expect([lab.wanted, lab.entry.isWanted]).toEqual([[], false]);
  });

  it('torrent entry - wakes whoever waits for a piece, and counts it', async () => {
    const lab = await openLab();
    const waiting = lab.entry.waitFor(at(3), open());
    await lab.put(3);
    await waiting;
    await lab.entry.waitFor(at(3), open());
    expect(lab.filled).toBe(10_000);
  });

  it('torrent entry - paused gives what is here, and refuses the rest at once', async () => {
    await disk.leave([1], { isClean: true });
    const lab = await openLab({ isPaused: true });
    await lab.entry.waitFor(at(1), open());
    await expect(lab.entry.waitFor(at(2), open())).rejects.toMatchObject({ code: 'PAUSED' });
    lab.entry.demands.add('play', 0, bytes(4));
    await settled();
    expect(lab.types).toEqual(['open', 'pause', 'demand']);
    lab.entry.setPaused(false);
    const waiting = lab.entry.waitFor(at(2), open());
    lab.entry.setPaused(true);
    lab.entry.piecesUnavailable([2]);
    await expect(waiting).rejects.toMatchObject({ code: 'PAUSED' });
  });

  it('torrent entry - paused at rest does not wake the worker', async () => {
    const lab = await openLab();
    lab.entry.setPaused(true);
    lab.entry.learn({ trackers: ['http://tracker.example/announce'], webSeeds: [], peers: [] });
    expect(lab.types).toEqual([]);
  });

  it('torrent entry - a failure fails those who wait, and the next demand is told all the same', async () => {
    const lab = await openLab();
    const demand = lab.entry.demands.add('play', 0, bytes(1));
    await settled();
    const waiting = lab.entry.waitFor(at(0), open());
    lab.entry.failed({ code: 'STORAGE_FULL', message: 'ENOSPC' });
    await expect(waiting).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    expect(lab.entry.failure).toBe('STORAGE_FULL');
    demand.close();
    lab.entry.demands.add('play', 0, bytes(1));
    await settled();
    expect(lab.wanted).toEqual([['play', 0, 1]]);
    await lab.put(0);
    expect(lab.entry.failure).toBeNull();
  });

  it('torrent entry - rests, stays readable, and is told again when something is wanted', async () => {
    const lab = await openLab();
    const demand = lab.entry.demands.add('play', 0, bytes(1));
    await settled();
    await lab.put(0);
    demand.close();
    await settled();
    await lab.entry.rest();
    expect(lab.types.at(-1)).toBe('close');
    await lab.entry.waitFor(at(0), open());
    lab.entry.demands.add('play', bytes(1), bytes(2));
    await settled();
    expect(lab.types.slice(-2)).toEqual(['open', 'demand']);
  });

  it('torrent entry - wanted while it goes to rest, is told when the worker has closed it', async () => {
    const lab = await openLab();
    lab.entry.demands.add('play', 0, bytes(1)).close();
    lab.entry.demands.add('play', 0, bytes(1)).close();
    lab.entry.workerStarted();
    const demand = lab.entry.demands.add('play', 0, bytes(1));
    await settled();
    demand.close();
    lab.answersCalls = false;
    const resting = lab.entry.rest();
    await settled();
    lab.entry.demands.add('play', bytes(2), bytes(3));
    await settled();
    expect(lab.types.at(-1)).toBe('close');
    lab.answer();
    await resting;
    await settled();
    expect(lab.types.slice(-2)).toEqual(['open', 'demand']);
    expect(lab.wanted).toEqual([['play', 2, 3]]);
  });

  it('torrent entry - received bytes go on over rests and dead workers', async () => {
    const lab = await openLab();
    const demand = lab.entry.demands.add('play', 0, bytes(1));
    await settled();
    lab.numbers({ receivedBytes: 100, uploadedBytes: 10 });
    demand.close();
    await lab.entry.rest();
    lab.numbers({ receivedBytes: 100 });
    expect([lab.entry.receivedBytes, lab.entry.uploadedBytes, lab.entry.numbers]).toEqual([100, 10, null]);
    lab.entry.demands.add('play', 0, bytes(1));
    await settled();
    lab.numbers({ receivedBytes: 50 });
    lab.entry.workerLost();
    expect(lab.entry.receivedBytes).toBe(150);
    lab.entry.workerStarted();
    lab.numbers({ receivedBytes: 1, uploadedBytes: 1 });
    expect(lab.entry.numbers).toMatchObject({ receivedBytes: 151, uploadedBytes: 11 });
  });

  it('torrent entry - a piece that a dead worker wrote and could not tell of wakes who waits, and counts', async () => {
    const lab = await openLab();
    lab.entry.demands.add('play', 0, bytes(2));
    await settled();
    const waiting = lab.entry.waitFor(at(1), open());
    await disk.write(1);
    lab.entry.disk!.bits.set(1);
    lab.entry.workerLost();
    await waiting;
    expect(lab.filled).toBe(10_000);
    lab.entry.workerStarted();
    expect(lab.types.slice(-2)).toEqual(['open', 'demand']);
  });

  it('torrent entry - told to a worker that was not there yet, is told to it when it is', async () => {
    const lab = await openLab();
    lab.entry.demands.add('play', 0, bytes(1)).close();
    await settled();
    const demand = lab.entry.demands.add('play', 0, bytes(1));
    await settled();
    demand.close();
    await settled();
    lab.entry.workerStarted();
    lab.messages.length = 0;
    lab.entry.demands.add('play', bytes(4), bytes(5));
    await settled();
    expect(lab.types).toEqual(['open', 'demand']);
  });

  it('torrent entry - background downloads wait while the cache is nearly full, and go on when it is not', async () => {
    const lab = await openLab();
    lab.entry.demands.add('play', 0, bytes(2));
    lab.entry.demands.setBackground([{ start: 0, end: bytes(16) }]);
    await settled();
    expect(lab.wanted).toEqual([
      ['play', 0, 2],
      ['background', 0, 16],
    ]);
    lab.hasRoom = false;
    await lab.put(0);
    expect(lab.wanted).toEqual([['play', 0, 2]]);
    const count = lab.messages.length;
    await lab.put(1);
    lab.entry.reviewRoom();
    expect(lab.messages).toHaveLength(count);
    lab.hasRoom = true;
    lab.entry.reviewRoom();
    expect(lab.wanted).toHaveLength(2);
  });

  it('torrent entry - removed, fails those who wait, tells nobody anything any more, and says what it held', async () => {
    const lab = await openLab();
    lab.entry.demands.add('play', 0, bytes(2));
    await settled();
    await lab.put(0);
    const waiting = lab.entry.waitFor(at(1), open());
    lab.answersCalls = false;
    const removed = lab.entry.remove(true);
    await expect(waiting).rejects.toMatchObject({ code: 'GONE' });
    await settled();
    await lab.put(5);
    lab.answer();
    expect(await removed).toBe(20_000);
    expect(lab.sent('close')).toMatchObject([{ deletesFiles: true }]);
    const count = lab.messages.length;
    lab.entry.demands.add('play', 0, bytes(2));
    await settled();
    expect(lab.messages).toHaveLength(count);
    await expect(lab.entry.waitFor(at(0), open())).rejects.toMatchObject({ code: 'GONE' });
    expect(lab.entry.evictable()).toEqual([]);
  });

  it('torrent entry - removed before it ever opened, held nothing', async () => {
    const lab = new EntryLab(disk, { isBare: true });
    const finding = lab.entry.findMetadata(open());
    const removed = lab.entry.remove(false);
    await expect(finding).rejects.toMatchObject({ code: 'GONE' });
    expect(await removed).toBeNull();
  });

  it('torrent entry - a folder that could not be opened is handed back, and tried again', async () => {
    const returned: number[] = [];
    let isBroken = true;
    const lab = new EntryLab(disk, {
      context: {
        takeFolder: () => (isBroken ? Promise.reject(new Error('busy')) : Promise.resolve(700)),
        returnFolder: async (bytesCounted) => void returned.push(bytesCounted),
      },
    });
    await expect(lab.open()).rejects.toThrow('busy');
    isBroken = false;
    await disk.leave([0], { isClean: true });
    await lab.open();
    expect(lab.counted).toBe(10_000 - 700);
    await lab.entry.close();
  });

  it('torrent entry - closed with the engine, fails those who wait', async () => {
    const lab = await openLab();
    const waiting = lab.entry.waitFor(at(0), open());
    await lab.entry.close();
    await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
  });
});
