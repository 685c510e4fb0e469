import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { deriveAesKey, parseAesSettings } from '../../../../backend/archive/seven-zip/aes-key.js';

const signal = new AbortController().signal;
const iv = new Uint8Array(16);

describe('7z keys', () => {
  it('7z keys - read salt, vector and rounds', () => {
    const settings = parseAesSettings(Uint8Array.of(0xc0 | 19, 0x11, 1, 2, 3, 4));
    expect(settings.power).toBe(19);
    expect([...settings.salt]).toEqual([1, 2]);
    expect([...settings.iv]).toEqual([3, 4, ...Array.from({ length: 14 }, () => 0)]);
  });

  it('7z keys - refuse settings that nobody writes', () => {
    for (const properties of [[], [30], [0xc0 | 19, 0xff, 1]]) {
      expect(() => parseAesSettings(Uint8Array.from(properties))).toThrow('not known');
    }
  });

  it.each([0, 4, 14])('7z keys - hash salt, password and counter in 2^%i rounds', async (power) => {
    const salt = Uint8Array.of(7, 8, 9);
    const hash = createHash('sha256');
    for (let round = 0; round < 2 ** power; round += 1) {
      const counter = Buffer.alloc(8);
      counter.writeUInt32LE(round);
      hash.update(salt).update(Buffer.from('pässword', 'utf16le')).update(counter);
    }
    expect(Buffer.from(await deriveAesKey('pässword', { power, salt, iv }, signal)).equals(hash.digest())).toBe(true);
  });

  it('7z keys - stop with the reason of their signal', async () => {
    const reason = new Error('enough');
    const settings = { power: 24, salt: new Uint8Array(), iv };
    await expect(deriveAesKey('pw', settings, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
