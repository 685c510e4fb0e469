// The keys of one 7z archive: each password with each salt is computed once, and not without end.

import { unsupported } from '../refusals.js';
import type { AesSettings } from './aes-key.js';
import { deriveAesKey } from './aes-key.js';

/** Rounds one archive may cost: 128 passwords of the usual strength. */
const MAX_ROUNDS = 2 ** 26;

export class KeyRing {
  readonly #keys = new Map<string, Uint8Array>();
  #rounds = 0;

  constructor(private readonly signal: AbortSignal) {}

  /** @throws {UnplayableError} `ARCHIVE_UNSUPPORTED` when the archive wants more keys than can be computed */
  async keyOf(password: string, settings: AesSettings): Promise<Uint8Array> {
    const id = `${settings.power}:${Buffer.from(settings.salt).toString('hex')}:${password}`;
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    if (settings.power <= 24) this.#rounds += 2 ** settings.power;
    if (this.#rounds > MAX_ROUNDS) throw unsupported('The 7z archive asks for too many keys.');
    const key = await deriveAesKey(password, settings, this.signal);
    this.#keys.set(id, key);
    return key;
  }
}
