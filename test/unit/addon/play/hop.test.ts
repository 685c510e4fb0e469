import { describe, expect, it } from '@jest/globals';
import { holdOf, nextHop, readHop, withHop } from '../../../../addon/play/hop.js';

const DEADLINE = 50_000;
const limits = { holdMs: 8_000, deadlineMs: DEADLINE };

describe('hop', () => {
  it('holds - add up to the deadline and no more', () => {
    let now = 1_000_000;
    let hop = readHop({}, now, DEADLINE);
    const holds: number[] = [];
    for (;;) {
      const hold = holdOf(hop, now, limits);
      holds.push(hold);
      now += hold;
      const next = nextHop(hop, now, DEADLINE);
      if (next === null) break;
      const query = new URL(withHop('/p', next), 'http://x').searchParams;
      hop = readHop(Object.fromEntries(query), now, DEADLINE);
    }
    expect(holds).toEqual([8_000, 8_000, 8_000, 8_000, 8_000, 8_000, 2_000]);
  });

  it('redirects - end before players give up following, however short the hold', () => {
    let hop: ReturnType<typeof nextHop> = { count: 0, sinceMs: 0 };
    let count = 0;
    for (; hop !== null; count += 1) hop = nextHop(hop, 10, DEADLINE);
    expect(count).toBeLessThanOrEqual(20);
  });

  it.each([
    { hop: '3' },
    { hop: 'x', since: '5' },
    { hop: ['1', '2'], since: '5' },
    { hop: '1', since: '99999999999999' },
  ])('malformed - %j starts anew', (query) => {
    expect(readHop(query, 1_000, DEADLINE)).toEqual({ count: 0, sinceMs: 1_000 });
  });

  it('kept address - a seek long after the wait starts anew', () => {
    expect(readHop({ hop: '4', since: '0' }, 3_600_000, DEADLINE)).toEqual({ count: 0, sinceMs: 3_600_000 });
  });

  it('query - what else the address carries stays', () => {
    expect(withHop('/p?download=true&hop=1&since=2', { count: 2, sinceMs: 2 })).toBe('/p?download=true&hop=2&since=2');
  });
});
