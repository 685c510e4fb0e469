// Whatever a release's files are called and begin with: each lies in exactly one set or in none.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { groupByHeaders, groupVolumes, sniffFormat } from '../../backend/archive/index.js';
import type { Grouping } from '../../backend/archive/index.js';
import { cleanMemberPath } from '../../backend/archive/member-path.js';
import { parseVolumeName } from '../../backend/archive/volume-name.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1_000);
const part = fc.constantFrom('a', 'b', '/', '.part', '.rar', '.r', '.z', '.zip', '.7z', '.', '0', '01', '001', '99');
const name = fc.oneof(
  fc.string(),
  fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
);
const size = fc.nat({ max: 10_000 });

function expectPartition({ sets, others }: Grouping, count: number): void {
  const indexes = [...sets.flatMap(({ volumes }) => volumes), ...others].toSorted((a, b) => a - b);
  expect(indexes).toEqual(Array.from({ length: count }, (_file, index) => index));
  expect(sets.every(({ volumes }) => volumes.length > 0)).toBe(true);
}

describe('volume names', () => {
  it('volume names - put each file into one set or none', () => {
    const files = fc.array(fc.record({ name, sizeBytes: size }), { maxLength: 40 });
    fc.assert(
      fc.property(files, (given) => expectPartition(groupVolumes(given), given.length)),
      { numRuns: RUNS },
    );
  });

  it('volume names - give whole numbers', () => {
    fc.assert(
      fc.property(name, (text) => {
        const parsed = parseVolumeName(text);
        if (parsed !== null) expect(Number.isSafeInteger(parsed.number) && parsed.number >= 0).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('first bytes - put each file into one set or none', () => {
    const magic = fc.constantFrom(
      '526172211a070100',
      '526172211a0700cf9073',
      '377abcaf271c',
      '504b0304',
      '1a45dfa3',
      '',
    );
    const head = fc
      .tuple(magic, fc.uint8Array({ maxLength: 40 }))
      .map(([start, rest]) => Buffer.concat([Buffer.from(start, 'hex'), rest]));
    const file = fc.record({ name, sizeBytes: size, sniffed: head.map(sniffFormat) });
    fc.assert(
      fc.property(fc.array(file, { maxLength: 40 }), (given) => expectPartition(groupByHeaders(given), given.length)),
      { numRuns: RUNS },
    );
  });

  it('paths of members - never lead out, and stay when cleaned again', () => {
    const path = fc.array(fc.oneof(fc.string(), fc.constantFrom('..', '/', '\\', '.', 'c:')), { maxLength: 8 });
    fc.assert(
      fc.property(path, (parts) => {
        const cleaned = cleanMemberPath(parts.join(''));
        expect(cleaned.split('/').every((piece) => !['', '.', '..'].includes(piece))).toBe(true);
        expect(cleanMemberPath(cleaned)).toBe(cleaned);
      }),
      { numRuns: RUNS },
    );
  });
});
