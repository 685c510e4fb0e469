import { describe, expect, it } from '@jest/globals';
import { groupVolumes } from '../../../backend/archive/group-volumes.js';
import type { Grouping } from '../../../backend/archive/group-volumes.js';

function group(...names: readonly string[]): Grouping {
  return groupVolumes(names.map((name, index) => ({ name, sizeBytes: 1000 + index })));
}

/** Format, name, volumes in order, and `!` where something is missing. */
function sets(...names: readonly string[]): string[] {
  return group(...names).sets.map(
    ({ format, name, volumes, isComplete }) => `${format} ${name} ${volumes.join(',')}${isComplete ? '' : '!'}`,
  );
}

describe('volume grouping', () => {
  it.each([
    ['numbered parts', ['f.part2.rar', 'f.part1.rar', 'f.part10.rar'], ['rar f 1,0,2!']],
    ['numbered parts from zero', ['f.part00.rar', 'f.part01.rar'], ['rar f 0,1']],
    ['parts in capitals', ['F.PART01.RAR', 'f.part02.rar'], ['rar F 0,1']],
    ['old names', ['f.r00', 'f.rar', 'f.r01'], ['rar f 1,0,2']],
    ['old names beyond a hundred', ['f.rar', ...range(100).map((n) => `f.r${two(n)}`), 'f.s00'], [old(102)]],
    ['a lone RAR', ['f.rar'], ['rar f 0']],
    ['old names without the first', ['f.r00', 'f.r01'], ['rar f 0,1!']],
    ['a lone 7z', ['f.7z'], ['7z f 0']],
    ['a split 7z', ['f.7z.002', 'f.7z.001'], ['7z f 1,0']],
    ['a split 7z without its first', ['f.7z.002', 'f.7z.003'], ['7z f 0,1!']],
    ['a lone ZIP', ['f.zip'], ['zip f 0']],
    ['a split ZIP', ['f.zip.001', 'f.zip.002'], ['zip f 0,1']],
    ['a spanned ZIP, which ends with .zip', ['f.zip', 'f.z01', 'f.z02'], ['zip f 1,2,0']],
    ['a spanned ZIP without its end', ['f.z01', 'f.z02'], ['zip f 0,1!']],
    ['pieces of a film', ['f.mkv.001', 'f.mkv.002', 'f.mkv.004'], ['split f.mkv 0,1,2!']],
    ['pieces with plain numbers', ['f.000', 'f.001'], ['split f 0,1']],
    ['names with folders', ['a/f.rar', 'b/f.rar', 'a/f.r00'], ['rar f 0,2', 'rar f 1']],
    ['one set for each episode', ['e2.rar', 'e1.rar', 'e1.r00', 'e2.r00'], ['rar e2 0,3', 'rar e1 1,2']],
  ])('volume grouping - %s', (_title, names, expected) => {
    expect(sets(...names)).toEqual(expected);
  });

  it('volume grouping - leaves alone what only looks like volumes', () => {
    const names = ['film.mkv', 'film.264', 'show.s02', 'film.nfo', 'film.par2', 'film.vol00+01.par2', 'film.x26'];
    expect(group(...names)).toEqual({ sets: [], others: names.map((_name, index) => index) });
  });

  it('volume grouping - takes the larger of two files with the same number', () => {
    const { sets: found, others } = groupVolumes([
      { name: 'f.part1.rar', sizeBytes: 10 },
      { name: 'f.part1.rar', sizeBytes: 20 },
    ]);
    expect(found.map(({ volumes }) => volumes)).toEqual([[1]]);
    expect(others).toEqual([0]);
  });
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_item, index) => index);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function old(count: number): string {
  return `rar f ${range(count).join(',')}`;
}
