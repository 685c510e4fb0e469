import { describe, expect, it } from '@jest/globals';
import { HoleLedger } from '../../../../../backend/engines/usenet/files/hole-ledger.js';

const MB = 1_000_000;

describe('HoleLedger', () => {
  it('single holes - may be played and are counted once', () => {
    const ledger = new HoleLedger(1000 * MB, true);
    expect(ledger.allow({ file: 0, index: 10 }, MB)).toBe(true);
    expect(ledger.allow({ file: 0, index: 10 }, MB)).toBe(true);
    expect(ledger.damage).toEqual({ holes: 1, bytes: MB });
  });

  it('five in a row - are one too many, in whatever order they are met', () => {
    const ledger = new HoleLedger(1000 * MB, true);
    for (const index of [1, 2, 4, 5]) expect(ledger.allow({ file: 0, index }, MB)).toBe(true);
    expect(ledger.allow({ file: 0, index: 3 }, MB)).toBe(false);
    expect(ledger.allow({ file: 1, index: 3 }, MB)).toBe(true);
  });

  it('two in a hundred bytes - and no more', () => {
    const ledger = new HoleLedger(100 * MB, true);
    expect(ledger.allow({ file: 0, index: 1 }, MB)).toBe(true);
    expect(ledger.allow({ file: 0, index: 9 }, MB)).toBe(true);
    expect(ledger.allow({ file: 0, index: 20 }, MB)).toBe(false);
  });

  it('64 holes - and no more', () => {
    const ledger = new HoleLedger(1e12, true);
    const allowed = Array.from({ length: 70 }, (_, n) => ledger.allow({ file: 0, index: n * 2 }, MB));
    expect(allowed.filter(Boolean)).toHaveLength(64);
  });

  it('encrypted bytes and files that are no video - have no holes', () => {
    expect(new HoleLedger(1e12, false).allow({ file: 0, index: 1 }, 1)).toBe(false);
  });
});
