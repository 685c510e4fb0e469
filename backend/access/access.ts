// Who may do what, as far as keys and signatures tell: the admin's API key, the key in the addon's address, signed
// addresses, sign-in sessions. Knows no HTTP; comparisons take the same time whether they fit or not.

import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { AccessError } from '../content/index.js';
import type { Clock } from '../platform/index.js';

/** Where sessions are kept, by the hash of their token. */
export interface SessionStore {
  insert(tokenHash: string, expiresAt: number, now: number): void;
  has(tokenHash: string, now: number): boolean;
  delete(tokenHash: string): void;
}

export interface AccessOptions {
  readonly auth: 'key' | 'none';
  readonly apiKey: string;
  readonly secretKey: string;
  readonly sessions: SessionStore;
  readonly clock: Clock;
}

/** How long a browser stays signed in. */
const SESSION_MS = 30 * 86400e3;
const TOKEN_BYTES = 32;
/** 128 bits: nobody guesses them, and they fit into an address that people copy. */
const ID_LENGTH = 22;

/** Answers whether a key, a signature or a session is good. Changing `secretKey` voids all signatures and ids at once. */
export class Access {
  /** True when nothing needs a key (`AUTH=none`). Callers ask this first; the other answers do not depend on it. */
  readonly isOpen: boolean;
  /** What stands in the addon's address: lets somebody see streams, not change anything. Follows from both keys. */
  readonly addonKey: string;
  readonly #apiKeyHash: Buffer;
  readonly #signingKey: Buffer;
  readonly #sourceIdKey: Buffer;
  readonly #pathKey: Buffer;
  readonly #sessions: SessionStore;
  readonly #clock: Clock;

  constructor(options: AccessOptions) {
    const derive = (purpose: string): Buffer =>
      Buffer.from(hkdfSync('sha256', options.secretKey, '', `headstart ${purpose}`, 32));
    this.isOpen = options.auth === 'none';
    this.#apiKeyHash = sha256(options.apiKey);
    this.#signingKey = derive('signing');
    this.#sourceIdKey = derive('source ids');
    this.#pathKey = derive('paths');
    // A new API key also changes the addon's address: that is how a leaked one is taken back.
    this.addonKey = hmac(derive('addon key'), options.apiKey).slice(0, ID_LENGTH);
    this.#sessions = options.sessions;
    this.#clock = options.clock;
  }

  isApiKey(key: string): boolean {
    return timingSafeEqual(sha256(key), this.#apiKeyHash);
  }

  /** True for the lower-case hex SHA-256 of the API key, which some clients send in its place. */
  isApiKeyHash(hash: string): boolean {
    return isEqual(hash, this.#apiKeyHash.toString('hex'));
  }

  isAddonKey(key: string): boolean {
    return isEqual(key, this.addonKey);
  }

  /** The signature of `scope` (`job:<id>`, `content:<id>`): HMAC-SHA256, base64url. Never expires. */
  sign(scope: string): string {
    return hmac(this.#signingKey, scope);
  }

  /** True when `signature` is what `sign` gives for exactly this scope. */
  isSigned(scope: string, signature: string): boolean {
    return isEqual(signature, this.sign(scope));
  }

  /** What opens exactly this virtual path, in the place of a key: 64 lower-case hex characters. Never expires. */
  signPath(path: string): string {
    return createHmac('sha256', this.#pathKey).update(path).digest('hex');
  }

  /** True when `signature` is what `signPath` gives for exactly this path. */
  isSignedPath(path: string, signature: string): boolean {
    return isEqual(signature, this.signPath(path));
  }

  /** An id of 22 characters that tells nothing of the source to whoever has no key; the same for the same text. */
  sourceId(canonical: string): string {
    return hmac(this.#sourceIdKey, canonical).slice(0, ID_LENGTH);
  }

  /** Opens a session of 30 days; the token is known to the caller alone. @throws {AccessError} `UNAUTHORIZED` */
  signIn(apiKey: string): { readonly token: string; readonly expiresAt: number } {
    if (!this.isApiKey(apiKey)) throw new AccessError('This is not the API key.', 'UNAUTHORIZED');
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const now = this.#clock.now();
    const expiresAt = now + SESSION_MS;
    this.#sessions.insert(this.#sessionHash(token), expiresAt, now);
    return { token, expiresAt };
  }

  isSession(token: string): boolean {
    return token !== '' && this.#sessions.has(this.#sessionHash(token), this.#clock.now());
  }

  /** Idempotent. */
  signOut(token: string): void {
    this.#sessions.delete(this.#sessionHash(token));
  }

  /** Bound to the API key: after it was changed, no session that was opened with the old one is good. */
  #sessionHash(token: string): string {
    return createHash('sha256').update(this.#apiKeyHash).update(token).digest('hex');
  }
}

function hmac(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function isEqual(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}
