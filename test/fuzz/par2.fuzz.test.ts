// Whatever bytes come in as a PAR2 file: descriptions, or an UnplayableError, soon.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePar2 } from '../../backend/archive/index.js';
import { UnplayableError } from '../../backend/content/index.js';
import { fixtureBytes } from '../support/archive-fixtures.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1_000);
const valid = fixtureBytes('par2-obfuscated', 'open.film.par2');

function check(bytes: Uint8Array): void {
  try {
    for (const { name, sizeBytes } of parsePar2(bytes).files) {
      expect(typeof name).toBe('string');
      expect(Number.isSafeInteger(sizeBytes)).toBe(true);
    }
  } catch (error) {
    if (!(error instanceof UnplayableError)) throw error;
  }
}

describe('PAR2 decoder', () => {
  it('PAR2 decoder - answers any bytes with descriptions or an UnplayableError', () => {
    const noise = fc.uint8Array({ maxLength: 400 });
    fc.assert(
      fc.property(noise, fc.boolean(), (bytes, isMarked) =>
        check(isMarked ? Buffer.concat([Buffer.from('PAR2\0PKT'), bytes]) : bytes),
      ),
      { numRuns: RUNS },
    );
  });

  it('PAR2 decoder - answers a damaged file, cut or not', () => {
    const edit = fc.record({ at: fc.nat({ max: valid.length - 1 }), byte: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 8 }), fc.nat({ max: valid.length }), (edits, length) => {
        const bytes = Uint8Array.from(valid);
        for (const { at, byte } of edits) bytes[at] = byte;
        check(bytes.subarray(0, length));
      }),
      { numRuns: RUNS },
    );
  });
});
