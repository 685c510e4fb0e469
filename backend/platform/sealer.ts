// Seals what must not be read by whoever gets the database file: AES-256-GCM with a random nonce. Knows nothing of what it seals.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { CorruptDataError } from '../content/index.js';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** One key's sealing. A sealed value is version (1 byte), nonce (12), tag (16), ciphertext. */
export class Sealer {
  readonly #key: Buffer;

  /** `secretKey` is stretched by HKDF-SHA256 (RFC 5869), so that signing and sealing never share a key. */
  constructor(secretKey: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secretKey, '', 'headstart sealing', 32));
  }

  /** A new value each time, even of the same bytes. Text is sealed as UTF-8. */
  seal(plain: Uint8Array | string): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([Uint8Array.of(VERSION), nonce, cipher.getAuthTag(), body]);
  }

  /** What was sealed. @throws {CorruptDataError} when it was sealed with another key, or changed since. */
  open(sealed: Uint8Array): Uint8Array {
    if (sealed.length < HEAD_BYTES || sealed[0] !== VERSION) throw new CorruptDataError('This is no sealed value.');
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
    } catch (cause) {
      throw new CorruptDataError('A sealed value cannot be opened: it was sealed with another key, or changed.', {
        cause,
      });
    }
  }
}
