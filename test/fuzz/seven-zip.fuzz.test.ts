// Whatever bytes come in as a 7z: members, or an UnplayableError, soon.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openArchive } from '../../backend/archive/index.js';
import { parseAesSettings } from '../../backend/archive/seven-zip/aes-key.js';
import { decodeLzma, decodeLzma2 } from '../../backend/archive/seven-zip/lzma-decoder.js';
import { parseSevenZipHeader } from '../../backend/archive/seven-zip/parse-header.js';
import { UnplayableError } from '../../backend/content/index.js';
import { fixtureBytes, MemoryVolume, openOptions } from '../support/archive-fixtures.js';
import { startProcessorTime } from '../support/processor-time.js';
import { SEVEN_ZIP_ENCRYPTED, sevenZipAround, smallFile, solidSevenZip } from '../support/small-archives.js';

const BOUND_MS = 2_000;
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1_000);
const plain = solidSevenZip({ 'one.mkv': smallFile('one.mkv', 301), 'two.mkv': smallFile('two.mkv', 202) });
const plainHeader = plain.subarray(32 + 503);
const lzma2 = fixtureBytes('7z-lzma2', 'open.film.7z');

function check(run: () => unknown): void {
  const workMs = startProcessorTime();
  try {
    run();
  } catch (error) {
    if (!(error instanceof UnplayableError)) throw error;
  }
  expect(workMs()).toBeLessThan(BOUND_MS);
}

async function checkArchive(bytes: Uint8Array): Promise<void> {
  try {
    const { members } = await openArchive([new MemoryVolume(bytes, { name: 'f.7z' })], openOptions('pw'));
    for (const member of members) {
      expect(member.path).not.toMatch(/^\/|(^|\/)\.\.(\/|$)/);
      await member.locate(0, openOptions());
    }
  } catch (error) {
    if (!(error instanceof UnplayableError)) throw error;
  }
}

const edits = fc.array(fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) }), { minLength: 1, maxLength: 5 });

function edited(bytes: Uint8Array, changes: readonly { readonly at: number; readonly byte: number }[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const { at, byte } of changes) copy[at % copy.length] = byte;
  return copy;
}

describe('7z decoders', () => {
  it('7z decoders - answer any header with entries or an UnplayableError', () => {
    const header = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      edits.map((changes) => edited(plainHeader, changes)),
    );
    fc.assert(
      fc.property(header, (bytes) => check(() => parseSevenZipHeader(bytes))),
      { numRuns: RUNS },
    );
  });

  it('7z decoders - answer a damaged header with a right checksum', async () => {
    await fc.assert(
      fc.asyncProperty(edits, (changes) =>
        checkArchive(sevenZipAround(plain.subarray(32, 32 + 503), edited(plainHeader, changes))),
      ),
      { numRuns: RUNS },
    );
  });

  it('7z decoders - answer a damaged archive, cut or not', async () => {
    const broken = fc
      .record({ changes: edits, length: fc.nat({ max: 900 }), isCut: fc.boolean() })
      .map(({ changes, length, isCut }) =>
        edited(SEVEN_ZIP_ENCRYPTED, changes).subarray(0, isCut ? length : undefined),
      );
    await fc.assert(fc.asyncProperty(broken, checkArchive), { numRuns: 150 });
  });

  it('7z decoders - answer any LZMA with as many bytes as wanted or an UnplayableError', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      edits.map((changes) => edited(lzma2.subarray(32, 4_000), changes)),
    );
    fc.assert(
      fc.property(bytes, fc.nat({ max: 300 }), fc.nat({ max: 100_000 }), (packed, properties, size) =>
        check(() => {
          expect(decodeLzma(packed, Uint8Array.of(properties), size).length).toBe(size);
        }),
      ),
      { numRuns: RUNS },
    );
    fc.assert(
      fc.property(bytes, fc.nat({ max: 100_000 }), (packed, size) => check(() => decodeLzma2(packed, size))),
      { numRuns: RUNS },
    );
  });

  it('7z decoders - answer any settings of AES', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => check(() => parseAesSettings(bytes))));
  });
});
