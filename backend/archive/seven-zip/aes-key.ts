// The key of 7z's AES from a password: SHA-256 over salt, password and a counter, half a million times. In slices, so
// that nobody else has to wait.

import { createHash } from 'node:crypto';
import { unsupported } from '../refusals.js';

export interface AesSettings {
  /** 2 to the power of this many rounds. */
  readonly power: number;
  readonly salt: Uint8Array;
  /** 16 bytes. */
  readonly iv: Uint8Array;
}

const IV_BYTES = 16;
const KEY_BYTES = 32;
/** 7-Zip writes 19 and would read 24, which takes seconds. */
const MAX_POWER = 22;
/** This power means: salt and password are the key. */
const PLAIN_KEY_POWER = 0x3f;
const ROUNDS_PER_SLICE = 8192;

/** The properties of the coder `06f10701`. @throws {UnplayableError} */
export function parseAesSettings(properties: Uint8Array): AesSettings {
  const [first = 0, second = 0] = properties;
  const saltBytes = (first & 0xc0) === 0 ? 0 : ((first >> 7) & 1) + (second >> 4);
  const ivBytes = (first & 0xc0) === 0 ? 0 : ((first >> 6) & 1) + (second & 0x0f);
  const power = first & 0x3f;
  const isShort = (first & 0xc0) !== 0 && properties.length < 2 + saltBytes + ivBytes;
  if (properties.length === 0 || isShort || (power > MAX_POWER && power !== PLAIN_KEY_POWER)) {
    throw unsupported('The encryption of the 7z archive is not known.');
  }
  const iv = new Uint8Array(IV_BYTES);
  iv.set(properties.subarray(2 + saltBytes, 2 + saltBytes + ivBytes));
  return { power, salt: properties.slice(2, 2 + saltBytes), iv };
}

/** None where salt and password are the key. */
export function roundsOf({ power }: AesSettings): number {
  return power === PLAIN_KEY_POWER ? 0 : 2 ** power;
}

/** Takes about a tenth of a second of computing with the usual power. @throws the signal's reason */
export async function deriveAesKey(password: string, settings: AesSettings, signal: AbortSignal): Promise<Uint8Array> {
  const secret = Buffer.concat([settings.salt, Buffer.from(password, 'utf16le')]);
  if (settings.power === PLAIN_KEY_POWER) {
    return Buffer.concat([secret, Buffer.alloc(KEY_BYTES)]).subarray(0, KEY_BYTES);
  }
  const hash = createHash('sha256');
  const rounds = roundsOf(settings);
  const unit = secret.length + 8;
  const slice = Buffer.alloc(unit * Math.min(rounds, ROUNDS_PER_SLICE));
  for (let at = 0; at < slice.length; at += unit) slice.set(secret, at);
  for (let done = 0; done < rounds; done += ROUNDS_PER_SLICE) {
    signal.throwIfAborted();
    for (let at = secret.length, round = done; at < slice.length; at += unit, round += 1)
      slice.writeUInt32LE(round, at);
    hash.update(slice);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return hash.digest();
}
