// The account that mounts the library: a secret of its own, so that a player in the living room holds no key that changes
// settings, and a leaked one is renewed without changing any other.

import { createHash, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { InputError } from '../content/index.js';
import { keyIn, renewKeyIn } from './key-file.js';

export interface WebdavAccountOptions {
  readonly dataDir: string;
  readonly webdavUser: string;
  /** Given by the settings; it is then written nowhere. */
  readonly webdavPassword?: string;
}

/**
 * 20 characters, 120 bits: nobody guesses them, they can be typed with a remote control, and rclone, which takes 22 characters
 * and more for a password it has obscured itself, takes them as they are.
 */
const PASSWORD_BYTES = 15;

/** Name and password, and whether somebody has them. */
export class WebdavAccount {
  readonly user: string;
  /** Where the password can be read again; null when the settings gave it. */
  readonly passwordFile: string | null;
  /** True when it was made at this start: the one time to show it. */
  readonly isNew: boolean;
  #password: string;

  private constructor(o: { user: string; password: string; passwordFile: string | null; isNew: boolean }) {
    this.user = o.user;
    this.passwordFile = o.passwordFile;
    this.isNew = o.isNew;
    this.#password = o.password;
  }

  /** The password from `options`, else from the file `webdav-password` in `dataDir`, else a new one. @throws {ConfigError} */
  static async load({ dataDir, webdavUser: user, webdavPassword }: WebdavAccountOptions): Promise<WebdavAccount> {
    if (webdavPassword !== undefined) {
      return new WebdavAccount({ user, password: webdavPassword, passwordFile: null, isNew: false });
    }
    const passwordFile = join(dataDir, 'webdav-password');
    const { key: password, isNew } = await keyIn(passwordFile, PASSWORD_BYTES);
    return new WebdavAccount({ user, password, passwordFile, isNew });
  }

  get password(): string {
    return this.#password;
  }

  /** Compared in constant time. */
  isAccount(user: string, password: string): boolean {
    const isPassword = isEqual(password, this.#password);
    return isEqual(user, this.user) && isPassword;
  }

  /** A new password; the old one opens nothing from then on. @throws {InputError} where the settings give it */
  async renew(): Promise<string> {
    if (this.passwordFile === null) {
      throw new InputError('WEBDAV_PASSWORD sets the password: change it there.', { code: 'WEBDAV_PASSWORD_SET' });
    }
    this.#password = await renewKeyIn(this.passwordFile, PASSWORD_BYTES);
    return this.#password;
  }
}

function isEqual(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
