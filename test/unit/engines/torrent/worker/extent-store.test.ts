import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ExtentIndex, PieceIndex } from '../../../../../backend/engines/torrent/geometry.js';
import { PieceBits } from '../../../../../backend/engines/torrent/piece-bits.js';
import { readResume } from '../../../../../backend/engines/torrent/resume.js';
import type { ExtentStore } from '../../../../../backend/engines/torrent/worker/extent-store.js';
import { Resources } from '../../../../support/resources.js';
import { until } from '../../../../support/until.js';
import { StoreLab } from './extent-store-lab.js';

const at = (piece: number): PieceIndex => piece as PieceIndex;
const first = 0 as ExtentIndex;

/** Files below `folder` that this process holds open. */
function openBelow(folder: string): number {
  const paths = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return paths.filter((path) => path.startsWith(folder)).length;
}

describe('extent store', () => {
  const resources = new Resources();
  afterEach(() => resources.close());

  async function labOf(
    pieces: number,
    options: { readonly piecesPerExtent?: number; readonly pieceLength?: number } = {},
  ) {
    return new StoreLab({ folder: await resources.folder(), pieces, ...options });
  }

  /** Puts pieces in and waits until they are verified on disk. */
  async function put(lab: StoreLab, store: ExtentStore, ...pieces: readonly number[]): Promise<void> {
    for (const piece of pieces) expect(store.accept(at(piece), lab.bytesOf(piece))).toBe(true);
    await lab.until(() => pieces.every((piece) => store.has(at(piece))));
  }

  it('extent store - verifies a piece, writes it to its extent, and reads any part of it', async () => {
    const lab = await labOf(10);
    const { store, bits } = await lab.open();
    expect(store.accept(at(5), lab.bytesOf(5))).toBe(true);
    expect(store.isBusy(at(5))).toBe(true);
    expect(bits.has(5)).toBe(false);
    await lab.until(() => bits.has(5));
    expect(store.isBusy(at(5))).toBe(false);
    expect(lab.verified).toEqual([5]);
    expect(await store.read(at(5), 100, 50)).toEqual(Buffer.from(lab.bytesOf(5).subarray(100, 150)));
    await put(lab, store, 9);
    expect(await store.read(at(9), 0, 999)).toEqual(Buffer.from(lab.bytesOf(9)));
    expect((await readFile(lab.pathOf(1))).subarray(1000, 2000)).toEqual(Buffer.from(lab.bytesOf(5)));
    await store.close();
  });

  it('extent store - refuses a piece that fails its hash, keeps nothing of it, and gives its room back', async () => {
    const lab = await labOf(10);
    const { store, bits } = await lab.open();
    const bad = lab.bytesOf(2);
    bad[0]! ^= 1;
    expect(store.accept(at(2), bad)).toBe(false);
    expect(lab.freed).toBe(1000);
    expect(bits.has(2)).toBe(false);
    await expect(store.read(at(2), 0, 10)).rejects.toThrow();
    expect(existsSync(lab.pathOf(0))).toBe(false);
    await store.close();
  });

  it('extent store - after a clean stop everything is trusted, before it nothing', async () => {
    const lab = await labOf(10);
    const { store } = await lab.open();
    await put(lab, store, 0, 3, 7);
    await store.save(false);
    expect(await readResume(lab.folder)).toMatchObject({ isClean: false, pieceCount: 10, extentBytes: 4000 });
    await store.close();
    const resume = await readResume(lab.folder);
    expect(resume?.isClean).toBe(true);
    expect([...resume!.bitfield]).toEqual([0b1001_0001, 0]);
    expect(openBelow(lab.folder)).toBe(0);
  });

  it('extent store - what is claimed and was not checked yet is still claimed after a stop', async () => {
    const lab = await labOf(10);
    await lab.writeExtent(0);
    const { store } = await lab.open({ claimed: [0, 1] });
    await store.close();
    const resume = await readResume(lab.folder);
    expect(resume?.isClean).toBe(false);
    expect([...resume!.bitfield]).toEqual([0b1100_0000, 0]);
  });

  it('extent store - hashes claimed pieces, keeps the good and tells the bad', async () => {
    const lab = await labOf(12);
    await lab.writeExtent(0, (bytes) => bytes.fill(0, 1500, 1501));
    await lab.writeExtent(1, (bytes) => bytes.subarray(0, 1500));
    const { store, bits } = await lab.open({ claimed: [0, 1, 4, 5, 8] });
    expect(store.isClaimed(at(0))).toBe(true);
    expect(store.has(at(0))).toBe(false);
    while (lab.verified.length + lab.failedClaims.length < 5) {
      const seen = lab.verified.length + lab.failedClaims.length;
      for (const piece of [0, 1, 4, 5, 8]) store.checkClaim(at(piece));
      await lab.until(() => lab.verified.length + lab.failedClaims.length > seen);
    }
    expect(lab.verified.sort()).toEqual([0, 4]);
    expect(lab.failedClaims.sort()).toEqual([1, 5, 8]);
    expect(bits.has(4) && !bits.has(5)).toBe(true);
    expect(store.isClaimed(at(1))).toBe(false);
    expect(existsSync(lab.pathOf(2))).toBe(false);
    await store.close();
    expect((await readResume(lab.folder))?.isClean).toBe(true);
  });

  it('extent store - drops an extent with all its pieces and claims, and takes them again', async () => {
    const lab = await labOf(10);
    const { store, bits } = await lab.open({ claimed: [3] });
    await put(lab, store, 0, 1, 5);
    await store.dropExtent(first);
    expect([bits.has(0), bits.has(1), bits.has(5)]).toEqual([false, false, true]);
    expect(store.isClaimed(at(3))).toBe(false);
    expect(existsSync(lab.pathOf(0))).toBe(false);
    await put(lab, store, 1);
    expect(await store.read(at(1), 0, 1000)).toEqual(Buffer.from(lab.bytesOf(1)));
    await store.close();
    expect([...(await readResume(lab.folder))!.bitfield]).toEqual([0b0100_0100, 0]);
  });

  it('extent store - a piece written while its extent is dropped is either gone with it or wholly in the new one', async () => {
    const lab = await labOf(40, { piecesPerExtent: 8 });
    const { store, bits } = await lab.open();
    for (let round = 0; round < 30; round++) {
      await put(lab, store, 0, 1);
      const drop = store.dropExtent(first);
      for (const piece of [2, 3]) store.accept(at(piece), lab.bytesOf(piece));
      await Promise.resolve();
      for (const piece of [4, 5]) store.accept(at(piece), lab.bytesOf(piece));
      await drop;
      await lab.until(() => [2, 3, 4, 5].every((piece) => !store.isBusy(at(piece))));
      for (const piece of [0, 1, 2, 3, 4, 5].filter((index) => bits.has(index))) {
        expect(await store.read(at(piece), 0, 1000)).toEqual(Buffer.from(lab.bytesOf(piece)));
      }
      expect(lab.writeErrors).toEqual([]);
      await store.dropExtent(first);
    }
    await store.close();
  });

  it('extent store - a claim that is being checked while its extent is dropped is gone with it', async () => {
    const lab = await labOf(10, { pieceLength: 200_000 });
    await lab.writeExtent(0);
    const { store, bits } = await lab.open({ claimed: [0, 1, 2, 3] });
    for (const piece of [0, 1, 2, 3]) store.checkClaim(at(piece));
    await store.dropExtent(first);
    await lab.until(() => [0, 1, 2, 3].every((piece) => !store.isClaimed(at(piece))));
    expect([0, 1, 2, 3].some((piece) => bits.has(piece))).toBe(false);
    await store.close();
  });

  it('extent store - saves that overlap, and a stop in the midst of them, leave a record that is whole', async () => {
    const lab = await labOf(10);
    const { store } = await lab.open();
    await put(lab, store, 0);
    const saves = [store.save(false), store.save(false)];
    await put(lab, store, 1);
    saves.push(store.save(false));
    await Promise.all([...saves, store.close()]);
    const resume = await readResume(lab.folder);
    expect(resume?.isClean).toBe(true);
    expect([...resume!.bitfield]).toEqual([0b1100_0000, 0]);
  });

  it('extent store - a save that failed is made up for by the next', async () => {
    const lab = await labOf(10);
    const { store } = await lab.open();
    await put(lab, store, 4);
    await rm(lab.folder, { recursive: true });
    await expect(store.save(false)).rejects.toThrow();
    await mkdir(lab.folder);
    await lab.writeExtent(1);
    await store.save(false);
    expect([...(await readResume(lab.folder))!.bitfield]).toEqual([0b0000_1000, 0]);
    await store.close();
  });

  it('extent store - a piece the disk refuses is missing again, and its room is given back', async () => {
    const lab = await labOf(10);
    const { store, bits } = await lab.open();
    await mkdir(lab.pathOf(1));
    expect(store.accept(at(4), lab.bytesOf(4))).toBe(true);
    await lab.until(() => lab.writeErrors.length > 0);
    expect(lab.writeErrors[0]).toMatchObject({ code: 'EISDIR' });
    expect(lab.freed).toBe(1000);
    expect([bits.has(4), store.isBusy(at(4))]).toEqual([false, false]);
    await rm(lab.pathOf(1), { recursive: true });
    await put(lab, store, 4);
    await store.close();
  });

  it('extent store - a read of an extent that is being dropped never keeps the dead file for the next piece', async () => {
    const lab = await labOf(10);
    const { store } = await lab.open();
    for (let round = 0; round < 20; round++) {
      await put(lab, store, 0);
      const drop = store.dropExtent(first);
      const reads = Array.from({ length: 8 }, async (_, turn) => {
        for (let wait = 0; wait < turn; wait++) await stat(lab.folder);
        await store.read(at(0), 0, 10).catch(() => undefined);
      });
      await Promise.all([drop, ...reads]);
      await put(lab, store, 1);
      expect((await readFile(lab.pathOf(0))).subarray(1000)).toEqual(Buffer.from(lab.bytesOf(1)));
      await store.dropExtent(first);
    }
    await store.close();
  });

  it('extent store - opens what is there without cutting it, whoever comes first', async () => {
    const lab = await labOf(8);
    await lab.writeExtent(0);
    const bits = PieceBits.create(8);
    for (const piece of [0, 1, 2]) bits.set(piece);
    const { store } = await lab.open({ bits });
    await put(lab, store, 3);
    expect(await store.read(at(2), 0, 1000)).toEqual(Buffer.from(lab.bytesOf(2)));
    expect((await stat(lab.pathOf(0))).size).toBe(4000);
    await store.close();
  });

  it('extent store - keeps no more than 64 files open, however many it writes', async () => {
    const lab = await labOf(300, { piecesPerExtent: 1 });
    const { store } = await lab.open();
    for (let piece = 0; piece < 300; piece += 50) {
      await put(lab, store, ...Array.from({ length: 50 }, (_, offset) => piece + offset));
    }
    await store.save(false);
    await store.read(at(0), 0, 10);
    await until('the surplus is closed', () => openBelow(lab.folder) <= 64, { everyMs: 5 });
    for (const piece of [0, 150, 299]) {
      expect(await store.read(at(piece), 0, 900)).toEqual(Buffer.from(lab.bytesOf(piece).subarray(0, 900)));
    }
    await store.close();
    expect(openBelow(lab.folder)).toBe(0);
    expect((await readdir(lab.folder)).length).toBe(301);
  });

  it('extent store - destroyed in the middle of everything, leaves no folder', async () => {
    const lab = await labOf(10);
    await lab.writeExtent(2);
    const { store } = await lab.open({ claimed: [8] });
    store.accept(at(0), lab.bytesOf(0));
    store.checkClaim(at(8));
    const save = store.save(false).catch(() => undefined);
    await store.destroy();
    await save;
    await store.save(false);
    expect(existsSync(lab.folder)).toBe(false);
    expect(openBelow(lab.folder)).toBe(0);
  });
});
