// Packed ranges say the same as the ranges they were packed from.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isInRanges, packRanges, readIpv4 } from '../../../../backend/engines/torrent/address-ranges.js';

const formatIpv4 = (address: number): string => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');

describe('address ranges', () => {
  it('bounds - belong to the range, their neighbours do not', () => {
    const ranges = packRanges([
      { first: '10.0.0.5', last: '10.0.0.9' },
      { first: '2001:db8::1:0', last: '2001:db8::1:ffff' },
    ]);
    for (const address of ['10.0.0.5', '10.0.0.7', '10.0.0.9', '2001:db8::1:0', '2001:db8::1:ffff']) {
      expect([address, isInRanges(ranges, address)]).toEqual([address, true]);
    }
    for (const address of ['10.0.0.4', '10.0.0.10', '2001:db8::ffff', '2001:db8::2:0', '::', 'ff::']) {
      expect([address, isInRanges(ranges, address)]).toEqual([address, false]);
    }
  });

  it('overlapping and touching ranges - become one, whatever their order', () => {
    const { v4, v6 } = packRanges([
      { first: '1.0.0.6', last: '1.0.0.9' },
      { first: '1.0.0.0', last: '1.0.0.5' },
      { first: '1.0.0.2', last: '1.0.0.3' },
      { first: '0.0.0.0', last: '0.0.0.0' },
      { first: 'fd00::6', last: 'fd00::9' },
      { first: 'fd00::', last: 'fd00::5' },
      { first: 'fd00::2', last: 'fd00::3' },
    ]);
    expect([...v4].map(formatIpv4)).toEqual(['0.0.0.0', '0.0.0.0', '1.0.0.0', '1.0.0.9']);
    expect([...v6]).toEqual([0xfd00_0000_0000_0000n, 0n, 0xfd00_0000_0000_0000n, 9n]);
  });

  it('the whole space - blocks everybody of that family', () => {
    const ranges = packRanges([{ first: '0.0.0.0', last: '255.255.255.255' }]);
    expect(['0.0.0.0', '255.255.255.255', '::ffff:1.2.3.4'].map((address) => isInRanges(ranges, address))).toEqual([
      true,
      true,
      true,
    ]);
    expect(isInRanges(ranges, '2001:db8::1')).toBe(false);
    const all = packRanges([{ first: '::', last: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' }]);
    expect(isInRanges(all, '2001:db8::1')).toBe(true);
  });

  it('IPv4 written as IPv6 - is the same address, in ranges and in questions', () => {
    const ranges = packRanges([{ first: '::ffff:10.1.0.0', last: '::ffff:10.1.0.255' }]);
    expect(ranges.v6).toHaveLength(0);
    expect(['10.1.0.7', '::ffff:10.1.0.7', '::ffff:a01:7'].map((address) => isInRanges(ranges, address))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('what is no range - is left out', () => {
    const { v4, v6 } = packRanges([
      { first: '10.0.0.2', last: '10.0.0.1' },
      { first: '10.0.0.1', last: 'fd00::' },
      { first: 'fd00::2', last: 'fd00::1' },
      { first: 'fd00::%eth0', last: 'fd00::%eth0' },
      { first: '1.2.3', last: '1.2.3.256' },
    ]);
    expect([v4.length, v6.length]).toEqual([0, 0]);
    expect(isInRanges({ v4, v6 }, 'no address')).toBe(false);
  });

  it('memory - is shared, so that another thread gets no copy', () => {
    const { v4, v6 } = packRanges([
      { first: '10.0.0.1', last: '10.0.0.1' },
      { first: 'fd00::', last: 'fd00::' },
    ]);
    expect([v4.buffer, v6.buffer].every((buffer) => buffer instanceof SharedArrayBuffer)).toBe(true);
  });

  it.each([
    ['1.2.3.4', 0x01020304],
    ['001.002.003.000', 0x01020300],
    ['255.255.255.255', 0xffffffff],
    ['0.0.0.0', 0],
    ['1.2.3', null],
    ['1.2.3.4.5', null],
    ['1.2.3.', null],
    ['.1.2.3', null],
    ['1..2.3', null],
    ['1.2.3.256', null],
    ['256.2.3.4', null],
    ['0001.2.3.4', null],
    ['1.2.3.4 ', null],
    ['0x1.2.3.4', null],
    ['', null],
  ])('%j - is read as %j', (text, address) => {
    expect(readIpv4(text)).toBe(address);
  });

  it('any ranges - contain exactly what one of them contains', () => {
    const near = fc.nat({ max: 300 }); // small numbers, so that ranges meet
    const address = fc.tuple(fc.constantFrom(0, 0x7fffff80, 0xfffffe00), near).map(([base, offset]) => base + offset);
    fc.assert(
      fc.property(fc.array(fc.tuple(address, near), { maxLength: 12 }), fc.array(address), (starts, asked) => {
        const ranges = starts.map(([first, size]) => [first, Math.min(first + size, 0xffffffff)] as const);
        for (const format of [
          formatIpv4,
          (value: number) =>
            `fd00::${value
              .toString(16)
              .padStart(8, '0')
              .replace(/(?=.{4}$)/, ':')}`,
        ]) {
          const packed = packRanges(ranges.map(([first, last]) => ({ first: format(first), last: format(last) })));
          for (const one of asked) {
            const isExpected = ranges.some(([first, last]) => first <= one && one <= last);
            expect(isInRanges(packed, format(one))).toBe(isExpected);
          }
        }
      }),
    );
  });
});
