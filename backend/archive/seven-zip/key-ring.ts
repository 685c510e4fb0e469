// The keys of one 7z archive: each password with each salt is computed once, and not without end.

import type { KeyDerivationGate } from '../key-derivation-gate.js';
import type { AesSettings } from './aes-key.js';
import { deriveAesKey, roundsOf } from './aes-key.js';

/** Rounds one archive may cost: 128 passwords of the usual strength. */
const MAX_ROUNDS = 2 ** 26;

export class KeyRing {
  readonly #keys = new Map<string, Uint8Array>();
  readonly #gate: KeyDerivationGate;

  constructor(
    private readonly signal: AbortSignal,
    gate: KeyDerivationGate,
  ) {
    this.#gate = gate.narrow(MAX_ROUNDS);
  }

  /** @throws {UnplayableError} `ARCHIVE_UNSUPPORTED` when the archive wants more keys than can be computed; the signal's reason */
  async keyOf(password: string, settings: AesSettings): Promise<Uint8Array> {
    const { signal } = this;
    signal.throwIfAborted();
    const id = `${settings.power}:${Buffer.from(settings.salt).toString('hex')}:${password}`;
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const cost = { rounds: roundsOf(settings), signal };
    const key = await this.#gate.run(cost, () => deriveAesKey(password, settings, signal));
    this.#keys.set(id, key);
    return key;
  }
}
