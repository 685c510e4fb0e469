// Whatever bytes come in as RAR headers or volumes: blocks, an archive, or an error with a code, soon.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openRar } from '../../backend/archive/rar/open-rar.js';
import { parseRar4Block } from '../../backend/archive/rar/rar4-block.js';
import { decodeRar4Name } from '../../backend/archive/rar/rar4-name.js';
import { parseRar5Block } from '../../backend/archive/rar/rar5-block.js';
import { HeadstartError } from '../../backend/content/index.js';
import { MemoryVolume, fixtureVolumes, memberBytes } from '../support/archive-fixtures.js';
import { startProcessorTime } from '../support/processor-time.js';
import { RAR4_SIGNATURE, RAR5_SIGNATURE, rar4Block, rar5Block } from '../support/rar-crafter.js';

/** Generous: it catches loops and explosions, not slow machines. */
const BOUND_MS = 2_000;
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1_000);

const bytes = fc.uint8Array({ maxLength: 300 });
/** Headers whose checksums are right, so that what is inside is looked at. */
const rar5Blocks = fc
  .array(bytes.map(rar5Block), { maxLength: 6 })
  .map((blocks) => Buffer.concat([RAR5_SIGNATURE, ...blocks]));
const rar4Type = fc.integer({ min: 0x70, max: 0x7d });
const rar4Blocks = fc
  .array(fc.tuple(rar4Type, fc.integer({ min: 0, max: 0xffff }), bytes), { maxLength: 6 })
  .map((blocks) =>
    Buffer.concat([RAR4_SIGNATURE, ...blocks.map(([type, flags, rest]) => rar4Block(type, flags, rest))]),
  );
const NAMES = ['rar5-volumes', 'rar4-volumes', 'rar5-many-files', 'rar5-pack', 'rar4-old-names'];
const FIXTURES = NAMES.map((name) => fixtureVolumes(name).map(({ bytes }) => bytes));

function quietly(run: () => void): void {
  const workMs = startProcessorTime();
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(HeadstartError);
  }
  expect(workMs()).toBeLessThan(BOUND_MS);
}

async function openAndRead(volumes: readonly Uint8Array[]): Promise<void> {
  const workMs = startProcessorTime();
  const { signal } = new AbortController();
  try {
    const archive = await openRar(
      volumes.map((volume) => new MemoryVolume(volume)),
      { signal, passwords: [] },
    );
    for (const member of archive.members.slice(0, 4)) {
      expect(member.path).not.toMatch(/(^|\/)\.\.(\/|$)|^\//);
      const start = Math.floor(member.sizeBytes / 2);
      await memberBytes(member, { start, end: Math.min(member.sizeBytes, start + 50) }).catch(rethrowForeign);
    }
    await archive.confirm({ signal });
  } catch (error) {
    rethrowForeign(error);
  }
  expect(workMs()).toBeLessThan(BOUND_MS);
}

function rethrowForeign(error: unknown): Buffer {
  if (!(error instanceof HeadstartError)) throw error;
  return Buffer.alloc(0);
}

describe('rar headers', () => {
  it('any bytes - are blocks or damage', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.boolean(),
        rar4Type,
        fc.integer({ min: 0, max: 0xffff }),
        (input, isUnicode, type, flags) => {
          quietly(() => parseRar5Block(input));
          quietly(() => parseRar5Block(rar5Block(input)));
          quietly(() => parseRar4Block(input));
          quietly(() => parseRar4Block(rar4Block(type, flags, input)));
          expect(decodeRar4Name(input, isUnicode).length).toBeLessThanOrEqual(4096 + 130);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('any volumes of well-formed headers - open or are refused', async () => {
    const volumes = fc.array(fc.oneof(rar5Blocks, rar4Blocks), { minLength: 1, maxLength: 4 });
    await fc.assert(fc.asyncProperty(volumes, openAndRead), { numRuns: RUNS });
  });

  it('real volumes, changed, cut and in any order - open or are refused', async () => {
    const change = fc.record({
      volume: fc.nat(5),
      // Where headers are: at the beginning and at the end.
      offset: fc.integer({ min: -120, max: 140 }),
      value: fc.nat(255),
    });
    const run = async (
      set: number,
      changes: readonly { volume: number; offset: number; value: number }[],
      cut: number,
      turn: number,
    ): Promise<void> => {
      const volumes = (FIXTURES[set] ?? []).map((volume) => Uint8Array.from(volume));
      for (const { volume, offset, value } of changes) {
        const target = volumes[volume % volumes.length];
        if (target !== undefined) target[offset < 0 ? target.length + offset : offset] = value;
      }
      const cutAt = volumes[cut % volumes.length];
      if (cut > 0 && cutAt !== undefined) volumes[cut % volumes.length] = cutAt.subarray(0, cut);
      await openAndRead([...volumes.slice(turn), ...volumes.slice(0, turn)]);
    };
    await fc.assert(
      fc.asyncProperty(
        fc.nat(FIXTURES.length - 1),
        fc.array(change, { maxLength: 4 }),
        fc.oneof(fc.constant(0), fc.nat(90_000)),
        fc.nat(3),
        run,
      ),
      { numRuns: Math.ceil(RUNS / 5), examples: [[0, [], 35_637, 0]] },
    );
  });
});
