// RAR4's way from a password to key and vector: 2^18 rounds of SHA-1 over password, salt and a counter.

import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { RarSha1 } from './rar-sha1.js';

export interface Rar4Key {
  /** AES-128. */
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

const ROUNDS = 0x40000;
/** The vector takes one byte after each of 16 such runs; between them others get their turn. */
const RUN = ROUNDS / 16;
/** From here on the archiver's own SHA-1 spoils the password as it reads it. */
const SPOILT_BYTES = 64;

/** Such a password takes many times as long. */
export function isSpoilt(password: string, salt: Uint8Array): boolean {
  return seedOf(password, salt).length >= SPOILT_BYTES;
}

/** A few hundredths of a second of work, in 16 turns of the event loop. @throws the signal's reason */
export async function deriveRar4Key(password: string, salt: Uint8Array, signal: AbortSignal): Promise<Rar4Key> {
  const seed = seedOf(password, salt);
  const hash = isSpoilt(password, salt) ? new RarSha1() : createHash('sha1');
  const iv = new Uint8Array(16);
  for (let run = 0; run < 16; run += 1) {
    signal.throwIfAborted();
    const first = run * RUN;
    if (hash instanceof RarSha1) {
      spoilingRun(hash, seed, first, (sum) => (iv[run] = sum[19] ?? 0));
    } else {
      const rounds = filledRounds(seed, first);
      // The vector's byte is the state's after the first round of the run.
      const roundBytes = seed.length + 3;
      hash.update(rounds.subarray(0, roundBytes));
      iv[run] = hash.copy().digest()[19] ?? 0;
      hash.update(rounds.subarray(roundBytes));
    }
    await nextTurn();
  }
  const sum = Buffer.from(hash.digest().subarray(0, 16));
  return { key: sum.swap32(), iv };
}

function seedOf(password: string, salt: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(password, 'utf16le'), salt]);
}

function filledRounds(seed: Uint8Array, first: number): Uint8Array {
  const roundBytes = seed.length + 3;
  const rounds = new Uint8Array(roundBytes * RUN);
  for (let index = 0, at = 0; index < RUN; index += 1, at += roundBytes) {
    rounds.set(seed, at);
    setCounter(rounds, at + seed.length, first + index);
  }
  return rounds;
}

function spoilingRun(hash: RarSha1, seed: Uint8Array, first: number, onFirst: (sum: Uint8Array) => void): void {
  const counter = new Uint8Array(3);
  for (let round = first; round < first + RUN; round += 1) {
    hash.updateSpoiling(seed);
    setCounter(counter, 0, round);
    hash.updateSpoiling(counter);
    if (round === first) onFirst(hash.copy().digest());
  }
}

function setCounter(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value & 0xff;
  bytes[at + 1] = (value >> 8) & 0xff;
  bytes[at + 2] = value >> 16;
}
