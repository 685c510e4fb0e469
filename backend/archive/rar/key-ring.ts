// Keys made of passwords, each made once per opening: making one takes tens of milliseconds on purpose.

import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

import { SingleFlight } from '../../platform/index.js';
import type { KeyDerivationGate } from '../key-derivation-gate.js';
import { unsupported } from '../refusals.js';
import type { Rar5Encryption } from './rar-block.js';
import type { Rar4Key } from './rar4-key.js';
import { deriveRar4Key, isSpoilt } from './rar4-key.js';

const derive = promisify(pbkdf2);

/** What the archiver takes of a password. */
const MAX_PASSWORD_CHARACTERS = 127;
/** The check value comes this many rounds after the key. */
const CHECK_ROUNDS = 32;
/** An archive with more salts than this is made to keep us busy. */
const MAX_KEYS = 1024;
/** Rounds one set may cost: a quarter of a minute. */
const MAX_ROUNDS = 2 ** 26;
/** What RAR4's own rounds come to: SHA-1 is quicker where the runtime can do it. */
const RAR4_ROUNDS = 2 ** 16;
const SPOILT_RAR4_ROUNDS = 2 ** 18;

/**
 * Holds at most `MAX_KEYS` keys and spends at most `MAX_ROUNDS`, then refuses with `ARCHIVE_UNSUPPORTED`. What fails or is
 * aborted is not kept.
 */
export class KeyRing {
  readonly #made = new Map<string, unknown>();
  readonly #making = new SingleFlight<unknown>();
  readonly #gate: KeyDerivationGate;

  constructor(gate: KeyDerivationGate) {
    this.#gate = gate.narrow(MAX_ROUNDS);
  }

  /** AES-256. @throws the signal's reason */
  rar5Key(password: string, encryption: Rar5Encryption, signal: AbortSignal): Promise<Uint8Array> {
    return this.#rar5(password, encryption, 0, signal);
  }

  /** Null when the archiver left nothing to check by. */
  async fitsRar5(password: string, encryption: Rar5Encryption, signal: AbortSignal): Promise<boolean | null> {
    if (encryption.check === null) return null;
    const value = await this.#rar5(password, encryption, CHECK_ROUNDS, signal);
    return encryption.check.every(
      (byte, at) => byte === [0, 8, 16, 24].reduce((sum, by) => sum ^ (value[at + by] ?? 0), 0),
    );
  }

  rar4Key(password: string, salt: Uint8Array, signal: AbortSignal): Promise<Rar4Key> {
    const name = `4 ${hex(salt)} ${password}`;
    const taken = cut(password);
    const rounds = isSpoilt(taken, salt) ? SPOILT_RAR4_ROUNDS : RAR4_ROUNDS;
    return this.#once(name, { rounds, signal }, (life) => deriveRar4Key(taken, salt, life));
  }

  #rar5(password: string, encryption: Rar5Encryption, more: number, signal: AbortSignal): Promise<Uint8Array> {
    const rounds = 2 ** encryption.roundsLog2 + more;
    const name = `5 ${rounds} ${hex(encryption.salt)} ${password}`;
    return this.#once(name, { rounds, signal }, () => derive(cut(password), encryption.salt, rounds, 32, 'sha256'));
  }

  async #once<Value>(
    name: string,
    { rounds, signal }: { readonly rounds: number; readonly signal: AbortSignal },
    make: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    signal.throwIfAborted();
    if (this.#made.has(name)) return this.#made.get(name) as Value;
    if (this.#made.size >= MAX_KEYS) throw unsupported('The archive has too many keys.');
    const work = async (life: AbortSignal): Promise<Value> => {
      const key = await this.#gate.run({ rounds, signal: life }, () => make(life));
      this.#made.set(name, key);
      return key;
    };
    return (await this.#making.run(name, work, signal)) as Value;
  }
}

function cut(password: string): string {
  return password.slice(0, MAX_PASSWORD_CHARACTERS);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
