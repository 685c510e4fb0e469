// What every MediaFile keeps, whichever engine it comes from. Each implementation calls `describeMediaFile` in a test of its own.

import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { ByteRange, MediaFile } from '../../backend/content/index.js';
import { randomNumbers } from '../support/pseudo-random.js';

const MAX_CHUNK_BYTES = 1024 * 1024;

/** A file to be read, and what it must contain: at least 4 KiB, better some MiB. */
export interface MediaFileSubject {
  readonly file: MediaFile;
  readonly original: Uint8Array;
  /** Readers whose demand is still held; where given, it must fall to zero after each read. May wait for it. */
  openReaders?(): number | Promise<number>;
  close?(): unknown;
}

export interface MediaFileSuiteOptions {
  /** Default 40. */
  readonly randomRanges?: number;
}

/** Declares the suite for one implementation; `create` makes its subject once. */
export function describeMediaFile(
  name: string,
  create: () => Promise<MediaFileSubject> | MediaFileSubject,
  options: MediaFileSuiteOptions = {},
): void {
  describe(`media file contract - ${name}`, () => {
    let subject: MediaFileSubject;
    let file: MediaFile;
    let size: number;

    beforeAll(async () => {
      subject = await create();
      file = subject.file;
      size = subject.original.length;
    });
    afterAll(async () => {
      await subject.close?.();
    });

    const test = (title: string, run: () => Promise<void>): void => it(`${name} - ${title}`, run);
    const read = (range: ByteRange): Promise<Reading> => readRange(file, range);
    const wanted = ({ start, end }: ByteRange): string => sha256(subject.original.subarray(start, end));
    const expectReleased = async (): Promise<void> => expect((await subject.openReaders?.()) ?? 0).toBe(0);

    test('says its exact size, a name without folders, and since when it is known', async () => {
      expect(file.sizeBytes).toBe(size);
      expect(file.name).toMatch(/^[^/\\]+$/);
      expect(file.id).not.toBe('');
      expect(file.modifiedAt.getTime()).toBeGreaterThan(0);
    });

    test('gives the whole file, byte for byte, in chunks of at most 1 MiB', async () => {
      const reading = await read({ start: 0, end: size });
      expect(reading.bytes).toBe(size);
      expect(reading.hash).toBe(wanted({ start: 0, end: size }));
      expect(reading.largestChunk).toBeLessThanOrEqual(MAX_CHUNK_BYTES);
      await expectReleased();
    });

    test('gives exactly the range asked for, wherever it lies', async () => {
      const random = randomNumbers(7);
      for (let count = 0; count < (options.randomRanges ?? 40); count += 1) {
        const start = Math.floor(random() * size);
        const end = start + 1 + Math.floor(random() * Math.min(size - start, 300_000));
        const range = { start, end: Math.min(end, size) };
        const reading = await read(range);
        expect({ ...range, bytes: reading.bytes, hash: reading.hash }).toEqual({
          ...range,
          bytes: range.end - range.start,
          hash: wanted(range),
        });
      }
      await expectReleased();
    });

    test('gives the first byte, the last byte, and the last 500', async () => {
      for (const range of [
        { start: 0, end: 1 },
        { start: size - 1, end: size },
        { start: size - 500, end: size },
      ]) {
        expect((await read(range)).hash).toBe(wanted(range));
      }
    });

    test('gives nothing for an empty range, at either end', async () => {
      expect((await read({ start: 0, end: 0 })).bytes).toBe(0);
      expect((await read({ start: size, end: size })).bytes).toBe(0);
      await expectReleased();
    });

    test('throws the reason of a signal that was aborted before', async () => {
      const reason = new Error('too late');
      const iterator = iterate(file, { start: 0, end: size }, AbortSignal.abort(reason));
      await expect(iterator.next()).rejects.toBe(reason);
      await expectReleased();
    });

    test('throws the reason of a signal that is aborted midway, and gives no more', async () => {
      const reason = new Error('enough');
      const controller = new AbortController();
      const iterator = iterate(file, { start: 0, end: size }, controller.signal);
      expect((await iterator.next()).done).toBe(false);
      controller.abort(reason);
      const error = await drain(iterator).catch((thrown: unknown) => thrown);
      expect(error).toBe(reason);
      await expectReleased();
    });

    test('ends the demand when the reader leaves early, and serves the next one', async () => {
      for await (const chunk of file.open({ start: 0, end: size }, { signal: new AbortController().signal })) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      await expectReleased();
      const range = { start: Math.floor(size / 3), end: Math.floor(size / 2) };
      expect((await read(range)).hash).toBe(wanted(range));
    });

    test('serves several readers at once, each its own range', async () => {
      const ranges = [0, 1, 2, 3].map((index) => ({ start: Math.floor((index * size) / 5), end: size }));
      const readings = await Promise.all(ranges.map(read));
      expect(readings.map(({ hash }) => hash)).toEqual(ranges.map(wanted));
      await expectReleased();
    });
  });
}

interface Reading {
  readonly bytes: number;
  readonly hash: string;
  readonly largestChunk: number;
}

async function readRange(file: MediaFile, range: ByteRange): Promise<Reading> {
  const hash = createHash('sha256');
  let bytes = 0;
  let largestChunk = 0;
  for await (const chunk of file.open(range, { signal: new AbortController().signal })) {
    hash.update(chunk);
    bytes += chunk.length;
    largestChunk = Math.max(largestChunk, chunk.length);
  }
  return { bytes, hash: hash.digest('hex'), largestChunk };
}

function iterate(file: MediaFile, range: ByteRange, signal: AbortSignal): AsyncIterator<Uint8Array> {
  return file.open(range, { signal })[Symbol.asyncIterator]();
}

/** Takes what was already on its way; the file is larger than that. */
async function drain(iterator: AsyncIterator<Uint8Array>): Promise<void> {
  while ((await iterator.next()).done !== true);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
