import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ByteRange } from '../../../../../backend/content/index.js';
import { FIRST_WINDOW_BYTES } from '../../../../../backend/engines/torrent/demand/window.js';
import { READ_BYTES, readTorrent } from '../../../../../backend/engines/torrent/host/torrent-reader.js';
import { extentFileName } from '../../../../../backend/engines/torrent/resume.js';
import { BufferPool, systemClock } from '../../../../../backend/platform/index.js';
import { Resources } from '../../../../support/resources.js';
import { DiskLab } from './disk-lab.js';
import { EntryLab, settled } from './entry-lab.js';
import { FillingWorker } from './filling-worker.js';

const mebibyte = 1024 * 1024;

describe('torrent reader', () => {
  const resources = new Resources();
  let disk: DiskLab;
  let lab: EntryLab;
  beforeEach(async () => {
    disk = new DiskLab({ folder: await resources.folder(), pieces: 160, pieceLength: 131_072, piecesPerExtent: 8 });
    lab = new EntryLab(disk);
    resources.defer(() => lab.entry.close());
    await lab.entry.findMetadata(new AbortController().signal);
    await lab.open();
  });
  afterEach(() => resources.close());

  function read(range: ByteRange, options: { readonly signal?: AbortSignal; readonly windowLimit?: number } = {}) {
    return readTorrent({
      entry: lab.entry,
      disk: lab.entry.disk!,
      range,
      kind: 'play',
      signal: options.signal ?? new AbortController().signal,
      buffers: new BufferPool({ clock: systemClock, sizeBytes: READ_BYTES, maxFree: 4 }),
      windowLimit: () => options.windowLimit ?? 8 * mebibyte,
    });
  }

  async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
    const copies: Buffer[] = [];
    for await (const chunk of chunks) copies.push(Buffer.from(chunk));
    return Buffer.concat(copies);
  }

  it('torrent reader - a probe that leaves after its first bytes wanted one window and no more', async () => {
    const worker = resources.use(new FillingWorker(lab));
    for await (const chunk of read({ start: 0, end: disk.content.length })) {
      expect(chunk.length).toBeLessThanOrEqual(64 * 1024);
      break;
    }
    await settled();
    expect(worker.farthestWanted).toBeLessThanOrEqual(FIRST_WINDOW_BYTES + 256 * 1024);
    expect([lab.wanted, lab.entry.isWanted]).toEqual([[], false]);
  });

  it('torrent reader - wants ever more ahead while it is read, never past its range', async () => {
    const worker = resources.use(new FillingWorker(lab));
    const end = 12 * mebibyte + 5;
    expect((await bytesOf(read({ start: 100, end }))).equals(disk.content.subarray(100, end))).toBe(true);
    expect(worker.farthestWanted).toBe(end);
    const widths = lab.sent('demand').flatMap(({ demands }) => demands.map((demand) => demand.end - demand.start));
    expect(Math.max(...widths)).toBeGreaterThan(4 * mebibyte);
    expect(Math.max(...widths)).toBeLessThanOrEqual(8 * mebibyte);
  });

  it('torrent reader - that is not read on holds its window, and takes two chunks of memory', async () => {
    resources.use(new FillingWorker(lab));
    const chunks = read({ start: 0, end: disk.content.length })[Symbol.asyncIterator]();
    for (let count = 0; count < 4; count++) await chunks.next();
    await settled();
    const { length } = lab.messages;
    await settled();
    expect(lab.messages).toHaveLength(length);
    await chunks.return();
    await settled();
    expect(lab.entry.isWanted).toBe(false);
  });

  it('torrent reader - waits for the piece under it, in the order of the range', async () => {
    const chunks = read({ start: 0, end: 300_000 })[Symbol.asyncIterator]();
    const first = chunks.next();
    await settled();
    await lab.put(1);
    await lab.put(0);
    expect((await first).done).toBe(false);
    await chunks.return();
  });

  it('torrent reader - waits again, without end, for pieces that go before they are read', async () => {
    const reading = bytesOf(read({ start: 0, end: 1000 }));
    for (let count = 0; count < 10; count++) {
      await settled();
      lab.entry.waiters.arrived(0);
    }
    await settled();
    await lab.put(0);
    expect((await reading).equals(disk.content.subarray(0, 1000))).toBe(true);
  });

  it('torrent reader - has an extent fetched again that somebody cut short', async () => {
    resources.use(new FillingWorker(lab));
    await bytesOf(read({ start: 0, end: 8 * 131_072 }));
    await truncate(join(disk.folder, extentFileName(0)), 1000);
    expect((await bytesOf(read({ start: 0, end: 8 * 131_072 }))).equals(disk.content.subarray(0, 8 * 131_072))).toBe(
      true,
    );
    expect(lab.sent('dropExtent')).toHaveLength(1);
  });

  it('torrent reader - fails as the torrent does, and leaves nothing behind', async () => {
    const waiting = bytesOf(read({ start: 0, end: 1000 }));
    await settled();
    lab.entry.failed({ code: 'STORAGE_FULL', message: 'ENOSPC' });
    await expect(waiting).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    await settled();
    expect(lab.entry.isWanted).toBe(false);
  });

  it('torrent reader - reads what was removed no further', async () => {
    resources.use(new FillingWorker(lab));
    const chunks = read({ start: 0, end: disk.content.length })[Symbol.asyncIterator]();
    await chunks.next();
    await lab.entry.remove(true);
    const drain = async (): Promise<void> => {
      while ((await chunks.next()).done !== true);
    };
    await expect(drain()).rejects.toMatchObject({ code: 'GONE' });
  });
});
