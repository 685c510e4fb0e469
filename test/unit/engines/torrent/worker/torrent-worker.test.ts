import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readResume } from '../../../../../backend/engines/torrent/resume.js';
import type { PlainTorrent } from '../../../../../scripts/lab/index.js';
import { createPlainWebtorrent } from '../../../../../scripts/lab/index.js';
import { Resources } from '../../../../support/resources.js';
import { until } from '../../../../support/until.js';
import type { SeededFile } from './worker-lab.js';
import { seedFile, WorkerLab } from './worker-lab.js';

describe('torrent worker', () => {
  let resources: Resources;
  beforeEach(() => {
    resources = new Resources();
  });
  afterEach(() => resources.close());

  async function labOf(pieces = 16, options: { uploadLimit?: number } = {}): Promise<WorkerLab> {
    const file = await seedFile(resources, pieces, options);
    const lab = new WorkerLab(file, join(await resources.folder(), 'torrent'));
    resources.defer(() => lab.stop());
    return lab;
  }

  const piecesOnDisk = async ({ folder, file }: WorkerLab, extent: number): Promise<Buffer> => {
    const bytes = await readFile(join(folder, `${extent}.extent`));
    expect(bytes.length).toBeLessThanOrEqual(file.geometry.extentBytes);
    return bytes;
  };

  it('torrent worker - fetches what is wanted, in verified pieces on disk, and nothing else', async () => {
    const lab = await labOf();
    lab.open();
    lab.want(4, 8);
    await lab.until(() => lab.verified.length === 4);
    expect(lab.verified.sort()).toEqual([4, 5, 6, 7]);
    expect([3, 4, 7, 8].map((piece) => lab.bits.has(piece))).toEqual([false, true, true, false]);
    const { start, end } = { start: 4 * 32_768, end: 8 * 32_768 };
    expect((await piecesOnDisk(lab, 1)).equals(lab.file.content.subarray(start, end))).toBe(true);
    await lab.close();
    expect((await readResume(lab.folder))?.isClean).toBe(true);
  });

  it('torrent worker - finds the metadata of a bare infohash, then serves demands in the same swarm', async () => {
    const lab = await labOf();
    lab.find();
    const { info } = await lab.message('metadata');
    expect(Buffer.from(info).equals(lab.file.info)).toBe(true);
    lab.open();
    lab.want(0, 2);
    await lab.until(() => lab.verified.length === 2);
    expect(lab.all('failed')).toEqual([]);
  });

  it('torrent worker - opened again while it is being closed, goes on, and is unclean until the next stop', async () => {
    const lab = await labOf();
    for (let round = 0; round < 4; round++) {
      lab.open();
      lab.want(round * 4, round * 4 + 4);
      const closed = lab.close();
      lab.open();
      lab.want(round * 4, round * 4 + 4);
      await closed;
      await lab.until(() => new Set(lab.verified).size === round * 4 + 4);
      expect((await readResume(lab.folder))?.isClean).toBe(false);
      await lab.close();
      expect((await readResume(lab.folder))?.isClean).toBe(true);
    }
    expect(lab.all('failed')).toEqual([]);
  });

  it('torrent worker - removed while it opens, leaves no folder; opened again meanwhile, keeps the new one', async () => {
    const lab = await labOf();
    lab.open();
    lab.want(0, 4);
    await lab.close(true);
    expect(existsSync(lab.folder)).toBe(false);
    lab.open();
    lab.want(0, 4);
    const removed = lab.close(true);
    lab.open();
    lab.want(4, 8);
    await removed;
    await lab.until(() => [4, 5, 6, 7].every((piece) => lab.verified.includes(piece)));
    expect(existsSync(join(lab.folder, '1.extent'))).toBe(true);
  });

  it('torrent worker - tells that it cannot open, and serves the next demand when it can', async () => {
    const lab = await labOf();
    await writeFile(lab.folder, 'in the way');
    lab.open();
    lab.want(0, 1);
    expect(await lab.message('failed')).toMatchObject({ infoHash: lab.file.infoHash });
    await rm(lab.folder);
    lab.want(0, 2);
    await lab.until(() => lab.verified.length === 2);
  });

  it('torrent worker - paused has no swarm and says what it cannot have', async () => {
    const lab = await labOf();
    lab.tell({ type: 'pause', isPaused: true });
    lab.open();
    lab.tell({ type: 'pause', isPaused: true });
    lab.want(2, 4);
    expect((await lab.message('unavailable')).pieces).toEqual([2, 3]);
    await lab.tick();
    expect(lab.numbers.at(-1)).toMatchObject({ isJoined: false, peersConnected: 0 });
    lab.tell({ type: 'pause', isPaused: false });
    await lab.until(() => lab.verified.length === 2);
  });

  it('torrent worker - paused and resumed before the swarm was joined, is in the swarm', async () => {
    const lab = await labOf();
    lab.open();
    lab.want(0, 8);
    await lab.message('opened');
    for (const isPaused of [true, false, true, false]) lab.tell({ type: 'pause', isPaused });
    await lab.until(() => lab.verified.length === 8);
    for (const isPaused of [true, false, true]) lab.tell({ type: 'pause', isPaused });
    await until('it has left', async () => {
      await lab.tick();
      return lab.numbers.at(-1)?.isJoined === false;
    });
  });

  it('torrent worker - received bytes never go back, whoever leaves and comes again', async () => {
    const lab = await labOf();
    lab.open();
    for (let round = 0; round < 3; round++) {
      lab.tell({ type: 'pause', isPaused: false });
      lab.want(round * 4, round * 4 + 4);
      await lab.until(() => lab.verified.length === round * 4 + 4);
      await lab.tick();
      lab.tell({ type: 'pause', isPaused: true });
      await until('it has left', async () => {
        await lab.tick();
        return lab.numbers.at(-1)?.isJoined === false;
      });
    }
    const received = lab.numbers.map((numbers) => numbers.receivedBytes);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect(received.at(-1)).toBeGreaterThan(12 * 32_768);
  });

  it('torrent worker - sends numbers while something happens, once more when it stopped, and then none', async () => {
    const lab = await labOf();
    lab.open();
    lab.want(0, 2);
    await lab.until(() => lab.verified.length === 2);
    await lab.tick();
    expect(lab.numbers.at(-1)).toMatchObject({ isJoined: true, peersConnected: 1 });
    lab.want(0, 0);
    lab.tell({ type: 'pause', isPaused: true });
    await until('it has left', async () => {
      await lab.tick();
      return lab.numbers.at(-1)?.isJoined === false;
    });
    expect(lab.numbers.at(-1)).toMatchObject({ peersConnected: 0, downloadBytesPerSecond: 0 });
    const count = lab.numbers.length;
    await lab.tick();
    await lab.tick();
    expect(lab.numbers).toHaveLength(count);
  });

  it('torrent worker - says how far a preparation is', async () => {
    const lab = await labOf();
    lab.open();
    lab.want(0, 2, 'prepare');
    await lab.until(() => lab.verified.length === 2);
    await lab.tick();
    expect(lab.numbers.at(-1)?.demandBytes).toEqual([[1, 2 * 32_768]]);
  });

  it('torrent worker - writes nothing before room is granted', async () => {
    const lab = await labOf();
    lab.grantsRoom = false;
    lab.open();
    lab.want(0, 4);
    const { bytes } = await lab.message('needSpace');
    await lab.tick(1000);
    expect(lab.all('needSpace')).toHaveLength(1);
    expect(lab.verified).toEqual([]);
    lab.grant(bytes);
    await lab.until(() => lab.verified.length === 4);
  });

  it('torrent worker - checks claims before it asks anybody, and says which were false', async () => {
    const lab = await labOf();
    lab.open();
    lab.want(0, 4);
    await lab.until(() => lab.verified.length === 4);
    await lab.close();
    await writeFile(join(lab.folder, '0.extent'), (await piecesOnDisk(lab, 0)).fill(0, 40_000, 40_001));
    for (let piece = 0; piece < 4; piece++) lab.bits.clear(piece);
    lab.messages.length = 0;
    lab.open({ claimed: new Uint8Array([0b1111_0000, 0]), peers: [] });
    lab.want(0, 4);
    expect((await lab.message('unclaimed')).pieces).toEqual([1]);
    await lab.until(() => lab.verified.length === 3);
    lab.tell({ type: 'learn', swarm: { trackers: [], webSeeds: [], peers: [lab.file.address] } });
    await lab.until(() => lab.bits.has(1));
    expect((await piecesOnDisk(lab, 0)).equals(lab.file.content.subarray(0, 4 * 32_768))).toBe(true);
  });

  it('torrent worker - drops an extent in the midst of fetching it, and fetches again what is wanted of it', async () => {
    const lab = await labOf(33, { uploadLimit: 4_000_000 });
    lab.open();
    lab.want(0, 32);
    for (let round = 0; round < 6; round++) {
      await lab.until(() => lab.bits.has(0));
      await lab.dropExtent(0);
    }
    await lab.until(() => Array.from({ length: 32 }, (_, piece) => piece).every((piece) => lab.bits.has(piece)));
    for (let extent = 0; extent < 8; extent++) {
      const { start, end } = lab.file.geometry.extentRange(extent as never);
      expect((await piecesOnDisk(lab, extent)).equals(lab.file.content.subarray(start, end))).toBe(true);
    }
    expect(lab.all('failed')).toEqual([]);
  });

  it('torrent worker - tells every piece of a dropped extent before it says that the extent is gone', async () => {
    const lab = await labOf();
    lab.open();
    lab.want(0, 4);
    await lab.until(() => lab.bits.has(0));
    await lab.dropExtent(0);
    const done = lab.messages.findIndex((message) => message.type === 'done');
    lab.want(0, 0);
    await lab.close();
    const later = lab.messages.slice(done).filter((message) => message.type === 'verified');
    const pieces = later.flatMap((message) => [...message.pieces]);
    expect(pieces.every((piece) => lab.bits.has(piece))).toBe(true);
    await expect(lab.dropExtent(0)).rejects.toThrow();
  });

  it('torrent worker - gives others what it has, and not what it dropped', async () => {
    const lab = await labOf(16);
    lab.open();
    lab.want(0, 12);
    await lab.until(() => lab.verified.length === 12);
    lab.want(0, 0);
    await lab.dropExtent(1);
    const leecher = createPlainWebtorrent();
    resources.defer(() => new Promise<void>((resolve) => leecher.destroy(resolve)));
    const path = await resources.folder();
    const torrent = await new Promise<PlainTorrent>((resolve) => {
      leecher.add(lab.file.torrentFile, { path, announce: [] }, resolve);
    });
    lab.tell({
      type: 'learn',
      swarm: { trackers: [], webSeeds: [], peers: [`127.0.0.1:${leecher.torrentPort}`] },
    });
    const taken = torrent as unknown as { bitfield?: { get(piece: number): boolean } };
    const has = (...pieces: readonly number[]): boolean[] => pieces.map((piece) => taken.bitfield?.get(piece) === true);
    await until('it has them', () => !has(0, 1, 2, 3, 8, 9, 10, 11).includes(false), { everyMs: 10 });
    expect(has(4, 5, 6, 7, 12)).not.toContain(true);
    await lab.tick();
    expect(lab.numbers.at(-1)?.uploadedBytes).toBeGreaterThan(8 * 32_768);
  });

  it('torrent worker - records what is there every few seconds', async () => {
    const lab = await labOf();
    lab.open();
    lab.want(0, 1);
    await lab.until(() => lab.verified.length === 1);
    await lab.tick(5000);
    await until('it is recorded', async () => (await readResume(lab.folder))?.bitfield[0] === 0b1000_0000, {
      everyMs: 5,
    });
  });

  it('torrent worker - stopped, has put everything in order', async () => {
    const file: SeededFile = await seedFile(resources, 8);
    const lab = new WorkerLab(file, join(await resources.folder(), 'torrent'));
    lab.open();
    lab.want(0, 8);
    await lab.until(() => lab.verified.length > 0);
    await lab.stop();
    const resume = await readResume(lab.folder);
    expect(resume?.isClean).toBe(true);
    expect(Buffer.from(resume!.bitfield).equals(lab.bits.toBitfield())).toBe(true);
    expect(lab.clock.pending).toBe(0);
  });
});
