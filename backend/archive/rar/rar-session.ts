// What one opening shares between its volumes: the passwords, the one that fits the headers, the keys made of them.

import type { KeyDerivationGate } from '../key-derivation-gate.js';
import { KeyRing } from './key-ring.js';

/** More are not tried: each costs tens of milliseconds. */
const MAX_PASSWORDS = 32;

export class RarSession {
  readonly keys: KeyRing;
  readonly #passwords: string[];

  constructor(passwords: readonly string[], gate: KeyDerivationGate) {
    this.keys = new KeyRing(gate);
    this.#passwords = [...new Set(passwords)].filter((password) => password !== '').slice(0, MAX_PASSWORDS);
  }

  /** In the order to try them: what fitted last comes first. */
  get passwords(): readonly string[] {
    return [...this.#passwords];
  }

  /** Lets `password` be the first one tried from now on. */
  noteFitting(password: string): void {
    this.#passwords.splice(this.#passwords.indexOf(password), 1);
    this.#passwords.unshift(password);
  }
}
