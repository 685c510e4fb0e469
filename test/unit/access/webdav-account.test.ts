// The account that mounts the library.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebdavAccount } from '../../../backend/access/index.js';

let dataDir = '';

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'headstart-account-'));
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('webdav account', () => {
  it('first start - makes a password for its owner alone; later ones find it', async () => {
    const first = await WebdavAccount.load({ dataDir, webdavUser: 'headstart' });
    expect([first.isNew, first.passwordFile, first.password.length]).toEqual([
      true,
      join(dataDir, 'webdav-password'),
      20,
    ]);
    expect((await stat(join(dataDir, 'webdav-password'))).mode & 0o777).toBe(0o600);
    const again = await WebdavAccount.load({ dataDir, webdavUser: 'headstart' });
    expect([again.isNew, again.password]).toEqual([false, first.password]);
    expect(again.isAccount('headstart', first.password)).toBe(true);
    for (const [user, password] of [
      ['other', first.password],
      ['headstart', 'other'],
      ['headstart', ''],
    ] as const)
      expect(again.isAccount(user, password)).toBe(false);
  });

  it('renewal - opens at once with the new password alone, restarts included', async () => {
    const account = await WebdavAccount.load({ dataDir, webdavUser: 'me' });
    const old = account.password;
    const renewed = await account.renew();
    expect([account.isAccount('me', old), account.isAccount('me', renewed)]).toEqual([false, true]);
    expect((await readFile(join(dataDir, 'webdav-password'), 'utf8')).trim()).toBe(renewed);
    expect((await WebdavAccount.load({ dataDir, webdavUser: 'me' })).password).toBe(renewed);
    expect(await readdir(dataDir)).toEqual(['webdav-password']);
  });

  it('given password - is used, not written, and not renewed', async () => {
    const account = await WebdavAccount.load({ dataDir, webdavUser: 'me', webdavPassword: 'given' });
    expect([account.isAccount('me', 'given'), account.passwordFile]).toEqual([true, null]);
    await expect(account.renew()).rejects.toMatchObject({ code: 'WEBDAV_PASSWORD_SET' });
    expect(await readdir(dataDir)).toEqual([]);
  });
});
