import { describe, expect, it } from '@jest/globals';
import { KeyDerivationGate } from '../../../../backend/archive/key-derivation-gate.js';
import { KeyRing } from '../../../../backend/archive/seven-zip/key-ring.js';

const iv = new Uint8Array(16);
const settings = (power: number, salt = 0) => ({ power, salt: Uint8Array.of(salt), iv });

/** Notes what each key costs instead of making it. */
function notingGate() {
  const rounds: number[] = [];
  const gate = new KeyDerivationGate();
  gate.run = async <Value>(cost: { readonly rounds: number }) => {
    rounds.push(cost.rounds);
    return new Uint8Array(32) as Value;
  };
  return { gate, rounds };
}

describe('the cost of 7z keys', () => {
  it('many salts - end in a refusal after a bounded number of rounds', async () => {
    const { gate, rounds } = notingGate();
    const ring = new KeyRing(new AbortController().signal, gate);
    for (let salt = 0; salt < 16; salt += 1) await ring.keyOf('pw', settings(22, salt));
    await expect(ring.keyOf('pw', settings(22, 16))).rejects.toMatchObject({ code: 'ARCHIVE_UNSUPPORTED' });
    await ring.keyOf('pw', settings(22, 3));
    await ring.keyOf('pw', settings(0x3f));
    expect(rounds).toEqual([...Array.from({ length: 16 }, () => 2 ** 22), 0]);
  });

  it('an abort - ends the trying of passwords, whether a key is known or not', async () => {
    const leaving = new AbortController();
    const { gate } = notingGate();
    const ring = new KeyRing(leaving.signal, gate);
    await ring.keyOf('pw', settings(4));
    leaving.abort(new Error('gone'));
    for (const salt of [0, 1]) await expect(ring.keyOf('pw', settings(4, salt))).rejects.toThrow('gone');
  });
});
