import { describe, expect, it } from '@jest/globals';
import { groupByHeaders } from '../../../backend/archive/group-by-headers.js';
import type { SniffedFile } from '../../../backend/archive/group-by-headers.js';
import { sniffFormat } from '../../../backend/archive/sniff-format.js';
import type { Sniffed } from '../../../backend/archive/sniff-format.js';
import { archiveFixture, fixtureBytes } from '../../support/archive-fixtures.js';

function file(sizeBytes: number, sniffed: Sniffed | null): SniffedFile {
  return { name: 'a1b2c3', sizeBytes, sniffed };
}

function rar5(volumeNumber: number | null): Sniffed {
  return { format: 'rar5', volumeNumber, isFirstVolume: volumeNumber === 0, isVolume: true };
}

const rar4First: Sniffed = { format: 'rar4', volumeNumber: 0, isFirstVolume: true, isVolume: true };
const rar4Later: Sniffed = { format: 'rar4', volumeNumber: null, isFirstVolume: false, isVolume: true };

describe('grouping by headers', () => {
  it('grouping by headers - orders obfuscated volumes by their numbers', () => {
    const { volumes } = archiveFixture('par2-obfuscated');
    const files = volumes.map((name) => {
      const bytes = fixtureBytes('par2-obfuscated', name);
      return { name, sizeBytes: bytes.length, sniffed: sniffFormat(bytes) };
    });
    const names = JSON.parse(Buffer.from(fixtureBytes('par2-obfuscated', 'names.json')).toString()) as Record<
      string,
      string
    >;
    const { sets, others } = groupByHeaders(files);
    expect(sets).toHaveLength(1);
    expect(sets[0]?.isComplete).toBe(true);
    expect(sets[0]?.volumes.map((index) => names[volumes[index] ?? ''])).toEqual(
      [1, 2, 3, 4, 5].map((number) => `open.film.part${number}.rar`),
    );
    expect(others.map((index) => volumes[index])).toEqual(volumes.filter((name) => name.endsWith('.par2')));
  });

  it('grouping by headers - says when a number is missing', () => {
    const { sets } = groupByHeaders([file(9, rar5(0)), file(9, rar5(2))]);
    expect(sets).toEqual([{ format: 'rar', name: 'a1b2c3', volumes: [0, 1], isComplete: false }]);
  });

  it('grouping by headers - keeps sets apart that count the same', () => {
    const { sets } = groupByHeaders([rar5(0), rar5(1), rar5(1), rar5(0)].map((sniffed) => file(9, sniffed)));
    expect(sets.map(({ volumes }) => volumes)).toEqual([
      [0, 1],
      [3, 2],
    ]);
  });

  it('grouping by headers - puts volumes without numbers after the first, the smaller one last', () => {
    const { sets } = groupByHeaders([file(40, rar4Later), file(100, rar4Later), file(100, rar4First)]);
    expect(sets.map(({ volumes }) => volumes)).toEqual([[2, 1, 0]]);
  });

  it('grouping by headers - lets headless pieces follow a 7z', () => {
    const { sets, others } = groupByHeaders([
      file(100, null),
      file(100, { format: '7z' }),
      file(30, null),
      file(100, null),
      file(5000, null),
    ]);
    expect(sets.map(({ volumes }) => volumes)).toEqual([[1, 0, 3, 2]]);
    expect(others).toEqual([4]);
  });

  it('grouping by headers - does not take a description for a piece of a ZIP', () => {
    const { sets, others } = groupByHeaders([file(100, { format: 'zip' }), file(3, null)]);
    expect(sets.map(({ volumes }) => volumes)).toEqual([[0]]);
    expect(others).toEqual([1]);
  });
});
