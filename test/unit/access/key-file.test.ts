// Keys as they are made.

import { describe, expect, it } from '@jest/globals';
import { newKey } from '../../../backend/access/key-file.js';

describe('new key', () => {
  it('dash at its beginning - is drawn again: commands would take it for an option', () => {
    const drawn = [Buffer.from('fb', 'hex'), Buffer.from('fbff', 'hex'), Buffer.from('03ff', 'hex')];
    const sizes: number[] = [];
    const random = (bytes: number): Buffer => {
      sizes.push(bytes);
      return drawn[sizes.length - 1] ?? Buffer.alloc(bytes);
    };
    expect(newKey(15, random)).toBe(Buffer.from('03ff', 'hex').toString('base64url'));
    expect(sizes).toEqual([15, 15, 15]);
  });

  it('key - has all its bytes, and is another each time', () => {
    expect(newKey(15)).toHaveLength(20);
    expect(newKey(15)).not.toBe(newKey(15));
  });
});
