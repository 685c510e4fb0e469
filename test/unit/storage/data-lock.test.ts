// One server per data folder, whatever way the other one ends.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../../backend/platform/index.js';
import { lockDataDir } from '../../../backend/storage/index.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('data lock', () => {
  it('second - is refused while the first is held, and told why; then it may', () => {
    const first = lockDataDir(folder);
    expect(() => lockDataDir(folder)).toThrow(ConfigError);
    expect(() => lockDataDir(folder)).toThrow(/DATA_DIR: .* is used by another Headstart that is running/);
    first.release();
    first.release();
    lockDataDir(folder).release();
  });

  it('folder - that cannot be written is named', () => {
    expect(() => lockDataDir(join(folder, 'missing'))).toThrow(/DATA_DIR: .*cannot be locked/);
  });

  it('killed process - holds nothing any more', async () => {
    const holder = `
      const sql = new (require('better-sqlite3'))(process.argv[1]);
      sql.pragma('locking_mode = EXCLUSIVE');
      sql.exec('BEGIN EXCLUSIVE');
      console.log('held');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['-e', holder, join(folder, 'lock.sqlite')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(() => lockDataDir(folder)).toThrow(/used by another/);
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
    lockDataDir(folder).release();
  });
});
