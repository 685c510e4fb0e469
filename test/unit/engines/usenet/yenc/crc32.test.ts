import { describe, expect, it } from '@jest/globals';
import { crc32 } from '../../../../../backend/engines/usenet/yenc/crc32.js';

describe('CRC-32', () => {
  it('CRC-32 - has the value that every catalogue of checksums names', () => {
    expect(crc32(Buffer.from('123456789'), 0)).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(), 0)).toBe(0);
  });

  it('CRC-32 - goes on from any place', () => {
    const bytes = Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 7) & 0xff));
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut), 0))).toBe(crc32(bytes, 0));
    }
  });
});
