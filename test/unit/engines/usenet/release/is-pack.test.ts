import { describe, expect, it } from '@jest/globals';
import { isPack } from '../../../../../backend/engines/usenet/release/is-pack.js';

const files = (...all: readonly (readonly [name: string, sizeBytes: number])[]) =>
  all.map(([name, sizeBytes]) => ({ name, sizeBytes }));

describe('a pack', () => {
  it('pack - several videos, or several sets of volumes', () => {
    expect(isPack(files(['s01e01.mkv', 100], ['s01e02.mkv', 90]))).toBe(true);
    expect(isPack(files(['e1.part1.rar', 50], ['e1.part2.rar', 50], ['e2.part1.rar', 50], ['e2.part2.rar', 20]))).toBe(
      true,
    );
    expect(isPack(files(['e1.rar', 50], ['e1.r00', 50], ['s01e02.mkv', 90]))).toBe(true);
  });

  it('pack - none is one film with its volumes, sample, subtitles and repair files, or what has names that tell nothing', () => {
    expect(isPack(files(['film.part1.rar', 50], ['film.part2.rar', 50], ['sample.mkv', 3], ['subs.rar', 2]))).toBe(
      false,
    );
    expect(isPack(files(['film.mkv', 100], ['film.par2', 60], ['film.nfo', 1]))).toBe(false);
    expect(isPack(files(['a1b2', 50], ['c3d4', 50]))).toBe(false);
    expect(isPack([])).toBe(false);
  });
});
