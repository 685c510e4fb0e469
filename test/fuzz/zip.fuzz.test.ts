// Whatever bytes come in as a ZIP: members, or an UnplayableError, soon.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openArchive } from '../../backend/archive/index.js';
import { parseCentralDirectory } from '../../backend/archive/zip/central-directory.js';
import { UnplayableError } from '../../backend/content/index.js';
import { MemoryVolume, openOptions } from '../support/archive-fixtures.js';
import { ZIP64 } from '../support/small-archives.js';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1_000);
const directory = ZIP64.subarray(ZIP64.indexOf(Buffer.from([0x50, 0x4b, 1, 2])));

const edits = fc.array(fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) }), { minLength: 1, maxLength: 5 });

function edited(bytes: Uint8Array, changes: readonly { readonly at: number; readonly byte: number }[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const { at, byte } of changes) copy[at % copy.length] = byte;
  return copy;
}

async function check(bytes: Uint8Array): Promise<void> {
  try {
    const { members } = await openArchive([new MemoryVolume(bytes, { name: 'f.zip' })], openOptions());
    for (const member of members) {
      const { range } = await member.locate(0, openOptions());
      expect(range.end).toBeGreaterThan(range.start);
      expect(range.end).toBeLessThanOrEqual(bytes.length);
    }
  } catch (error) {
    if (!(error instanceof UnplayableError)) throw error;
  }
}

describe('ZIP decoders', () => {
  it('ZIP decoders - answer any directory with entries or an UnplayableError', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      edits.map((changes) => edited(directory, changes)),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        try {
          parseCentralDirectory(given);
        } catch (error) {
          if (!(error instanceof UnplayableError)) throw error;
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('ZIP decoders - answer a damaged archive, cut or not', async () => {
    const broken = fc
      .record({ changes: edits, length: fc.nat({ max: ZIP64.length }), isCut: fc.boolean() })
      .map(({ changes, length, isCut }) => edited(ZIP64, changes).subarray(0, isCut ? length : undefined));
    await fc.assert(fc.asyncProperty(broken, check), { numRuns: RUNS });
  });
});
