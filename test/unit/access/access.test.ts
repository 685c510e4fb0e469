// Keys, signatures, sessions.

import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { Access } from '../../../backend/access/index.js';
import type { AccessOptions } from '../../../backend/access/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { SessionRecords, openDatabase } from '../../../backend/storage/index.js';
import { ManualClock } from '../../support/manual-clock.js';

const DAY_MS = 86400e3;
const secretKey = 's'.repeat(32);
const apiKey = 'the-api-key-of-the-admin';
let clock = new ManualClock();
let options: AccessOptions;
let access: Access;

beforeEach(() => {
  clock = new ManualClock();
  const database = openDatabase(':memory:', { sealer: new Sealer(secretKey) });
  options = { auth: 'key', apiKey, secretKey, sessions: new SessionRecords(database), clock };
  access = new Access(options);
});

describe('keys', () => {
  it('api key hash - only the lower-case hex SHA-256 of the key', () => {
    const hash = createHash('sha256').update(apiKey).digest('hex');
    expect(access.isApiKeyHash(hash)).toBe(true);
    for (const other of ['', apiKey, hash.toUpperCase(), hash.slice(1), 'a'.repeat(64)])
      expect(access.isApiKeyHash(other)).toBe(false);
  });

  it('path signature - 64 hex characters that open exactly their path, also after a restart', () => {
    const path = '/complete/stremio/Film/film.mkv';
    const signature = access.signPath(path);
    expect(signature).toMatch(/^[0-9a-f]{64}$/);
    expect(new Access(options).isSignedPath(path, signature)).toBe(true);
    expect(access.isSignedPath(`${path}x`, signature)).toBe(false);
    expect(access.isSignedPath(path, access.sign(path))).toBe(false);
    expect(new Access({ ...options, secretKey: 'x'.repeat(32) }).isSignedPath(path, signature)).toBe(false);
  });

  it('api key - only exactly itself', () => {
    expect(access.isApiKey(apiKey)).toBe(true);
    for (const key of ['', apiKey.slice(1), `${apiKey} `, apiKey.toUpperCase(), access.addonKey])
      expect(access.isApiKey(key)).toBe(false);
  });

  it('addon key - fits a path, is the same after a restart, and opens nothing else', () => {
    expect(access.addonKey).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(new Access(options).addonKey).toBe(access.addonKey);
    expect([access.isAddonKey(access.addonKey), access.isAddonKey(''), access.isAddonKey(apiKey)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(access.isSession(access.addonKey)).toBe(false);
  });

  it('addon key - changes with either key', () => {
    const others = [
      new Access({ ...options, apiKey: 'another' }),
      new Access({ ...options, secretKey: 't'.repeat(32) }),
    ];
    expect(new Set([access, ...others].map(({ addonKey }) => addonKey)).size).toBe(3);
  });

  it('open - only without keys', () => {
    expect(access.isOpen).toBe(false);
    const open = new Access({ ...options, auth: 'none' });
    expect([open.isOpen, open.isApiKey('x')]).toEqual([true, false]);
  });
});

describe('signatures', () => {
  it('signature - fits its own scope and no other', () => {
    const signature = access.sign('content:abc');
    expect(signature).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Access(options).isSigned('content:abc', signature)).toBe(true);
    for (const scope of ['content:abd', 'job:abc', 'content:abc ', ''])
      expect(access.isSigned(scope, signature)).toBe(false);
    expect(new Access({ ...options, secretKey: 't'.repeat(32) }).isSigned('content:abc', signature)).toBe(false);
  });

  it('any other text - is no signature', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (scope, text) => !access.isSigned(scope, text)));
    const signature = access.sign('a');
    fc.assert(fc.property(fc.nat(42), (length) => !access.isSigned('a', signature.slice(0, length))));
  });

  it('source id - is the same for the same source, different for others, and no signature of it', () => {
    expect(access.sourceId('a')).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(new Access(options).sourceId('a')).toBe(access.sourceId('a'));
    expect(access.sourceId('b')).not.toBe(access.sourceId('a'));
    expect(access.sign('a').startsWith(access.sourceId('a'))).toBe(false);
  });
});

describe('sessions', () => {
  it('sign in - takes the api key and lasts thirty days', async () => {
    const { token, expiresAt } = access.signIn(apiKey);
    expect(expiresAt).toBe(clock.now() + 30 * DAY_MS);
    expect(new Access(options).isSession(token)).toBe(true);
    await clock.advance(30 * DAY_MS);
    expect(access.isSession(token)).toBe(false);
  });

  it('wrong key - is refused', () => {
    expect(() => access.signIn('wrong')).toThrow(expect.objectContaining({ code: 'UNAUTHORIZED' }));
  });

  it('sign out - ends that session alone', () => {
    const [one, other] = [access.signIn(apiKey).token, access.signIn(apiKey).token];
    access.signOut(one);
    expect([access.isSession(one), access.isSession(other), access.isSession('')]).toEqual([false, true, false]);
  });

  it('a new api key - ends all sessions', () => {
    const { token } = access.signIn(apiKey);
    expect(new Access({ ...options, apiKey: 'another' }).isSession(token)).toBe(false);
  });

  it('store - never sees the token', () => {
    const seen: string[] = [];
    const sessions = { insert: (hash: string) => void seen.push(hash), has: () => false, delete: () => undefined };
    const { token } = new Access({ ...options, sessions }).signIn(apiKey);
    expect(seen).toHaveLength(1);
    expect(seen[0]).not.toContain(token);
  });
});
