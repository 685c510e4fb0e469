import { describe, expect, it } from '@jest/globals';
import type { PackedExtent } from '../../../backend/archive/archive.js';
import { readLocated } from '../../../backend/archive/read-located.js';
import type { LocatedBytes } from '../../../backend/archive/read-located.js';
import { MemoryVolume } from '../../support/archive-fixtures.js';
import { untilAborted } from '../../support/memory-media-file.js';
import { pseudoRandomBytes } from '../../support/pseudo-random.js';

const original = pseudoRandomBytes('located', 1000);
const priority = 'play';

function volumesOf(count: number, bytes: number): MemoryVolume[] {
  return Array.from({ length: count }, (_volume, at) => {
    return new MemoryVolume(original.subarray(at * bytes, (at + 1) * bytes), { chunkBytes: 30 });
  });
}

/** Volumes of equal length, one after the other. */
function located(volumes: readonly MemoryVolume[], confirm: PackedExtent['confirm'] = null): LocatedBytes {
  const length = volumes[0]!.bytes.length;
  return {
    locate: async (offset) => {
      const file = volumes[Math.floor(offset / length)]!;
      return { file, range: { start: offset % length, end: length }, confirm };
    },
  };
}

async function read(source: LocatedBytes, start: number, end: number, signal = new AbortController().signal) {
  const chunks: Buffer[] = [];
  for await (const chunk of readLocated(source, { start, end }, { signal, priority })) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function open(volumes: readonly MemoryVolume[]): number {
  return volumes.reduce((sum, { openReaders }) => sum + openReaders, 0);
}

describe('reading across volumes', () => {
  it('reading across volumes - gives any range in order and lets all go', async () => {
    const volumes = volumesOf(10, 100);
    for (const [start, end] of [
      [0, 1000],
      [99, 101],
      [100, 200],
      [450, 451],
      [0, 0],
    ] as const) {
      expect((await read(located(volumes), start, end)).equals(original.subarray(start, end))).toBe(true);
    }
    expect(open(volumes)).toBe(0);
  });

  it('reading across volumes - opens the next ones early, never more than four', async () => {
    const volumes = volumesOf(10, 100);
    const reader = readLocated(
      located(volumes),
      { start: 0, end: 1000 },
      { signal: new AbortController().signal, priority },
    );
    await reader.next();
    await reader.next();
    expect(volumes.filter(({ readers }) => readers.length > 0).length).toBeGreaterThan(1);
    expect(volumes.filter(({ readers }) => readers.length > 0).length).toBeLessThanOrEqual(5);
    await reader.return();
    expect(open(volumes)).toBe(0);
  });

  it('reading across volumes - opens nothing that begins far away', async () => {
    const big = new Uint8Array(9 * 1024 * 1024);
    const volumes = [new MemoryVolume(big), new MemoryVolume(big)];
    const range = { start: 0, end: 2 * big.length };
    const reader = readLocated(located(volumes), range, { signal: new AbortController().signal, priority });
    await reader.next();
    await reader.next();
    expect(volumes[1]!.readers).toEqual([]);
    await reader.return();
  });

  it('reading across volumes - asks again where a place turns out to be another', async () => {
    const volumes = volumesOf(2, 500);
    const wrong = new MemoryVolume(new Uint8Array(500));
    let isKnown = false;
    const confirm = async (): Promise<boolean> => {
      const wasKnown = isKnown;
      isKnown = true;
      return wasKnown;
    };
    const right = located(volumes);
    const source: LocatedBytes = {
      locate: async (offset, options) => {
        const extent = await right.locate(offset, options);
        if (offset < 500) return extent;
        return isKnown ? extent : { ...extent, file: wrong, confirm };
      },
    };
    expect((await read(source, 0, 1000)).equals(original)).toBe(true);
    expect(open([...volumes, wrong])).toBe(0);
  });

  it('reading across volumes - gives up on places that never come true', async () => {
    const volumes = volumesOf(2, 500);
    const never = located(volumes, async () => false);
    await expect(read(never, 0, 1000)).rejects.toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
    expect(open(volumes)).toBe(0);
  });

  it('reading across volumes - gives all before a volume that fails, then its error', async () => {
    const volumes = volumesOf(2, 500);
    const lost = new Error('lost');
    const source: LocatedBytes = {
      locate: async (offset, options) => {
        if (offset >= 500) throw lost;
        return located(volumes).locate(offset, options);
      },
    };
    let received = 0;
    const reading = async (): Promise<void> => {
      const options = { signal: new AbortController().signal, priority } as const;
      for await (const chunk of readLocated(source, { start: 0, end: 1000 }, options)) received += chunk.length;
    };
    await expect(reading()).rejects.toBe(lost);
    expect(received).toBe(500);
  });

  it('reading across volumes - a volume that ends too soon is incomplete', async () => {
    const short = new MemoryVolume(original.subarray(0, 80), { estimate: 100 });
    const source: LocatedBytes = {
      locate: async () => ({ file: short, range: { start: 0, end: 100 }, confirm: null }),
    };
    await expect(read(source, 0, 100)).rejects.toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
  });

  it('reading across volumes - ends with the reason of its signal while it waits', async () => {
    const volume = new MemoryVolume(original, { beforeChunk: (_at, signal) => untilAborted(signal) });
    const controller = new AbortController();
    const reason = new Error('enough');
    const reading = read(located([volume]), 0, 1000, controller.signal);
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
    expect(open([volume])).toBe(0);
  });
});
