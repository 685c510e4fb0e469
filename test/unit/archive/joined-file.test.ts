import { describe, expect, it } from '@jest/globals';
import { JoinedFile } from '../../../backend/archive/joined-file.js';
import { MemoryVolume, openOptions, readAll } from '../../support/archive-fixtures.js';
import { pseudoRandomBytes } from '../../support/pseudo-random.js';

const original = pseudoRandomBytes('joined', 1000);

function cut(sizes: readonly number[], estimate = (size: number): number => size): MemoryVolume[] {
  let start = 0;
  return sizes.map((size) => {
    const bytes = original.subarray(start, (start += size));
    return new MemoryVolume(bytes, { estimate: estimate(size), chunkBytes: 37 });
  });
}

describe('joined files', () => {
  it('joined files - measure only the first and the last at once, and give all bytes', async () => {
    const volumes = cut([300, 300, 300, 100], (size) => Math.round(size * 1.003));
    const joined = await JoinedFile.open(volumes, openOptions());
    expect(volumes.map(({ measured }) => measured)).toEqual([1, 0, 0, 1]);
    expect(joined.sizeBytes).toBe(1000);
    expect((await readAll(joined, { start: 0, end: 1000 })).equals(original)).toBe(true);
    expect((await readAll(joined, { start: 290, end: 910 })).equals(original.subarray(290, 910))).toBe(true);
    expect(volumes.map(({ openReaders }) => openReaders)).toEqual([0, 0, 0, 0]);
  });

  it('joined files - measure at once what says it is of another length', async () => {
    const volumes = cut([300, 200, 300, 200]);
    const joined = await JoinedFile.open(volumes, openOptions());
    expect(volumes.map(({ measured }) => measured)).toEqual([1, 1, 0, 1]);
    expect((await readAll(joined, { start: 0, end: 1000 })).equals(original)).toBe(true);
  });

  it('joined files - are right although a volume lied about its length', async () => {
    const volumes = cut([300, 200, 300, 200], () => 300);
    const joined = await JoinedFile.open(volumes, openOptions());
    expect(joined.sizeBytes).toBe(1100);
    expect((await readAll(joined, { start: 0, end: 1000 })).equals(original)).toBe(true);
    expect(joined.sizeBytes).toBe(1000);
  });

  it('joined files - say whether what was assumed is so', async () => {
    const usual = await JoinedFile.open(cut([400, 400, 200]), openOptions());
    expect(await usual.confirm(openOptions())).toBe(true);
    const odd = await JoinedFile.open(
      cut([400, 300, 300], () => 400),
      openOptions(),
    );
    expect(await odd.confirm(openOptions())).toBe(false);
  });

  it('joined files - end where the last volume ends', async () => {
    const joined = await JoinedFile.open(cut([600, 400]), openOptions());
    await expect(joined.locate(1000, openOptions())).rejects.toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
    await expect(JoinedFile.open([], openOptions())).rejects.toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
  });
});
