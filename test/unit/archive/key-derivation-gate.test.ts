// One key at a time, and no more of them than was allowed.

import { describe, expect, it } from '@jest/globals';
import { KeyDerivationGate } from '../../../backend/archive/key-derivation-gate.js';
import { until } from '../../support/until.js';

const signal = new AbortController().signal;
const unsupported = expect.objectContaining({ code: 'ARCHIVE_UNSUPPORTED' });

/** Notes who works; each ends when it is told to. */
function workshop() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      begun.push(name);
      ends.set(name, () => resolve(name));
    });
  return { begun, work, end: (name: string) => ends.get(name)?.() };
}

describe('KeyDerivationGate', () => {
  it('several openings - make one key at a time, each opening waiting once', async () => {
    const gate = new KeyDerivationGate();
    const [one, other] = [gate.narrow(100), gate.narrow(100)];
    const { begun, work, end } = workshop();
    const made = [
      one.run({ rounds: 1, signal }, work('a')),
      one.run({ rounds: 1, signal }, work('b')),
      one.run({ rounds: 1, signal }, work('c')),
      other.run({ rounds: 1, signal }, work('other')),
    ];
    for (const [at, name] of ['a', 'other', 'b', 'c'].entries()) {
      await until('the next one works', () => begun.length === at + 1);
      expect(begun[at]).toBe(name);
      end(name);
    }
    expect(await Promise.all(made)).toEqual(['a', 'b', 'c', 'other']);
  });

  it('rounds - are refused before they are done, by the opening or by what it is part of', async () => {
    const release = new KeyDerivationGate().narrow(15);
    const [one, other] = [release.narrow(10), release.narrow(10)];
    const done: number[] = [];
    const run = (gate: KeyDerivationGate, rounds: number) =>
      gate.run({ rounds, signal }, async () => void done.push(rounds));
    await expect(run(one, 11)).rejects.toEqual(unsupported);
    await run(one, 10);
    await expect(run(one, 1)).rejects.toEqual(unsupported);
    await expect(run(other, 6)).rejects.toEqual(unsupported);
    await run(other, 5);
    expect(done).toEqual([10, 5]);
  });

  it('a failure - costs no rounds and lets the next one in', async () => {
    const gate = new KeyDerivationGate().narrow(10);
    const failing = gate.run({ rounds: 10, signal }, () => Promise.reject(new Error('broken')));
    const next = gate.run({ rounds: 10, signal }, async () => 'made');
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('made');
  });

  it('an abort - ends the waiting at once, and its turn is passed over', async () => {
    const gate = new KeyDerivationGate();
    const { begun, work, end } = workshop();
    const first = gate.run({ rounds: 1, signal }, work('first'));
    const leaving = new AbortController();
    const left = gate.run({ rounds: 1, signal: leaving.signal }, work('left'));
    const last = gate.run({ rounds: 1, signal }, work('last'));
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    await expect(gate.run({ rounds: 1, signal: leaving.signal }, work('late'))).rejects.toThrow('gone');
    end('first');
    await until('the last one works', () => begun.includes('last'));
    end('last');
    expect([await first, await last, begun]).toEqual(['first', 'last', ['first', 'last']]);
  });
});
