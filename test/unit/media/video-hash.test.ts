import { describe, expect, it } from '@jest/globals';
import { CorruptDataError } from '../../../backend/content/index.js';
import { readVideoHash } from '../../../backend/media/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { MemoryMediaFile, untilAborted } from '../../support/memory-media-file.js';
import { pseudoRandomBytes } from '../../support/pseudo-random.js';
import { until } from '../../support/until.js';

const KIB_64 = 65_536;
const clock = new ManualClock();
const { signal } = new AbortController();
const hashOf = (bytes: Uint8Array): Promise<string | null> =>
  readVideoHash(new MemoryMediaFile(bytes, { chunkBytes: 7_000 }), { clock, signal });

/** The same sum, byte by byte with carries: another way than the code's. */
function addedUp(bytes: Uint8Array): string {
  const digits = new Array<number>(8).fill(0);
  const add = (values: readonly number[]): void => {
    let carry = 0;
    for (let place = 0; place < 8; place += 1) {
      const sum = (digits[place] ?? 0) + (values[place] ?? 0) + carry;
      [digits[place], carry] = [sum % 256, Math.floor(sum / 256)];
    }
  };
  add(Array.from({ length: 6 }, (_, place) => Math.floor(bytes.length / 256 ** place) % 256));
  const ends = [...bytes.subarray(0, KIB_64), ...bytes.subarray(-KIB_64)];
  for (let at = 0; at < ends.length; at += 8) add(ends.slice(at, at + 8));
  return digits
    .reverse()
    .map((digit) => digit.toString(16).padStart(2, '0'))
    .join('');
}

function filled(sizeBytes: number, words: readonly (readonly [number, bigint])[] = []): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  for (const [at, word] of words) new DataView(bytes.buffer).setBigUint64(at, word, true);
  return bytes;
}

describe('video hash', () => {
  it.each([
    ['zeros - are their size', filled(131_072), '0000000000020000'],
    ['the first word', filled(200_000, [[0, 0x0123_4567_89ab_cdefn]]), '0123456789aedb2f'],
    ['the last word', filled(200_000, [[199_992, 1n]]), '0000000000030d41'],
    ['what lies between the ends - does not count', filled(200_000, [[70_000, 5n]]), '0000000000030d40'],
    ['a sum beyond 64 bits - starts again', filled(131_072, [[8, 0xffff_ffff_ffff_ffffn]]), '000000000001ffff'],
    ['bytes - lowest first', filled(131_072, [[16, 0x0100n]]), '0000000000020100'],
  ])('%s', async (_what, bytes, hash) => {
    expect(await hashOf(bytes)).toBe(hash);
  });

  it.each([131_072, 131_073, 150_001, 400_000])('%d bytes of anything - are the sum of their ends', async (size) => {
    const bytes = pseudoRandomBytes(`hash ${size}`, size);
    expect(await hashOf(bytes)).toBe(addedUp(bytes));
  });

  it('a short file - has none, and is not read', async () => {
    const file = new MemoryMediaFile(new Uint8Array(131_071));
    expect(await readVideoHash(file, { clock, signal })).toBeNull();
    expect(file.readers).toEqual([]);
  });

  it('a large file - is read at its ends only', async () => {
    const file = new MemoryMediaFile(new Uint8Array(1_000_000));
    await readVideoHash(file, { clock, signal });
    expect(file.pulledBytes).toBe(2 * KIB_64);
  });

  it('a file that is shorter than it says - has none that could be told', async () => {
    const file = new MemoryMediaFile(new Uint8Array(100_000), { sizeBytes: 200_000 });
    await expect(readVideoHash(file, { clock, signal })).rejects.toThrow(CorruptDataError);
  });

  it('bytes that do not come - are waited for a minute, and not after the end', async () => {
    const time = new ManualClock();
    const stuck = (): MemoryMediaFile =>
      new MemoryMediaFile(new Uint8Array(200_000), { beforeChunk: (_at, ended) => untilAborted(ended) });
    const late = readVideoHash(stuck(), { clock: time, signal }).catch((error: unknown) => error);
    await until('it reads', () => time.pending === 1);
    await time.advance(60_000);
    expect(await late).toMatchObject({ code: 'TIMEOUT' });
    const life = new AbortController();
    const ended = readVideoHash(stuck(), { clock: time, signal: life.signal }).catch((error: unknown) => error);
    life.abort(new Error('over'));
    expect(await ended).toMatchObject({ message: 'over' });
    expect(time.pending).toBe(0);
  });
});
