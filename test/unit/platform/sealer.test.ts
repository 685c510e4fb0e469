// Sealing.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CorruptDataError } from '../../../backend/content/index.js';
import { Sealer } from '../../../backend/platform/index.js';

const sealer = new Sealer('k'.repeat(32));

describe('sealer', () => {
  it('open - gives back what was sealed, also after a restart', () => {
    const again = new Sealer('k'.repeat(32));
    fc.assert(fc.property(fc.uint8Array(), (plain) => expect([...again.open(sealer.seal(plain))]).toEqual([...plain])));
    expect(Buffer.from(sealer.open(sealer.seal('prøve'))).toString()).toBe('prøve');
  });

  it('seal - is different each time and shows nothing', () => {
    const [one, other] = [sealer.seal('a secret'), sealer.seal('a secret')];
    expect(Buffer.compare(one, other)).not.toBe(0);
    expect(Buffer.from(one).includes('secret')).toBe(false);
  });

  it('another key - opens nothing', () => {
    const other = new Sealer('l'.repeat(32));
    expect(() => other.open(sealer.seal('a'))).toThrow(CorruptDataError);
  });

  it('a change of any bit - is noticed', () => {
    const sealed = sealer.seal('some bytes');
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const changed = Uint8Array.from(sealed);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => sealer.open(changed)).toThrow(CorruptDataError);
      }),
    );
  });

  it('noise - is no sealed value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (noise) =>
        expect(() => sealer.open(noise)).toThrow(CorruptDataError),
      ),
    );
  });
});
