// What keys may cost: of one set, and of many that are opened at once.

import { describe, expect, it } from '@jest/globals';
import { KeyDerivationGate } from '../../../../backend/archive/key-derivation-gate.js';
import { KeyRing } from '../../../../backend/archive/rar/key-ring.js';
import { openRar } from '../../../../backend/archive/rar/open-rar.js';
import type { Rar5Encryption } from '../../../../backend/archive/rar/rar-block.js';
import { parseRar5Block } from '../../../../backend/archive/rar/rar5-block.js';
import { MemoryVolume } from '../../../support/archive-fixtures.js';
import { RAR5_SIGNATURE, rar5Block, rar5Volume, vint } from '../../../support/rar-crafter.js';

const signal = new AbortController().signal;
const unsupported = expect.objectContaining({ code: 'ARCHIVE_UNSUPPORTED' });
const passwords = Array.from({ length: 16 }, (_, at) => `password ${at}`);

/** Notes what each key costs instead of making it. */
class NotingGate extends KeyDerivationGate {
  readonly rounds: number[] = [];

  override async run<Value>({ rounds }: { readonly rounds: number }): Promise<Value> {
    this.rounds.push(rounds);
    return new Uint8Array(32) as Value;
  }
}

function encrypted(roundsLog2: number, salt = 0): Buffer {
  const record = Buffer.concat([
    vint(1),
    vint(0),
    vint(0),
    Buffer.of(roundsLog2),
    Buffer.alloc(16, salt),
    Buffer.alloc(16),
  ]);
  return Buffer.concat([vint(record.length), record]);
}

function setOf(roundsLog2: number, files: number): MemoryVolume {
  const data = new Uint8Array(1024);
  const all = Array.from({ length: files }, (_, at) => ({ name: `${at}.mkv`, data, extra: encrypted(roundsLog2, at) }));
  return new MemoryVolume(rar5Volume({ number: null, files: all }));
}

describe('the cost of RAR keys', () => {
  it('more rounds than any archiver writes - are refused at once', async () => {
    const gate = new NotingGate();
    for (const roundsLog2 of [19, 24, 255]) {
      const { members } = await openRar([setOf(roundsLog2, 1)], { signal, passwords, gate });
      expect(members[0]?.refusal).toEqual(unsupported);
      const header = rar5Block(
        Buffer.concat([vint(4), vint(0), vint(0), vint(0), Buffer.of(roundsLog2), Buffer.alloc(16)]),
      );
      expect(() => parseRar5Block(header)).toThrow(unsupported);
      const volume = new MemoryVolume(Buffer.concat([RAR5_SIGNATURE, header]));
      await expect(openRar([volume], { signal, passwords, gate })).rejects.toEqual(unsupported);
    }
    expect(gate.rounds).toEqual([]);
  });

  it('many salts and passwords - end in a refusal after a bounded number of rounds', async () => {
    const noting = new NotingGate();
    const gate = Object.assign(new KeyDerivationGate(), { run: noting.run.bind(noting) }) as KeyDerivationGate;
    const { members } = await openRar([setOf(18, 40)], { signal, passwords, gate });
    expect(noting.rounds).toHaveLength(2 ** 26 / 2 ** 18);
    expect(members).toHaveLength(40);
    expect(members.at(0)?.refusal).toMatchObject({ code: 'ARCHIVE_PASSWORD' });
    expect(members.at(-1)?.refusal).toEqual(unsupported);
  });

  it('RAR4 passwords that are long - cost more', async () => {
    const gate = new NotingGate();
    const ring = new KeyRing(gate);
    const [short, long] = ['a', 'a'.repeat(28)];
    for (const password of [short, long, short]) await ring.rar4Key(password, new Uint8Array(8), signal);
    expect(gate.rounds).toEqual([2 ** 16, 2 ** 18]);
  });

  it('a key wanted several times - is made once, and a wanter who leaves gets its own reason', async () => {
    const gate = new KeyDerivationGate();
    const ring = new KeyRing(gate);
    let release = (): void => undefined;
    const busy = gate.run({ rounds: 1, signal }, () => new Promise<void>((resolve) => (release = resolve)));
    const encryption: Rar5Encryption = {
      format: 'rar5',
      roundsLog2: 1,
      salt: new Uint8Array(16),
      iv: new Uint8Array(16),
      check: null,
    };
    const leaving = new AbortController();
    const one = ring.rar5Key('a', encryption, leaving.signal);
    const other = ring.rar5Key('a', encryption, signal);
    leaving.abort(new Error('gone'));
    await expect(one).rejects.toThrow('gone');
    release();
    await busy;
    expect(await ring.rar5Key('a', encryption, signal)).toBe(await other);
    await expect(ring.rar5Key('a', encryption, leaving.signal)).rejects.toThrow('gone');
  });
});
