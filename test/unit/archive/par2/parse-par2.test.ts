import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { parsePar2 } from '../../../../backend/archive/par2/parse-par2.js';
import { archiveFixture, fixtureBytes } from '../../../support/archive-fixtures.js';

const SET = 'par2-obfuscated';
const names = JSON.parse(Buffer.from(fixtureBytes(SET, 'names.json')).toString()) as Record<string, string>;

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

describe('PAR2', () => {
  it.each(archiveFixture(SET).volumes.filter((name) => name.endsWith('.par2')))(
    'PAR2 - %s describes the files as they are',
    (index) => {
      const described = parsePar2(fixtureBytes(SET, index)).files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const expected = Object.entries(names).map(([file, name]) => {
        const bytes = fixtureBytes(SET, file);
        return {
          name,
          sizeBytes: bytes.length,
          md5First16k: md5(bytes.subarray(0, 16_384)),
          md5: md5(bytes),
        };
      });
      expect(described).toEqual(expected.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
    },
  );

  it('PAR2 - cut off gives what came before', () => {
    const bytes = fixtureBytes(SET, 'open.film.par2');
    expect(parsePar2(bytes.subarray(0, bytes.length - 300)).files.length).toBeGreaterThan(0);
  });

  it('PAR2 - a description whose hash is wrong is left out', () => {
    const bytes = Buffer.from(fixtureBytes(SET, 'open.film.par2'));
    const before = parsePar2(bytes).files.length;
    const at = bytes.indexOf('FileDesc');
    bytes[at + 30] = (bytes[at + 30] ?? 0) ^ 1;
    expect(parsePar2(bytes).files.length).toBe(before - 1);
  });

  it('PAR2 - without a description is refused', () => {
    expect(() => parsePar2(new Uint8Array(100))).toThrow('describes no files');
  });
});
