// RAR4 keys: values that an independent unpacker opened archives with.

import { describe, expect, it } from '@jest/globals';
import { deriveRar4Key } from '../../../../backend/archive/rar/rar4-key.js';

const ALPHABET = 'Aa0bcdefghijklmnop-qrstuvwxyz_'.repeat(5);
const SALT = Buffer.from('0123456789abcdef', 'hex');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('rar4 key', () => {
  it.each([
    [5, 'c2be86dbde0156ebffe4e0fa9fbb9333', '293b82e059cedb69acfa206d4f2e79f8'],
    [27, 'ba349a6e132bc2a6baca6389438befb6', 'ac95dc632a10b378392a8d57fb061259'],
    [28, '73955fe750a0c099889469f04c9bf4c5', 'f331770d3223a74505fd069c83552552'],
    [29, 'c2e4d419b8862152dbc6b96480ad41ec', '1ac7cc266d05b0927ef046de40bd5d61'],
    [127, 'c60789be0a37dda9808d07bf0a63fce4', '3a31cecc0dd0824c70df44b18f8ab32a'],
  ])('a password of %i characters - gives the key the archiver makes', async (length, key, iv) => {
    const made = await deriveRar4Key(ALPHABET.slice(0, length), SALT, new AbortController().signal);
    expect([hex(made.key), hex(made.iv)]).toEqual([key, iv]);
  });

  it('an abort - ends it with the reason of the signal', async () => {
    const leaving = new AbortController();
    const making = deriveRar4Key('secret', SALT, leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(making).rejects.toThrow('gone');
  });
});
