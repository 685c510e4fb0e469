import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PieceIndex } from '../../../../../backend/engines/torrent/geometry.js';
import { Resources } from '../../../../support/resources.js';
import { DiskLab } from './disk-lab.js';
import { EntryLab, settled } from './entry-lab.js';

const at = (piece: number): PieceIndex => piece as PieceIndex;
const bytes = (pieces: number): number => pieces * 10_000;
const everything = Array.from({ length: 32 }, (_, piece) => piece);

describe('extent evictor', () => {
  const resources = new Resources();
  let disk: DiskLab;
  let lab: EntryLab;
  beforeEach(async () => {
    disk = new DiskLab({ folder: await resources.folder(), pieces: 32 });
    await disk.leave(everything, { isClean: true });
    lab = new EntryLab(disk);
    resources.defer(() => lab.entry.close());
    await lab.entry.findMetadata(new AbortController().signal);
    await lab.open();
  });
  afterEach(() => resources.close());

  /** What may go now, first to last. */
  function offered(): string[] {
    const ranks = ['idle', 'behind', 'ahead'];
    const sorted = [...lab.entry.evictable()].sort(
      (a, b) => ranks.indexOf(a.rank) - ranks.indexOf(b.rank) || a.usedAt - b.usedAt,
    );
    return sorted.map(({ rank }) => rank);
  }

  /** Lets go of one after the other; the extents in the order they went. */
  async function evictAll(): Promise<number[]> {
    const order: number[] = [];
    const ranks = ['idle', 'behind', 'ahead'];
    for (;;) {
      const before = await disk.extentsOnDisk();
      const [first] = [...lab.entry.evictable()].sort(
        (a, b) => ranks.indexOf(a.rank) - ranks.indexOf(b.rank) || a.usedAt - b.usedAt,
      );
      if (first === undefined) return order;
      await first.evict();
      const after = await disk.extentsOnDisk();
      order.push(...before.filter((extent) => !after.includes(extent)));
    }
  }

  it('extent evictor - offers everything of a torrent that nobody wants', async () => {
    expect(offered()).toEqual(new Array(8).fill('idle'));
    expect(await evictAll()).toHaveLength(8);
    expect(lab.entry.disk!.totalHeldBytes).toBe(0);
  });

  it('extent evictor - never offers what is read or about to be, and offers what lies behind first, the beginning first', async () => {
    lab.entry.demands.add('play', bytes(13), bytes(18));
    expect(offered()).toEqual(['behind', 'behind', 'behind', 'ahead', 'ahead', 'ahead']);
    expect(await evictAll()).toEqual([0, 1, 2, 7, 6, 5]);
    expect(await disk.extentsOnDisk()).toEqual([3, 4]);
  });

  it('extent evictor - with two readers, only what both have passed is behind', () => {
    lab.entry.demands.add('play', bytes(28), bytes(30));
    lab.entry.demands.add('play', bytes(5), bytes(6));
    expect(offered()).toEqual(['behind', 'ahead', 'ahead', 'ahead', 'ahead', 'ahead']);
  });

  it('extent evictor - offers what only a background download wants, last', () => {
    lab.entry.demands.setBackground([{ start: 0, end: bytes(32) }]);
    expect(offered()).toEqual(new Array(8).fill('ahead'));
  });

  it('extent evictor - keeps what came to be wanted after it was offered', async () => {
    const [first] = lab.entry.evictable();
    lab.entry.demands.add('play', 0, bytes(1));
    expect(await first!.evict()).toBe(0);
    expect(await disk.extentsOnDisk()).toContain(0);
  });

  it('extent evictor - removes files itself while the worker does not have the torrent, and has it remove them when it does', async () => {
    const [first, second] = lab.entry.evictable();
    expect(await first!.evict()).toBe(40_000);
    expect(lab.types).toEqual([]);
    const demand = lab.entry.demands.add('play', bytes(31), bytes(32));
    await settled();
    lab.answersCalls = false;
    const evicted = second!.evict();
    await settled();
    expect(lab.sent('dropExtent')).toMatchObject([{ extent: 1 }]);
    expect(await disk.extentsOnDisk()).toContain(1);
    lab.answer();
    expect(await evicted).toBe(40_000);
    demand.close();
  });

  it('extent evictor - removes the file itself when the worker dies of it', async () => {
    lab.entry.demands.add('play', bytes(31), bytes(32));
    await settled();
    lab.answersCalls = false;
    const evicted = lab.entry.evictable()[0]!.evict();
    await settled();
    lab.answer(new Error('the worker died'));
    lab.entry.workerLost();
    expect(await evicted).toBe(40_000);
    expect(await disk.extentsOnDisk()).not.toContain(0);
  });

  it('extent evictor - the worker is told nothing of a torrent whose file is just being removed', async () => {
    const evictions = lab.entry.evictable().map((extent) => extent.evict());
    lab.entry.demands.add('play', 0, bytes(1));
    await settled();
    expect(lab.types).toEqual([]);
    await Promise.all(evictions);
    await settled();
    expect(lab.types).toEqual(['open', 'demand']);
    expect(await disk.extentsOnDisk()).toEqual([]);
  });

  it('extent evictor - counts what was written to an extent on its way out, and reads none of it', async () => {
    const other = new DiskLab({ folder: await resources.folder(), pieces: 32 });
    await other.leave([0], { isClean: true });
    lab = new EntryLab(other);
    resources.defer(() => lab.entry.close());
    await lab.entry.findMetadata(new AbortController().signal);
    await lab.open();
    lab.entry.demands.add('background', bytes(31), bytes(32));
    await settled();
    lab.answersCalls = false;
    const evicted = lab.entry.evictable()[0]!.evict();
    await settled();
    await lab.put(1);
    let isHere = false;
    const waiting = lab.entry.waitFor(at(1), new AbortController().signal).then(() => (isHere = true));
    await settled();
    expect(isHere).toBe(false);
    lab.entry.disk!.bits.clear(1);
    lab.answer();
    expect(await evicted).toBe(20_000);
    await lab.put(1);
    await waiting;
  });

  it('extent evictor - what was written anew before the end of the old extent was noticed wakes who waits for it', async () => {
    lab.entry.demands.add('background', bytes(31), bytes(32));
    await settled();
    lab.answersCalls = false;
    const evicted = lab.entry.evictable()[0]!.evict();
    await settled();
    const waiting = lab.entry.waitFor(at(0), new AbortController().signal);
    await disk.write(0);
    lab.entry.disk!.bits.set(0);
    lab.answer();
    await evicted;
    await waiting;
  });

  it('extent evictor - a damaged extent is let go although it is read, and its room is given back', async () => {
    lab.entry.demands.add('play', 0, bytes(4));
    await settled();
    const { counted } = lab;
    await lab.entry.dropDamaged(at(2));
    expect(lab.counted).toBe(counted - 40_000);
    expect(lab.sent('dropExtent')).toMatchObject([{ extent: 0 }]);
    await settled();
    expect(lab.wanted).toEqual([['play', 0, 4]]);
  });
});
