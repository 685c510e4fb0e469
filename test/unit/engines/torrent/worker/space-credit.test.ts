import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SpaceCredit } from '../../../../../backend/engines/torrent/worker/space-credit.js';

const mebibyte = 1024 * 1024;

/** Credit, and what it asked of the other side. */
function creditOf() {
  const asked: number[] = [];
  const seen = { asked, freed: 0, granted: 0 };
  const credit = new SpaceCredit({
    needSpace: (bytes) => asked.push(bytes),
    freed: (bytes) => (seen.freed += bytes),
    granted: () => (seen.granted += 1),
  });
  return { credit, seen };
}

describe('space credit', () => {
  it('space credit - asks once, waits, and tells when room is there', () => {
    const { credit, seen } = creditOf();
    expect(credit.take(mebibyte)).toBe(false);
    expect(credit.take(mebibyte)).toBe(false);
    expect(seen.asked).toHaveLength(1);
    credit.grant(seen.asked[0]!);
    expect(seen.granted).toBe(1);
    expect(credit.take(mebibyte)).toBe(true);
  });

  it('space credit - asks for enough for one large piece, and for several small ones at a time', () => {
    const { credit, seen } = creditOf();
    credit.take(1024);
    expect(seen.asked.pop()).toBe(4 * mebibyte);
    credit.grant(4 * mebibyte);
    expect(credit.take(16 * mebibyte)).toBe(false);
    expect(seen.asked.pop()).toBe(12 * mebibyte);
    credit.grant(12 * mebibyte);
    expect(credit.take(16 * mebibyte)).toBe(true);
  });

  it('space credit - hands back what it does not need, and loses nothing on the way', () => {
    const steps = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 20 * mebibyte }), isReturned: fc.boolean() }));
    fc.assert(
      fc.property(steps, (list) => {
        const { credit, seen } = creditOf();
        let kept = 0;
        let reserved = 0;
        for (const { bytes, isReturned } of list) {
          while (!credit.take(bytes)) {
            const asked = seen.asked.pop()!;
            reserved += asked;
            credit.grant(asked);
          }
          if (isReturned) credit.giveBack(bytes);
          else kept += bytes;
        }
        const spare = reserved - kept - seen.freed;
        expect(spare).toBeGreaterThanOrEqual(0);
        expect(spare).toBeLessThanOrEqual(24 * mebibyte);
      }),
    );
  });
});
