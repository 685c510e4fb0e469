import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ExtentIndex, PieceIndex } from '../../../../../backend/engines/torrent/geometry.js';
import type { TorrentDisk } from '../../../../../backend/engines/torrent/host/torrent-disk.js';
import { measureFolder, removeExtent } from '../../../../../backend/engines/torrent/host/torrent-disk.js';
import { Resources } from '../../../../support/resources.js';
import { DiskLab } from './disk-lab.js';

const at = (piece: number): PieceIndex => piece as PieceIndex;
const extent = (index: number): ExtentIndex => index as ExtentIndex;

describe('torrent disk', () => {
  const resources = new Resources();
  let lab: DiskLab;
  beforeEach(async () => {
    lab = new DiskLab({ folder: await resources.folder(), pieces: 12 });
  });
  afterEach(() => resources.close());

  async function load(from = lab): Promise<TorrentDisk> {
    const disk = await from.load();
    resources.use(disk.files);
    return disk;
  }

  /** Puts pieces on disk and tells the disk, as the worker does. */
  async function put(disk: TorrentDisk, ...pieces: readonly number[]): Promise<void> {
    for (const piece of pieces) {
      await lab.write(piece);
      disk.bits.set(piece);
    }
    disk.verified(pieces.map(at));
  }

  const removeIn = (index: number) => () => removeExtent(lab.folder, extent(index));

  it('torrent disk - after a clean stop has what was recorded, and counts it', async () => {
    await lab.leave([0, 1, 5, 11], { isClean: true });
    const disk = await load();
    expect([0, 1, 2, 5, 11].map((piece) => disk.isReadable(at(piece)))).toEqual([true, true, false, true, true]);
    expect(disk.isClaimed(at(0))).toBe(false);
    expect(disk.totalHeldBytes).toBe(39_999);
    expect([...disk.heldBytes]).toEqual([
      [0, 20_000],
      [1, 10_000],
      [2, 9999],
    ]);
  });

  it('torrent disk - after an unclean stop claims what was recorded, and shows none of it', async () => {
    await lab.leave([0, 4], { isClean: false });
    const disk = await load();
    expect([disk.isReadable(at(0)), disk.isClaimed(at(0)), disk.isClaimed(at(1))]).toEqual([false, true, false]);
    expect(disk.verifiedBytes(0, 120_000)).toBe(0);
    expect(disk.isHereOrClaimed({ start: 0, end: 10_000 })).toBe(true);
    expect(disk.isHereOrClaimed({ start: 0, end: 10_001 })).toBe(false);
  });

  it('torrent disk - after an unclean stop counts what extents take, and removes those that nothing is known of', async () => {
    await lab.leave([0, 1, 2, 3, 8], { isClean: false });
    await lab.write(5);
    const { extents } = await measureFolder(lab.folder);
    const disk = await load();
    expect(await lab.extentsOnDisk()).toEqual([0, 2]);
    expect(disk.totalHeldBytes).toBeGreaterThanOrEqual(50_000);
    expect(disk.totalHeldBytes).toBeLessThanOrEqual(extents.get(extent(0))! + extents.get(extent(2))!);
  });

  it('torrent disk - does not believe a record of an extent that is not there', async () => {
    await lab.leave([0, 4], { isClean: true });
    await removeExtent(lab.folder, extent(0));
    const disk = await load();
    expect([disk.isReadable(at(0)), disk.isReadable(at(4))]).toEqual([false, true]);
    expect(disk.totalHeldBytes).toBe(10_000);
  });

  it('torrent disk - empties a folder that has no record, a torn one, or that of something else', async () => {
    const folders: ((resume: string) => Promise<void>)[] = [
      async (resume) => writeFile(resume, '{"version":1,"pieceCo'),
      async (resume) =>
        writeFile(
          resume,
          JSON.stringify({ version: 1, pieceCount: 3, extentBytes: 1, isClean: true, bitfield: '4A==' }),
        ),
      async () => undefined,
    ];
    for (const write of folders) {
      await mkdir(lab.folder, { recursive: true });
      await lab.write(0);
      await write(join(lab.folder, 'resume.json'));
      const disk = await load();
      expect(disk.totalHeldBytes).toBe(0);
      expect(await lab.extentsOnDisk()).toEqual([]);
    }
  });

  it('torrent disk - keeps the extent length of the folder, whatever the setting says now', async () => {
    await lab.leave([0, 5], { isClean: true });
    const other = new DiskLab({ folder: join(lab.folder, '..'), pieces: 12, piecesPerExtent: 1 });
    const disk = await load(other);
    expect(disk.geometry.piecesPerExtent).toBe(4);
    const buffer = Buffer.alloc(10_000);
    await disk.read(buffer, 50_000, 10_000);
    expect(buffer.equals(lab.bytesOf(5))).toBe(true);
  });

  it('torrent disk - says how much can be read at a place, to the end of the extent', async () => {
    await lab.leave([0, 1, 3, 4, 5], { isClean: true });
    const disk = await load();
    expect(disk.readableBytes(0, 1_000_000)).toBe(20_000);
    expect(disk.readableBytes(15_000, 1_000_000)).toBe(5000);
    expect(disk.readableBytes(15_000, 100)).toBe(100);
    expect(disk.readableBytes(20_000, 100)).toBe(0);
    expect(disk.readableBytes(35_000, 1_000_000)).toBe(5000);
    expect(disk.verifiedBytes(5000, 45_000)).toBe(15_000 + 10_000 + 5000);
    expect(disk.verifiedBytes(7, 7)).toBe(0);
  });

  it('torrent disk - counts written pieces as written, and claims that held as what they were', async () => {
    await lab.leave([0], { isClean: false });
    const disk = await load();
    const before = disk.totalHeldBytes;
    expect(disk.verified([at(0)])).toBe(0);
    expect(disk.totalHeldBytes).toBe(before);
    expect(disk.verified([at(1), at(11)])).toBe(19_999);
    expect(disk.totalHeldBytes).toBe(before + 19_999);
  });

  it('torrent disk - a false claim takes no room any more, and is counted when it is fetched', async () => {
    await lab.leave([0, 1], { isClean: false });
    const disk = await load();
    const before = disk.totalHeldBytes;
    expect(disk.dropClaim(at(0))).toBe(10_000);
    expect(disk.dropClaim(at(0))).toBe(0);
    expect(disk.totalHeldBytes).toBe(before - 10_000);
    expect(disk.verified([at(0)])).toBe(10_000);
    expect(disk.totalHeldBytes).toBe(before);
  });

  it('torrent disk - counts pieces that a dead worker could not tell of, once', async () => {
    const disk = await load();
    await put(disk, 0, 1);
    await lab.write(2);
    disk.bits.set(2);
    expect(disk.recount()).toBe(10_000);
    expect(disk.recount()).toBe(0);
    expect(disk.totalHeldBytes).toBe(30_000);
  });

  it('torrent disk - an extent on its way out is not readable, and its room is told when it is gone', async () => {
    const disk = await load();
    await put(disk, 0, 1, 4);
    let finish: () => void = () => undefined;
    const retired = disk.retire(extent(0), () => new Promise((resolve) => (finish = resolve)));
    expect(disk.isRetiring(extent(0))).toBe(true);
    expect(disk.readableBytes(0, 100)).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    await put(disk, 2);
    expect(disk.bits.has(2)).toBe(true);
    expect(disk.isReadable(at(2))).toBe(false);
    finish();
    expect(await retired).toBe(30_000);
    expect(disk.totalHeldBytes).toBe(10_000);
    expect(disk.isRetiring(extent(0))).toBe(false);
  });

  it('torrent disk - retired by two at once, is removed once and counted once', async () => {
    const disk = await load();
    await put(disk, 0);
    const freed = await Promise.all([disk.retire(extent(0), removeIn(0)), disk.retire(extent(0), removeIn(0))]);
    expect(freed).toEqual([10_000, 0]);
    expect(await lab.extentsOnDisk()).toEqual([]);
  });

  it('torrent disk - retires an extent only when those who read it are done', async () => {
    const disk = await load();
    await put(disk, 0, 1, 2, 3);
    const buffer = Buffer.alloc(40_000);
    const order: string[] = [];
    const read = disk.read(buffer, 0, 40_000).then(() => order.push('read'));
    const retired = disk.retire(extent(0), async () => {
      order.push('removed');
      await removeIn(0)();
    });
    await Promise.all([read, retired]);
    expect(order).toEqual(['read', 'removed']);
    expect(buffer.equals(lab.content.subarray(0, 40_000))).toBe(true);
  });

  it('torrent disk - reads the new file of an extent that went and came back', async () => {
    const disk = await load();
    await put(disk, 0);
    await disk.read(Buffer.alloc(10), 0, 10);
    await disk.retire(extent(0), removeIn(0));
    await put(disk, 1);
    const buffer = Buffer.alloc(10_000);
    await disk.read(buffer, 10_000, 10_000);
    expect(buffer.equals(lab.bytesOf(1))).toBe(true);
  });

  it('torrent disk - claims count until their extent is gone, also when they are checked on its way out', async () => {
    await lab.leave([0, 1], { isClean: false });
    const disk = await load();
    const held = disk.totalHeldBytes;
    const retired = disk.retire(extent(0), async () => {
      expect(disk.verified([at(0)])).toBe(0);
    });
    expect(await retired).toBe(held);
    expect([disk.isClaimed(at(0)), disk.isClaimed(at(1))]).toEqual([false, false]);
  });
});
