import { describe, expect, it } from '@jest/globals';
import { UnplayableError } from '../../../../backend/content/index.js';
import type { Priority } from '../../../../backend/content/index.js';
import { prepareEnds } from '../../../../backend/engines/usenet/preparation.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { MemoryMediaFile, untilAborted } from '../../../support/memory-media-file.js';
import type { BeforeChunk } from '../../../support/memory-media-file.js';

const mebibyte = 1024 * 1024;

function lab(sizeBytes: number, beforeChunk?: BeforeChunk) {
  const file = new MemoryMediaFile(new Uint8Array(sizeBytes), beforeChunk ? { beforeChunk } : {});
  const clock = new ManualClock();
  const leaving = new AbortController();
  const start = (priority: Priority = 'prepare') =>
    prepareEnds({ file, clock, priority, signal: leaving.signal, completionMs: 10_000 });
  const ranges = () => file.readers.map(({ range }) => [range.start, range.end]);
  return { file, clock, leaving, start, ranges };
}

describe('preparation', () => {
  it('head and tail - are read to their ends', async () => {
    const { file, clock, start, ranges } = lab(10 * mebibyte);
    const { completed } = await start();
    await completed;
    expect(ranges()).toEqual([
      [0, 2 * mebibyte],
      [9 * mebibyte, 10 * mebibyte],
    ]);
    expect([file.pulledBytes, file.openReaders, clock.pending]).toEqual([3 * mebibyte, 0, 0]);
  });

  it.each([
    [2.5 * mebibyte, [2 * mebibyte, 2.5 * mebibyte]],
    [1000, [1000, 1000]],
  ])('a file of %d bytes - is read once, from beginning to end', async (sizeBytes, tail) => {
    const { start, ranges } = lab(sizeBytes);
    await (
      await start()
    ).completed;
    expect(ranges()).toEqual([[0, Math.min(sizeBytes, 2 * mebibyte)], tail]);
  });

  it('the first bytes - are enough; the rest may take until its time is up', async () => {
    const { file, clock, start } = lab(10 * mebibyte, (position, signal) =>
      position === 0 ? undefined : untilAborted(signal),
    );
    const { completed } = await start();
    await clock.advance(9_999);
    expect(file.openReaders).toBe(2);
    await clock.advance(1);
    await expect(completed).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(file.openReaders).toBe(0);
  });

  it('first bytes that cannot be had - are its failure, and nothing is read on', async () => {
    const missing = new UnplayableError('Gone.', 'ARTICLE_MISSING');
    const { file, clock, start } = lab(10 * mebibyte, (position, signal) => {
      if (position === 0) throw missing;
      return untilAborted(signal);
    });
    await expect(start()).rejects.toBe(missing);
    await clock.advance(0);
    expect([file.openReaders, clock.pending]).toEqual([0, 0]);
  });

  it('whoever asked leaves - nothing is read on', async () => {
    const { file, clock, leaving, start } = lab(10 * mebibyte, (_position, signal) => untilAborted(signal));
    const starting = start();
    leaving.abort(new Error('left'));
    await expect(starting).rejects.toThrow('left');
    await clock.advance(0);
    expect(file.openReaders).toBe(0);
  });

  it('abandoned - what is on its way is stopped', async () => {
    const { file, clock, start } = lab(10 * mebibyte, (position, signal) =>
      position === 0 ? undefined : untilAborted(signal),
    );
    const preparation = await start();
    preparation.abandon(new Error('removed'));
    await expect(preparation.completed).rejects.toThrow('removed');
    expect([file.openReaders, clock.pending]).toEqual([0, 0]);
  });
});
