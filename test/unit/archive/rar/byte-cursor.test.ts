// Numbers and bytes off a header.

import { describe, expect, it } from '@jest/globals';
import { ByteCursor, vintBytes } from '../../../../backend/archive/rar/byte-cursor.js';

describe('byte cursor', () => {
  it('numbers - are read in order, the low byte first', () => {
    const cursor = new ByteCursor(Uint8Array.of(1, 2, 3, 4, 5, 6, 0xff, 0x80, 0x01, 9));
    expect([cursor.u16(), cursor.u32(), cursor.u8(), cursor.vint()]).toEqual([0x0201, 0x06050403, 0xff, 128]);
    expect([cursor.position, cursor.remaining]).toEqual([9, 1]);
    expect(cursor.take(1)).toEqual(Uint8Array.of(9));
  });

  it.each([
    ['past the end', [1, 2], (cursor: ByteCursor) => cursor.u32()],
    ['a number that does not end', new Array<number>(12).fill(0x80), (cursor: ByteCursor) => cursor.vint()],
    ['a number too large', [...new Array<number>(8).fill(0xff), 1], (cursor: ByteCursor) => cursor.vint()],
  ])('%s - is damage', (_, bytes, read) => {
    expect(() => read(new ByteCursor(Uint8Array.from(bytes)))).toThrow(
      expect.objectContaining({ code: 'ARCHIVE_CORRUPT' }),
    );
  });

  it('the length of a number - is the shortest way to write it', () => {
    expect([0, 127, 128, 16_383, 16_384, 2 ** 40].map(vintBytes)).toEqual([1, 1, 2, 2, 3, 6]);
  });
});
