import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bitOf, PieceBits } from '../../../../backend/engines/torrent/piece-bits.js';

describe('piece bits', () => {
  it('piece bits - hold what was set and not cleared, at any length', () => {
    const steps = fc.array(fc.record({ index: fc.nat(), isSet: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), steps, (length, list) => {
        const bits = PieceBits.create(length);
        const expected = new Set<number>();
        for (const { index, isSet } of list) {
          const at = index % length;
          if (isSet) bits.set(at);
          else bits.clear(at);
          if (isSet) expected.add(at);
          else expected.delete(at);
        }
        const bitfield = bits.toBitfield();
        for (let index = 0; index < length; index++) {
          expect(bits.has(index)).toBe(expected.has(index));
          expect(bitOf(bitfield, index)).toBe(expected.has(index));
        }
      }),
    );
  });

  it('piece bits - are seen by whoever shares the memory', () => {
    const here = PieceBits.create(70);
    const there = new PieceBits(here.memory, 70);
    there.set(69);
    expect(here.has(69)).toBe(true);
    here.clear(69);
    expect(there.has(69)).toBe(false);
  });

  it('bitfield - has its first piece in the highest bit (BEP 3), and zeros past its end', () => {
    const bits = PieceBits.create(10);
    bits.set(0);
    bits.set(9);
    expect([...bits.toBitfield()]).toEqual([0x80, 0x40]);
    expect(bitOf(new Uint8Array([0x80]), 100)).toBe(false);
  });
});
